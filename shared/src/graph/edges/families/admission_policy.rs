//! Bindings put admission policies to work.

use prost::Message;
use serde::Deserialize;

use crate::{
    graph::{
        Borrowed, Which,
        edges::{Case, EdgeRule, Emit, Family, Reader, Source, Target, group_of},
    },
    model::{Kind, LabelSelector, ObjectKey, ObjectMeta, kinds},
};

const POLICY: &str = "spec.policyName";
const PARAM: &str = "spec.paramRef.name";
const PARAMS: &str = "spec.paramRef.selector";

const fn param(source: Kind, via: &'static str) -> EdgeRule {
    EdgeRule { source, edge: "param", target: Target::Any, via }
}

const fn binds(source: Kind, policy: Kind) -> EdgeRule {
    EdgeRule { source, edge: "binds_policy", target: Target::Kind(policy), via: POLICY }
}

pub(super) static FAMILY: Family = Family {
    title: "Admission policies",
    readers: &[
        Reader::of::<ValidatingAdmissionPolicyBinding>(),
        Reader::of::<MutatingAdmissionPolicyBinding>(),
        Reader::of::<ValidatingAdmissionPolicy>(),
        Reader::of::<MutatingAdmissionPolicy>(),
    ],
    edges: &[
        binds(kinds::VALIDATING_ADMISSION_POLICY_BINDING, kinds::VALIDATING_ADMISSION_POLICY),
        binds(kinds::MUTATING_ADMISSION_POLICY_BINDING, kinds::MUTATING_ADMISSION_POLICY),
        param(kinds::VALIDATING_ADMISSION_POLICY_BINDING, PARAM),
        param(kinds::VALIDATING_ADMISSION_POLICY_BINDING, PARAMS),
        param(kinds::MUTATING_ADMISSION_POLICY_BINDING, PARAM),
        param(kinds::MUTATING_ADMISSION_POLICY_BINDING, PARAMS),
    ],
    // The policies look at a group that nobody serves: where they are applied, they must not touch anything else.
    cases: &[
        Case {
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
        },
        Case {
            name: "a binding's parameters are of the kind that its policy says, by name or by labels",
            objects: r"
apiVersion: v1
kind: ConfigMap
metadata: {name: limits, namespace: shop, labels: {use: limits}}
---
apiVersion: v1
kind: Secret
metadata: {name: limits, namespace: shop, labels: {use: limits}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: limits, namespace: elsewhere, labels: {use: limits}}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: param-by-name}
spec:
  policyName: param-policy
  paramRef: {name: limits, namespace: shop, parameterNotFoundAction: Deny}
  validationActions: [Deny]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: param-by-label}
spec:
  policyName: param-policy
  paramRef: {selector: {matchLabels: {use: limits}}, namespace: shop, parameterNotFoundAction: Deny}
  validationActions: [Deny]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: param-in-each-namespace}
spec:
  policyName: param-policy
  paramRef: {name: limits, parameterNotFoundAction: Deny}
  validationActions: [Deny]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: param-policy}
spec:
  paramKind: {apiVersion: v1, kind: ConfigMap}
  matchConstraints:
    resourceRules:
    - {apiGroups: [nobody.example.com], apiVersions: [v1], operations: [CREATE], resources: [things]}
  validations: [{expression: 'true'}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicyBinding
metadata: {name: param-by-name}
spec:
  policyName: param-mutates
  paramRef: {name: limits, namespace: shop, parameterNotFoundAction: Allow}
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicyBinding
metadata: {name: param-by-label}
spec:
  policyName: param-mutates
  paramRef: {selector: {matchLabels: {use: limits}}, namespace: shop, parameterNotFoundAction: Deny}
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicy
metadata: {name: param-mutates}
spec:
  paramKind: {apiVersion: v1, kind: Secret}
  matchConstraints:
    resourceRules:
    - {apiGroups: [nobody.example.com], apiVersions: [v1], operations: [CREATE], resources: [things]}
  reinvocationPolicy: Never
  mutations: [{patchType: ApplyConfiguration, applyConfiguration: {expression: 'Object{}'}}]
",
            edges: &[
                "ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io/param-by-name binds_policy \
             ValidatingAdmissionPolicy.admissionregistration.k8s.io/param-policy",
                "ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io/param-by-label binds_policy \
             ValidatingAdmissionPolicy.admissionregistration.k8s.io/param-policy",
                "ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io/param-in-each-namespace binds_policy \
             ValidatingAdmissionPolicy.admissionregistration.k8s.io/param-policy",
                "ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io/param-by-name param ConfigMap/shop/limits",
                "ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io/param-by-label param ConfigMap/shop/limits",
                "MutatingAdmissionPolicyBinding.admissionregistration.k8s.io/param-by-name binds_policy \
             MutatingAdmissionPolicy.admissionregistration.k8s.io/param-mutates",
                "MutatingAdmissionPolicyBinding.admissionregistration.k8s.io/param-by-label binds_policy \
             MutatingAdmissionPolicy.admissionregistration.k8s.io/param-mutates",
                "MutatingAdmissionPolicyBinding.admissionregistration.k8s.io/param-by-name param? Secret/shop/limits",
                "MutatingAdmissionPolicyBinding.admissionregistration.k8s.io/param-by-label param Secret/shop/limits",
            ],
        },
    ],
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

// The two kinds of bindings have these fields alike, and so have the two kinds of policies.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct BindingSpec {
    #[prost(string, tag = "1")]
    policy_name: String,
    #[prost(message, optional, tag = "2")]
    param_ref: Option<ParamRef>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ParamRef {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(string, tag = "2")]
    namespace: String,
    #[prost(message, optional, tag = "3")]
    selector: Option<LabelSelector>,
    #[prost(string, tag = "4")]
    parameter_not_found_action: String,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ValidatingAdmissionPolicy {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    spec: Option<PolicySpec>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct MutatingAdmissionPolicy {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    spec: Option<PolicySpec>,
}

#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct PolicySpec {
    #[prost(message, optional, tag = "1")]
    param_kind: Option<ParamKind>,
}

#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ParamKind {
    #[prost(string, tag = "1")]
    api_version: String,
    #[prost(string, tag = "2")]
    kind: String,
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

impl Source for ValidatingAdmissionPolicy {
    const KIND: Kind = kinds::VALIDATING_ADMISSION_POLICY;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    fn edges(&self, emit: &mut Emit<'_>) {
        says_kind(emit, self.spec.as_ref());
    }
}

impl Source for MutatingAdmissionPolicy {
    const KIND: Kind = kinds::MUTATING_ADMISSION_POLICY;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    fn edges(&self, emit: &mut Emit<'_>) {
        says_kind(emit, self.spec.as_ref());
    }
}

fn says_kind(emit: &mut Emit<'_>, spec: Option<&PolicySpec>) {
    if let Some(param) = spec.and_then(|spec| spec.param_kind.as_ref()) {
        emit.lend(group_of(&param.api_version), &param.kind);
    }
}

fn binds_policy(emit: &mut Emit<'_>, spec: Option<&BindingSpec>, policy: Kind) {
    let Some(spec) = spec else { return };
    let _ = emit.refer("binds_policy", policy, &spec.policy_name, POLICY);
    let Some(param) = &spec.param_ref else { return };
    let which = match &param.selector {
        Some(selector) => Which::Selected(selector.into(), PARAMS),
        None => Which::Named(param.name.clone(), PARAM),
    };
    emit.borrow(Borrowed {
        from: ObjectKey::new(policy.group, policy.kind, "", spec.policy_name.as_str()),
        edge: "param",
        namespace: param.namespace.clone(),
        which,
        optional: param.parameter_not_found_action == "Allow",
    });
}
