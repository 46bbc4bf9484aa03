use crate::audit::{
    api::{Ingress, Service},
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
};

rule! {
    /// An ingress sends requests to a service or a port that does not exist.
    ///
    /// ## Why it matters
    ///
    /// Every request for that path is answered with an error, 503 as a rule, and the ingress itself looks
    /// healthy.
    ///
    /// ## Remediation
    ///
    /// Name a service of the ingress's own namespace, and one of the ports of that service: its `port` or its
    /// name, never the container's.
    severity: High,
    category: Network,
    admission: Warn,
    needs: Objects,
    reads: [SERVICE],
    references: [],
    check: [Check::Ingress(check)],
    cases: [
        Case::pass("by number and by name", "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {ports: [{name: http, port: 80}]}}\n---\n{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop}, spec: {rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}, {host: b.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {name: http}}}}]}}]}}"),
        Case::unknown(
            "in files, a port's name that is still to be filled in",
            "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {ports: [{name: http, port: 80}]}}\n---\n{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop}, spec: {rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {name: '${PORT}'}}}}]}}]}}",
            &[],
            &["? Ingress.networking.k8s.io/shop/i port name \"${PORT}\" is still to be filled in"],
        ).in_files_only(),
        Case::pass("a service that is another name may have no ports", "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {type: ExternalName, externalName: example.com}}\n---\n{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop}, spec: {rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}}"),
        Case::pass("an object of another kind is its controller's matter", "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop}, spec: {defaultBackend: {resource: {apiGroup: example.com, kind: Bucket, name: b}}}}"),
        Case::pass("the load balancer of a cloud takes actions for services", "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop, annotations: {alb.ingress.kubernetes.io/actions.redirect: '{}'}}, spec: {rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: redirect, port: {name: use-annotation}}}}]}}]}}"),
        Case::fail(
            "a service of another namespace, and ports that are the container's",
            "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: shop}, spec: {ports: [{name: http, port: 80}]}}\n---\n{apiVersion: v1, kind: Service, metadata: {name: t, namespace: other}, spec: {ports: [{port: 80}]}}\n---\n{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop}, spec: {defaultBackend: {service: {name: t, port: {number: 80}}}, rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 8080}}}}]}}, {host: b.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {name: web}}}}]}}]}}",
            &[
                "Ingress.networking.k8s.io/shop/i spec.defaultBackend: Service \"t\" does not exist",
                "Ingress.networking.k8s.io/shop/i spec.rules[0].http.paths[0].backend: Service \"s\" has no port 8080",
                "Ingress.networking.k8s.io/shop/i spec.rules[1].http.paths[0].backend: Service \"s\" has no port \"web\"",
            ],
        ),
        Case::unknown(
            "in files, what an operator may make for an application that is named so",
            "{apiVersion: kibana.k8s.elastic.co/v1, kind: Kibana, metadata: {name: kibana, namespace: shop}, spec: {version: 9.0.0}}\n---\n{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop}, spec: {defaultBackend: {service: {name: kibana-kb-http, port: {number: 5601}}}}}",
            &[],
            &["? Ingress.networking.k8s.io/shop/i Kibana.kibana.k8s.elastic.co/shop/kibana may make Service \"kibana-kb-http\""],
        ).in_files_only(),
        Case::unknown(
            "services were not read",
            "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop}, spec: {rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}}",
            &["Service"],
            &["? Ingress.networking.k8s.io/shop/i Service in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(ingress: &Ingress, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let namespace = ingress.metadata.namespace.as_str();
    for (place, backend) in ingress.backends() {
        let Some(to) = &backend.service else { continue };
        if to.port.name == "use-annotation" {
            continue;
        }
        let service = match cx.get::<Service>(namespace, &to.name) {
            Ok(Some(service)) => service,
            Ok(None) => {
                out.fail(place.to_string(), format!("Service {:?} does not exist", to.name));
                continue;
            }
            Err(unknown) => {
                out.unknown(&unknown);
                continue;
            }
        };
        if service.is_external_name() && service.spec.ports.is_empty() {
            continue;
        }
        let port = &to.port;
        let has = if port.name.is_empty() {
            service.has_port(port.number)
        } else {
            service.spec.ports.iter().any(|it| it.name == port.name)
        };
        // A name that is still to be filled in may come to be that of a port.
        let open = |out: &mut Findings<'_>| {
            let all = service.spec.ports.iter().map(|it| it.name.as_str());
            !port.name.is_empty()
                && all.chain([port.name.as_str()]).any(|name| cx.is_unfilled("port name", name, out))
        };
        if !has && !open(out) {
            let port =
                if port.name.is_empty() { port.number.to_string() } else { format!("{:?}", port.name) };
            out.fail(place.to_string(), format!("Service {:?} has no port {port}", to.name));
        }
    }
    Ok(())
}
