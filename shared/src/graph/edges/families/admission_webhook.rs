//! Admission webhooks are called through services.

use prost::Message;
use serde::Deserialize;

use crate::{
    graph::edges::{Case, EdgeRule, Emit, Family, Reader, Source, Target},
    model::{Kind, ObjectMeta, api::WebhookClientConfig, kinds},
};

const SERVICE: &str = "webhooks[].clientConfig.service";

const fn calls(source: Kind) -> EdgeRule {
    EdgeRule { source, edge: "calls", target: Target::Kind(kinds::SERVICE), via: SERVICE }
}

pub(super) static FAMILY: Family = Family {
    title: "Admission webhooks",
    readers: &[Reader::of::<ValidatingWebhookConfiguration>(), Reader::of::<MutatingWebhookConfiguration>()],
    edges: &[calls(kinds::VALIDATING_WEBHOOK_CONFIGURATION), calls(kinds::MUTATING_WEBHOOK_CONFIGURATION)],
    // Without rules these are never called.
    cases: &[Case {
        name: "webhooks call services, without which requests fail unless failures are ignored; addresses are none",
        objects: r"
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: calls-validating}
webhooks:
- name: strict.example.com
  clientConfig: {service: {namespace: guard, name: strict}}
  failurePolicy: Fail
  sideEffects: None
  admissionReviewVersions: [v1]
- name: lenient.example.com
  clientConfig: {service: {namespace: guard, name: lenient, path: /check, port: 8443}}
  failurePolicy: Ignore
  sideEffects: None
  admissionReviewVersions: [v1]
- name: outside.example.com
  clientConfig: {url: 'https://guard.example.com/check'}
  failurePolicy: Fail
  sideEffects: None
  admissionReviewVersions: [v1]
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: {name: calls-mutating}
webhooks:
- name: strict.example.com
  clientConfig: {service: {namespace: guard, name: strict}}
  sideEffects: None
  admissionReviewVersions: [v1]
---
apiVersion: v1
kind: Service
metadata: {name: strict, namespace: guard}
spec: {ports: [{port: 443}]}
---
apiVersion: v1
kind: Service
metadata: {name: lenient, namespace: elsewhere}
spec: {ports: [{port: 443}]}
",
        edges: &[
            "ValidatingWebhookConfiguration.admissionregistration.k8s.io/calls-validating calls \
             Service/guard/strict",
            "ValidatingWebhookConfiguration.admissionregistration.k8s.io/calls-validating calls? \
             Service/guard/lenient!",
            "MutatingWebhookConfiguration.admissionregistration.k8s.io/calls-mutating calls Service/guard/strict",
        ],
    }],
};

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ValidatingWebhookConfiguration {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, repeated, tag = "2")]
    webhooks: Vec<Webhook>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct MutatingWebhookConfiguration {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, repeated, tag = "2")]
    webhooks: Vec<Webhook>,
}

// ValidatingWebhook and MutatingWebhook have these fields alike.
#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Webhook {
    #[prost(message, optional, tag = "2")]
    client_config: Option<WebhookClientConfig>,
    #[prost(string, tag = "4")]
    failure_policy: String,
}

impl Source for ValidatingWebhookConfiguration {
    const KIND: Kind = kinds::VALIDATING_WEBHOOK_CONFIGURATION;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    fn edges(&self, emit: &mut Emit<'_>) {
        self.webhooks.iter().for_each(|webhook| webhook.edges(emit));
    }
}

impl Source for MutatingWebhookConfiguration {
    const KIND: Kind = kinds::MUTATING_WEBHOOK_CONFIGURATION;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    fn edges(&self, emit: &mut Emit<'_>) {
        self.webhooks.iter().for_each(|webhook| webhook.edges(emit));
    }
}

impl Webhook {
    fn edges(&self, emit: &mut Emit<'_>) {
        if let Some(to) = self.client_config.as_ref().and_then(|config| config.service.as_ref()) {
            let ignored = self.failure_policy == "Ignore";
            let _ = emit
                .refer("calls", kinds::SERVICE, &to.name, SERVICE)
                .in_namespace(&to.namespace)
                .optional(Some(ignored));
        }
    }
}
