//! What a rule is: its documentation, its metadata, its check and its cases, all in one file of `rules/`.

use std::fmt;

use super::{
    api,
    case::Case,
    context::Context,
    findings::Findings,
    severity::Severity,
    subject::PodView,
    world::{Custom, LivePod, Record, Unknown},
};
use crate::model::{Kind, ObjectKey};

/// How a check of one subject ended, besides what it found. An error is "not evaluated": something that the verdict
/// depends on was not read. What was found before stands.
pub(crate) type Outcome = Result<(), Unknown>;

/// What a rule is about; also what `--select` takes.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    /// The Pod Security Standards, exactly.
    PodSecurity,
    /// What makes pods easier to attack, beyond the standards.
    Security,
    /// Workloads that stop serving.
    Reliability,
    /// Container images.
    Images,
    /// Services, ingresses, gateways, network policies, webhooks.
    Network,
    /// Roles and who has them.
    Rbac,
    /// Credentials where they don't belong.
    Secrets,
    /// Volumes, claims and classes.
    Storage,
    /// Autoscalers.
    Autoscaling,
    /// References to objects that do not exist.
    References,
    /// Versions of the API that go away.
    Api,
    /// Nodes and the control plane.
    Nodes,
    /// Requests, limits, quotas and what is really used.
    Efficiency,
    /// Operators of others: OLM, KEDA, Kyverno, cert-manager.
    Operators,
}

impl Category {
    /// All.
    pub const ALL: [Self; 14] = [
        Self::PodSecurity,
        Self::Security,
        Self::Reliability,
        Self::Images,
        Self::Network,
        Self::Rbac,
        Self::Secrets,
        Self::Storage,
        Self::Autoscaling,
        Self::References,
        Self::Api,
        Self::Nodes,
        Self::Efficiency,
        Self::Operators,
    ];

    /// The word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PodSecurity => "pod-security",
            Self::Security => "security",
            Self::Reliability => "reliability",
            Self::Images => "images",
            Self::Network => "network",
            Self::Rbac => "rbac",
            Self::Secrets => "secrets",
            Self::Storage => "storage",
            Self::Autoscaling => "autoscaling",
            Self::References => "references",
            Self::Api => "api",
            Self::Nodes => "nodes",
            Self::Efficiency => "efficiency",
            Self::Operators => "operators",
        }
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What a rule may do when it runs on admission.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Admission {
    /// Refuse the object, if the policy says so.
    Deny,
    /// Warn, at most: what it looks at may still change.
    Warn,
    /// Nothing: it looks at what comes after admission.
    Never,
}

/// What a check needs beside the object that it looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Needs {
    /// Nothing: one object says it all.
    Object,
    /// Other objects.
    Objects,
    /// The live status of objects: files have none.
    Status,
    /// What pods, nodes or volumes really use.
    Usage,
}

impl Needs {
    /// Whether only live objects can tell.
    pub fn is_live(self) -> bool {
        matches!(self, Self::Status | Self::Usage)
    }

    /// The word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Object => "object",
            Self::Objects => "objects",
            Self::Status => "status",
            Self::Usage => "usage",
        }
    }
}

impl Admission {
    /// The word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Deny => "deny",
            Self::Warn => "warn",
            Self::Never => "never",
        }
    }
}

/// A rule, as its file declares it. See the `rule!` macro.
pub(crate) struct Rule {
    /// The documentation: what, `## Why it matters`, `## Remediation`.
    pub(crate) docs: &'static str,
    pub(crate) severity: Severity,
    pub(crate) category: Category,
    pub(crate) admission: Admission,
    pub(crate) needs: Needs,
    /// The kinds that are read beside those that the checks are of.
    pub(crate) reads: &'static [Kind],
    /// `CIS 5.2.1`, `NSA pod-security`, `PSS baseline`, or an address.
    pub(crate) references: &'static [&'static str],
    pub(crate) checks: &'static [Check],
    pub(crate) cases: &'static [Case],
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rule").field("severity", &self.severity).finish_non_exhaustive()
    }
}

/// Declares the variants of [`Check`] that look at objects of one kind.
macro_rules! checks {
    ($($name:ident: $type:ty;)*) => {
        /// What a rule looks at, and the function that looks.
        #[derive(Clone, Copy)]
        pub(crate) enum Check {
            /// Every pod template, and every pod that has none: one subject for each workload, with its live pods.
            Pods(fn(&PodView<'_>, &Context<'_>, &mut Findings<'_>) -> Outcome),
            /// Every object in files, whatever its kind; on admission, the object.
            Records(fn(&Record, &Context<'_>, &mut Findings<'_>) -> Outcome),
            /// Objects of a kind that is not built in.
            Custom(Kind, fn(&ObjectKey, &Custom, &Context<'_>, &mut Findings<'_>) -> Outcome),
            /// The cluster as a whole, once: findings name their objects by [`Findings::about`].
            Cluster(fn(&Context<'_>, &mut Findings<'_>) -> Outcome),
            /// The exemptions that the run met; the engine knows of them what no single check does.
            Exemptions,
            $(
                #[doc = concat!("Every `", stringify!($name), "`.")]
                $name(fn(&$type, &Context<'_>, &mut Findings<'_>) -> Outcome),
            )*
        }

        impl Check {
            /// The kind of the objects that are looked at; none where it is not one.
            pub(crate) fn kind(&self) -> Option<Kind> {
                match self {
                    Self::Pods(_) | Self::Records(_) | Self::Cluster(_) | Self::Exemptions => None,
                    Self::Custom(kind, _) => Some(*kind),
                    $(Self::$name(_) => Some(<$type as super::world::Object>::KIND),)*
                }
            }

            /// Looks at all objects of the one kind that it is of.
            pub(super) fn each_of_kind(
                &self,
                subjects: &Context<'_>,
                cx: &Context<'_>,
                on: &mut dyn FnMut(&ObjectKey, &crate::model::ObjectMeta, &mut dyn FnMut(&mut Findings<'_>) -> Outcome),
            ) {
                match self {
                    $(Self::$name(check) => {
                        for (key, object) in subjects.keyed::<$type>() {
                            let metadata = super::world::Object::metadata(object);
                            on(key, metadata, &mut |findings| check(object, cx, findings));
                        }
                    })*
                    Self::Custom(kind, check) => {
                        for (key, custom) in subjects.world().custom(*kind) {
                            on(key, &custom.metadata, &mut |findings| check(key, custom, cx, findings));
                        }
                    }
                    Self::Pods(_) | Self::Records(_) | Self::Cluster(_) | Self::Exemptions => {}
                }
            }
        }
    };
}

checks! {
    LivePod: LivePod;
    Deployment: api::Deployment;
    ReplicaSet: api::ReplicaSet;
    ReplicationController: api::ReplicationController;
    StatefulSet: api::StatefulSet;
    DaemonSet: api::DaemonSet;
    Job: api::Job;
    CronJob: api::CronJob;
    Service: api::Service;
    EndpointSlice: api::EndpointSlice;
    ServiceAccount: api::ServiceAccount;
    Namespace: api::Namespace;
    Node: api::Node;
    PersistentVolume: api::PersistentVolume;
    PersistentVolumeClaim: api::PersistentVolumeClaim;
    ResourceQuota: api::ResourceQuota;
    ConfigMap: api::ConfigMap;
    Secret: api::Secret;
    Ingress: api::Ingress;
    IngressClass: api::IngressClass;
    NetworkPolicy: api::NetworkPolicy;
    PodDisruptionBudget: api::PodDisruptionBudget;
    HorizontalPodAutoscaler: api::HorizontalPodAutoscaler;
    Role: api::Role;
    ClusterRole: api::ClusterRole;
    RoleBinding: api::RoleBinding;
    ClusterRoleBinding: api::ClusterRoleBinding;
    StorageClass: api::StorageClass;
    PriorityClass: api::PriorityClass;
    RuntimeClass: api::RuntimeClass;
    ValidatingWebhookConfiguration: api::ValidatingWebhookConfiguration;
    MutatingWebhookConfiguration: api::MutatingWebhookConfiguration;
    ApiService: api::ApiService;
}

/// Declares the rule of a file. Every field stands in every rule, in this order, so that rules read alike.
///
/// The doc comment is the documentation: one sentence that names the defect, `## Why it matters`, `## Remediation`.
macro_rules! rule {
    (
        $(#[doc = $doc:expr])+
        severity: $severity:ident,
        category: $category:ident,
        admission: $admission:ident,
        needs: $needs:ident,
        reads: [$($reads:ident),* $(,)?],
        references: [$($reference:literal),* $(,)?],
        check: [$($check:expr),+ $(,)?],
        cases: [$($case:expr),+ $(,)?] $(,)?
    ) => {
        pub(super) static RULE: $crate::audit::rule::Rule = $crate::audit::rule::Rule {
            docs: concat!($($doc, "\n"),+),
            severity: $crate::audit::severity::Severity::$severity,
            category: $crate::audit::rule::Category::$category,
            admission: $crate::audit::rule::Admission::$admission,
            needs: $crate::audit::rule::Needs::$needs,
            reads: &[$($crate::model::kinds::$reads),*],
            references: &[$($reference),*],
            checks: &[$($check),+],
            cases: &[$($case),+],
        };
    };
}

pub(crate) use rule;
