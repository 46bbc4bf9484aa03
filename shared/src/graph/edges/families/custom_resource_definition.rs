//! Custom resource definitions convert between versions through a service.

use prost::Message;
use serde::Deserialize;

use crate::{
    graph::edges::{Case, EdgeRule, Emit, Family, Reader, Source, Target},
    model::{Kind, ObjectMeta, api::WebhookClientConfig, kinds},
};

const SERVICE: &str = "spec.conversion.webhook.clientConfig.service";

pub(super) static FAMILY: Family = Family {
    title: "Custom resource definitions",
    readers: &[Reader::of::<CustomResourceDefinition>()],
    edges: &[EdgeRule {
        source: kinds::CUSTOM_RESOURCE_DEFINITION,
        edge: "converts_with",
        target: Target::Kind(kinds::SERVICE),
        via: SERVICE,
    }],
    cases: &[Case {
        name: "a definition converts with the service of its webhook, in the namespace it names; without a webhook, none",
        objects: r"
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: gadgets.convert.example.com}
spec:
  group: convert.example.com
  names: {kind: Gadget, listKind: GadgetList, plural: gadgets, singular: gadget}
  scope: Namespaced
  conversion:
    strategy: Webhook
    webhook:
      conversionReviewVersions: [v1]
      clientConfig: {service: {namespace: convert, name: converter, path: /convert}}
  versions:
  - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}
  - {name: v1beta1, served: true, storage: false, schema: {openAPIV3Schema: {type: object}}}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.convert.example.com}
spec:
  group: convert.example.com
  names: {kind: Widget, listKind: WidgetList, plural: widgets, singular: widget}
  scope: Namespaced
  conversion: {strategy: None}
  versions:
  - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}
---
apiVersion: v1
kind: Service
metadata: {name: converter, namespace: convert}
spec: {ports: [{port: 443}]}
---
apiVersion: v1
kind: Service
metadata: {name: converter, namespace: elsewhere}
spec: {ports: [{port: 443}]}
",
        edges: &["CustomResourceDefinition.apiextensions.k8s.io/gadgets.convert.example.com converts_with \
                  Service/convert/converter"],
    }],
};

// The versions, with their schemas, are most of a definition and not read.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct CustomResourceDefinition {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    spec: Option<CustomResourceDefinitionSpec>,
}

#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct CustomResourceDefinitionSpec {
    #[prost(message, optional, tag = "9")]
    conversion: Option<CustomResourceConversion>,
}

#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct CustomResourceConversion {
    #[prost(message, optional, tag = "2")]
    webhook: Option<WebhookConversion>,
}

#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct WebhookConversion {
    #[prost(message, optional, tag = "2")]
    client_config: Option<WebhookClientConfig>,
}

impl Source for CustomResourceDefinition {
    const KIND: Kind = kinds::CUSTOM_RESOURCE_DEFINITION;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    fn edges(&self, emit: &mut Emit<'_>) {
        let conversion = self.spec.as_ref().and_then(|spec| spec.conversion.as_ref());
        let client = conversion.and_then(|conversion| conversion.webhook.as_ref()?.client_config.as_ref());
        if let Some(to) = client.and_then(|client| client.service.as_ref()) {
            let _ =
                emit.refer("converts_with", kinds::SERVICE, &to.name, SERVICE).in_namespace(&to.namespace);
        }
    }
}
