//! Ingresses route to services, with certificates, by a class.

use prost::Message;
use serde::Deserialize;

use crate::{
    graph::edges::{Case, EdgeRule, Emit, Family, Reader, Source, Target},
    model::{Kind, ObjectMeta, api::TypedLocalObjectReference, kinds},
};

const DEFAULT_SERVICE: &str = "spec.defaultBackend.service.name";
const DEFAULT_RESOURCE: &str = "spec.defaultBackend.resource";
const PATH_SERVICE: &str = "spec.rules[].http.paths[].backend.service.name";
const PATH_RESOURCE: &str = "spec.rules[].http.paths[].backend.resource";
const TLS: &str = "spec.tls[].secretName";
const CLASS: &str = "spec.ingressClassName";
const CLASS_ANNOTATION: &str = "metadata.annotations['kubernetes.io/ingress.class']";

const fn rule(edge: &'static str, target: Target, via: &'static str) -> EdgeRule {
    EdgeRule { source: kinds::INGRESS, edge, target, via }
}

pub(super) static FAMILY: Family = Family {
    title: "Ingresses",
    readers: &[Reader::of::<Ingress>()],
    // An ingress that names no class gets the default one, which only the class's own annotation tells: no edge.
    edges: &[
        rule("routes_to", Target::Kind(kinds::SERVICE), DEFAULT_SERVICE),
        rule("routes_to", Target::Any, DEFAULT_RESOURCE),
        rule("routes_to", Target::Kind(kinds::SERVICE), PATH_SERVICE),
        rule("routes_to", Target::Any, PATH_RESOURCE),
        rule("terminates_tls_with", Target::Kind(kinds::SECRET), TLS),
        rule("uses_class", Target::Kind(kinds::INGRESS_CLASS), CLASS),
        rule("uses_class", Target::Kind(kinds::INGRESS_CLASS), CLASS_ANNOTATION),
    ],
    cases: &[
        Case {
            name: "an ingress routes to the services of its default backend and of its paths, in its own namespace",
            objects: r"
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  defaultBackend: {service: {name: fallback, port: {number: 80}}}
  rules:
  - host: shop.example.com
    http:
      paths:
      - {path: /, pathType: Prefix, backend: {service: {name: front, port: {number: 80}}}}
      - {path: /api, pathType: Prefix, backend: {service: {name: api, port: {name: http}}}}
  - http: {paths: [{path: /front, pathType: Exact, backend: {service: {name: front, port: {number: 80}}}}]}
  - host: nothing.example.com
---
apiVersion: v1
kind: Service
metadata: {name: fallback, namespace: shop}
spec: {ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: front, namespace: shop}
spec: {ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: elsewhere}
spec: {ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {ports: [{port: 80}]}
",
            edges: &[
                "Ingress.networking.k8s.io/shop/web routes_to Service/shop/fallback",
                "Ingress.networking.k8s.io/shop/web routes_to Service/shop/front",
                "Ingress.networking.k8s.io/shop/web routes_to Service/shop/api!",
            ],
        },
        Case {
            name: "a resource backend says its group and kind; a service of that name is not meant",
            objects: r"
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: files, namespace: shop}
spec:
  defaultBackend: {resource: {kind: ConfigMap, name: not-found-page}}
  rules:
  - http:
      paths:
      - path: /static
        pathType: Prefix
        backend: {resource: {apiGroup: storage.example.com, kind: Bucket, name: static}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: not-found-page, namespace: shop}
---
apiVersion: v1
kind: Service
metadata: {name: static, namespace: shop}
spec: {ports: [{port: 80}]}
",
            edges: &[
                "Ingress.networking.k8s.io/shop/files routes_to ConfigMap/shop/not-found-page",
                "Ingress.networking.k8s.io/shop/files routes_to Bucket.storage.example.com/shop/static!",
            ],
        },
        Case {
            name: "certificates are secrets of the ingress's namespace; a host without one uses the controller's",
            objects: r"
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: secure, namespace: shop}
spec:
  defaultBackend: {service: {name: web, port: {number: 80}}}
  tls:
  - {hosts: [shop.example.com], secretName: shop-tls}
  - {hosts: [api.example.com], secretName: api-tls}
  - {hosts: [default.example.com]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {ports: [{port: 80}]}
---
apiVersion: v1
kind: Secret
metadata: {name: shop-tls, namespace: shop}
---
apiVersion: v1
kind: Secret
metadata: {name: api-tls, namespace: elsewhere}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: api-tls, namespace: shop}
",
            edges: &[
                "Ingress.networking.k8s.io/shop/secure routes_to Service/shop/web",
                "Ingress.networking.k8s.io/shop/secure terminates_tls_with Secret/shop/shop-tls",
                "Ingress.networking.k8s.io/shop/secure terminates_tls_with Secret/shop/api-tls!",
            ],
        },
        Case {
            name: "the class is the field's or the old annotation's, whose word need not be a class; else none is named",
            objects: r"
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: public-ingress}
spec: {controller: example.com/ingress}
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata:
  name: default-ingress
  annotations: {ingressclass.kubernetes.io/is-default-class: 'false'}
spec: {controller: example.com/ingress}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: by-field, namespace: shop}
spec: {ingressClassName: public-ingress, rules: [{host: a.example.com}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: by-annotation, namespace: shop, annotations: {kubernetes.io/ingress.class: public-ingress}}
spec: {rules: [{host: b.example.com}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: by-word, namespace: shop, annotations: {kubernetes.io/ingress.class: haproxy}}
spec: {rules: [{host: c.example.com}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: by-mistake, namespace: shop}
spec: {ingressClassName: pubic, rules: [{host: d.example.com}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: by-default, namespace: shop}
spec: {rules: [{host: e.example.com}]}
",
            edges: &[
                "Ingress.networking.k8s.io/shop/by-field uses_class IngressClass.networking.k8s.io/public-ingress",
                "Ingress.networking.k8s.io/shop/by-annotation uses_class? \
                 IngressClass.networking.k8s.io/public-ingress",
                "Ingress.networking.k8s.io/shop/by-word uses_class? IngressClass.networking.k8s.io/haproxy!",
                "Ingress.networking.k8s.io/shop/by-mistake uses_class IngressClass.networking.k8s.io/pubic!",
            ],
        },
    ],
};

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Ingress {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    spec: Option<IngressSpec>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct IngressSpec {
    #[prost(message, optional, tag = "1")]
    default_backend: Option<IngressBackend>,
    #[prost(message, repeated, tag = "2")]
    tls: Vec<IngressTls>,
    #[prost(message, repeated, tag = "3")]
    rules: Vec<IngressRule>,
    #[prost(string, tag = "4")]
    ingress_class_name: String,
}

#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct IngressBackend {
    #[prost(message, optional, tag = "3")]
    resource: Option<TypedLocalObjectReference>,
    #[prost(message, optional, tag = "4")]
    service: Option<IngressServiceBackend>,
}

#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct IngressServiceBackend {
    #[prost(string, tag = "1")]
    name: String,
}

#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct IngressTls {
    #[prost(string, tag = "2")]
    secret_name: String,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct IngressRule {
    // A message of its own in protobuf, inlined in JSON.
    #[prost(message, required, tag = "2")]
    #[serde(flatten, deserialize_with = "crate::model::decode::flattened")]
    value: IngressRuleValue,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct IngressRuleValue {
    #[prost(message, optional, tag = "1")]
    http: Option<HttpIngressRuleValue>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct HttpIngressRuleValue {
    #[prost(message, repeated, tag = "1")]
    paths: Vec<HttpIngressPath>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct HttpIngressPath {
    #[prost(message, optional, tag = "2")]
    backend: Option<IngressBackend>,
}

impl Source for Ingress {
    const KIND: Kind = kinds::INGRESS;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    fn edges(&self, emit: &mut Emit<'_>) {
        // The annotation's word is for the controller to know: a class of that name need not exist.
        if let Some(class) = emit.metadata().annotations.get("kubernetes.io/ingress.class") {
            let _ =
                emit.refer("uses_class", kinds::INGRESS_CLASS, class, CLASS_ANNOTATION).optional(Some(true));
        }
        let Some(spec) = &self.spec else { return };
        let _ = emit.refer("uses_class", kinds::INGRESS_CLASS, &spec.ingress_class_name, CLASS);
        for tls in &spec.tls {
            let _ = emit.refer("terminates_tls_with", kinds::SECRET, &tls.secret_name, TLS);
        }
        if let Some(backend) = &spec.default_backend {
            routes_to(emit, backend, DEFAULT_SERVICE, DEFAULT_RESOURCE);
        }
        let values = spec.rules.iter().filter_map(|rule| rule.value.http.as_ref());
        for backend in values.flat_map(|http| &http.paths).filter_map(|path| path.backend.as_ref()) {
            routes_to(emit, backend, PATH_SERVICE, PATH_RESOURCE);
        }
    }
}

fn routes_to(emit: &mut Emit<'_>, backend: &IngressBackend, service: &'static str, resource: &'static str) {
    if let Some(to) = &backend.service {
        let _ = emit.refer("routes_to", kinds::SERVICE, &to.name, service);
    }
    if let Some(to) = &backend.resource {
        let _ = emit.refer_any("routes_to", &to.api_group, &to.kind, &to.name, resource);
    }
}
