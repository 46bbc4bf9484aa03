//! Bindings put admission policies to work.

use prost::Message;
use serde::Deserialize;

use crate::{
    graph::edges::{Case, EdgeRule, Emit, Family, Reader, Source, Target},
    model::{Kind, ObjectMeta, kinds},
};

const POLICY: &str = "spec.policyName";

const fn binds(source: Kind, policy: Kind) -> EdgeRule {
    EdgeRule { source, edge: "binds_policy", target: Target::Kind(policy), via: POLICY }
}

pub(super) static FAMILY: Family = Family {
    title: "Admission policies",
    readers: &[
        Reader::of::<ValidatingAdmissionPolicyBinding>(),
        Reader::of::<MutatingAdmissionPolicyBinding>(),
    ],
    edges: &[
        binds(kinds::VALIDATING_ADMISSION_POLICY_BINDING, kinds::VALIDATING_ADMISSION_POLICY),
        binds(kinds::MUTATING_ADMISSION_POLICY_BINDING, kinds::MUTATING_ADMISSION_POLICY),
    ],
    // The policies look at a group that nobody serves: where they are applied, they must not touch anything else.
    cases: &[Case {
        name: "a binding binds the policy of its own kind, validating or mutating, not the other of that name",
        objects: r"
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: policy-validate}
spec: {policyName: policy-one, validationActions: [Deny]}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: policy-one}
spec: {policyName: policy-two, validationActions: [Deny]}
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicyBinding
metadata: {name: policy-mutate}
spec: {policyName: policy-two}
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicyBinding
metadata: {name: policy-lost}
spec: {policyName: policy-one}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: policy-one}
spec:
  matchConstraints:
    resourceRules:
    - {apiGroups: [nobody.example.com], apiVersions: [v1], operations: [CREATE], resources: [things]}
  validations: [{expression: 'true'}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicy
metadata: {name: policy-two}
spec:
  matchConstraints:
    resourceRules:
    - {apiGroups: [nobody.example.com], apiVersions: [v1], operations: [CREATE], resources: [things]}
  reinvocationPolicy: Never
  mutations: [{patchType: ApplyConfiguration, applyConfiguration: {expression: 'Object{}'}}]
",
        edges: &[
            "ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io/policy-validate binds_policy \
             ValidatingAdmissionPolicy.admissionregistration.k8s.io/policy-one",
            "ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io/policy-one binds_policy \
             ValidatingAdmissionPolicy.admissionregistration.k8s.io/policy-two!",
            "MutatingAdmissionPolicyBinding.admissionregistration.k8s.io/policy-mutate binds_policy \
             MutatingAdmissionPolicy.admissionregistration.k8s.io/policy-two",
            "MutatingAdmissionPolicyBinding.admissionregistration.k8s.io/policy-lost binds_policy \
             MutatingAdmissionPolicy.admissionregistration.k8s.io/policy-one!",
        ],
    }],
};

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ValidatingAdmissionPolicyBinding {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    spec: Option<BindingSpec>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct MutatingAdmissionPolicyBinding {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    spec: Option<BindingSpec>,
}

// The two specs have this field alike. What `paramRef` names has the kind that the policy says, which a binding
// alone does not know: no edge.
#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct BindingSpec {
    #[prost(string, tag = "1")]
    policy_name: String,
}

impl Source for ValidatingAdmissionPolicyBinding {
    const KIND: Kind = kinds::VALIDATING_ADMISSION_POLICY_BINDING;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    fn edges(&self, emit: &mut Emit<'_>) {
        binds_policy(emit, self.spec.as_ref(), kinds::VALIDATING_ADMISSION_POLICY);
    }
}

impl Source for MutatingAdmissionPolicyBinding {
    const KIND: Kind = kinds::MUTATING_ADMISSION_POLICY_BINDING;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    fn edges(&self, emit: &mut Emit<'_>) {
        binds_policy(emit, self.spec.as_ref(), kinds::MUTATING_ADMISSION_POLICY);
    }
}

fn binds_policy(emit: &mut Emit<'_>, spec: Option<&BindingSpec>, policy: Kind) {
    if let Some(spec) = spec {
        let _ = emit.refer("binds_policy", policy, &spec.policy_name, POLICY);
    }
}
