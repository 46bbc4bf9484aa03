use crate::{
    audit::{
        api::{self, PodSpec, PodTemplateSpec},
        world::{LivePod, Object, key_of},
    },
    model::{ObjectKey, ObjectMeta},
};

/// What makes pods, or a pod that nothing makes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Workload<'w> {
    Pod(&'w LivePod),
    Deployment(&'w api::Deployment),
    ReplicaSet(&'w api::ReplicaSet),
    ReplicationController(&'w api::ReplicationController),
    StatefulSet(&'w api::StatefulSet),
    DaemonSet(&'w api::DaemonSet),
    Job(&'w api::Job),
    CronJob(&'w api::CronJob),
    PodTemplate(&'w api::PodTemplate),
}

/// The part of a workload that its pods are made of.
pub(super) struct Template<'w> {
    pub(super) metadata: &'w ObjectMeta,
    pub(super) spec: &'w PodSpec,
    /// Where the spec stands in the workload.
    pub(super) at: &'static str,
}

impl<'w> Workload<'w> {
    /// Its metadata.
    pub(crate) fn metadata(&self) -> &'w ObjectMeta {
        match *self {
            Self::Pod(it) => &it.metadata,
            Self::Deployment(it) => &it.metadata,
            Self::ReplicaSet(it) => &it.metadata,
            Self::ReplicationController(it) => &it.metadata,
            Self::StatefulSet(it) => &it.metadata,
            Self::DaemonSet(it) => &it.metadata,
            Self::Job(it) => &it.metadata,
            Self::CronJob(it) => &it.metadata,
            Self::PodTemplate(it) => &it.metadata,
        }
    }

    /// What identifies it.
    pub(crate) fn key(&self) -> ObjectKey {
        match self {
            Self::Pod(it) => it.key(),
            Self::Deployment(it) => it.key(),
            Self::ReplicaSet(it) => it.key(),
            Self::ReplicationController(it) => it.key(),
            Self::StatefulSet(it) => it.key(),
            Self::DaemonSet(it) => it.key(),
            Self::Job(it) => it.key(),
            Self::CronJob(it) => it.key(),
            Self::PodTemplate(it) => key_of(api::PodTemplate::KIND, &it.metadata),
        }
    }

    /// How many pods it is to have at a time; none where that depends on nodes or on how far it has come. Left out
    /// is one, as the API server has it.
    pub(crate) fn replicas(&self) -> Option<i32> {
        match self {
            Self::Pod(_) => Some(1),
            Self::Deployment(it) => Some(it.spec.replicas.unwrap_or(1)),
            Self::ReplicaSet(it) => Some(it.spec.replicas.unwrap_or(1)),
            Self::ReplicationController(it) => Some(it.spec.replicas.unwrap_or(1)),
            Self::StatefulSet(it) => Some(it.spec.replicas.unwrap_or(1)),
            Self::Job(it) => Some(it.spec.parallelism.unwrap_or(1)),
            Self::CronJob(it) => Some(it.spec.job_template.spec.parallelism.unwrap_or(1)),
            Self::DaemonSet(_) | Self::PodTemplate(_) => None,
        }
    }

    /// Whether its pods are to run for ever: not those of jobs, nor pods that may end.
    pub(crate) fn is_service(&self) -> bool {
        match self {
            Self::Pod(pod) => matches!(pod.spec.restart_policy.as_str(), "" | "Always"),
            Self::Job(_) | Self::CronJob(_) | Self::PodTemplate(_) => false,
            _ => true,
        }
    }

    pub(super) fn template(&self) -> Option<Template<'w>> {
        fn of<'w>(template: &'w PodTemplateSpec, at: &'static str) -> Template<'w> {
            Template { metadata: &template.metadata, spec: &template.spec, at }
        }
        const AT: &str = "spec.template.spec";
        Some(match *self {
            Self::Pod(it) => Template { metadata: &it.metadata, spec: &it.spec, at: "spec" },
            Self::Deployment(it) => of(&it.spec.template, AT),
            Self::ReplicaSet(it) => of(&it.spec.template, AT),
            Self::ReplicationController(it) => of(it.spec.template.as_ref()?, AT),
            Self::StatefulSet(it) => of(&it.spec.template, AT),
            Self::DaemonSet(it) => of(&it.spec.template, AT),
            Self::Job(it) => of(&it.spec.template, AT),
            Self::CronJob(it) => {
                of(&it.spec.job_template.spec.template, "spec.jobTemplate.spec.template.spec")
            }
            Self::PodTemplate(it) => of(&it.template, "template.spec"),
        })
    }
}
