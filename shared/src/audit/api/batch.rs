//! Jobs (tags: batch/v1).

use prost::Message;
use serde::Deserialize;

use super::{ObjectReference, PodTemplateSpec};
use crate::model::{LabelSelector, ObjectMeta, Time};

/// `Job`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Job {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, required, tag = "2")]
    pub(crate) spec: JobSpec,
    #[prost(message, required, tag = "3")]
    pub(crate) status: JobStatus,
}

/// `CronJob`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct CronJob {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, required, tag = "2")]
    pub(crate) spec: CronJobSpec,
    #[prost(message, required, tag = "3")]
    pub(crate) status: CronJobStatus,
}

/// `JobSpec`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct JobSpec {
    #[prost(int32, optional, tag = "1")]
    pub(crate) parallelism: Option<i32>,
    #[prost(int32, optional, tag = "2")]
    pub(crate) completions: Option<i32>,
    #[prost(int64, optional, tag = "3")]
    pub(crate) active_deadline_seconds: Option<i64>,
    #[prost(int32, optional, tag = "7")]
    pub(crate) backoff_limit: Option<i32>,
    #[prost(int32, optional, tag = "12")]
    pub(crate) backoff_limit_per_index: Option<i32>,
    #[prost(message, optional, tag = "4")]
    pub(crate) selector: Option<LabelSelector>,
    #[prost(message, required, tag = "6")]
    pub(crate) template: PodTemplateSpec,
    #[prost(int32, optional, tag = "8")]
    pub(crate) ttl_seconds_after_finished: Option<i32>,
    #[prost(string, optional, tag = "9")]
    pub(crate) completion_mode: Option<String>,
    #[prost(bool, optional, tag = "10")]
    pub(crate) suspend: Option<bool>,
    #[prost(string, optional, tag = "14")]
    pub(crate) pod_replacement_policy: Option<String>,
    #[prost(string, optional, tag = "15")]
    pub(crate) managed_by: Option<String>,
}

/// `JobStatus`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct JobStatus {
    #[prost(message, repeated, tag = "1")]
    pub(crate) conditions: Vec<JobCondition>,
    #[prost(message, optional, tag = "2")]
    pub(crate) start_time: Option<Time>,
    #[prost(message, optional, tag = "3")]
    pub(crate) completion_time: Option<Time>,
    #[prost(int32, tag = "4")]
    pub(crate) active: i32,
    #[prost(int32, tag = "5")]
    pub(crate) succeeded: i32,
    #[prost(int32, tag = "6")]
    pub(crate) failed: i32,
    #[prost(int32, optional, tag = "11")]
    pub(crate) terminating: Option<i32>,
    #[prost(int32, optional, tag = "9")]
    pub(crate) ready: Option<i32>,
}

/// `CronJobSpec`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct CronJobSpec {
    #[prost(string, tag = "1")]
    pub(crate) schedule: String,
    #[prost(string, optional, tag = "8")]
    pub(crate) time_zone: Option<String>,
    #[prost(int64, optional, tag = "2")]
    pub(crate) starting_deadline_seconds: Option<i64>,
    #[prost(string, tag = "3")]
    pub(crate) concurrency_policy: String,
    #[prost(bool, optional, tag = "4")]
    pub(crate) suspend: Option<bool>,
    #[prost(message, required, tag = "5")]
    pub(crate) job_template: JobTemplateSpec,
    #[prost(int32, optional, tag = "6")]
    pub(crate) successful_jobs_history_limit: Option<i32>,
    #[prost(int32, optional, tag = "7")]
    pub(crate) failed_jobs_history_limit: Option<i32>,
}

/// `CronJobStatus`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct CronJobStatus {
    #[prost(message, repeated, tag = "1")]
    pub(crate) active: Vec<ObjectReference>,
    #[prost(message, optional, tag = "4")]
    pub(crate) last_schedule_time: Option<Time>,
    #[prost(message, optional, tag = "5")]
    pub(crate) last_successful_time: Option<Time>,
}

/// `JobCondition`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct JobCondition {
    #[prost(string, tag = "1")]
    pub(crate) r#type: String,
    #[prost(string, tag = "2")]
    pub(crate) status: String,
    #[prost(message, optional, tag = "3")]
    pub(crate) last_probe_time: Option<Time>,
    #[prost(message, optional, tag = "4")]
    pub(crate) last_transition_time: Option<Time>,
    #[prost(string, tag = "5")]
    pub(crate) reason: String,
    #[prost(string, tag = "6")]
    pub(crate) message: String,
}

/// `JobTemplateSpec`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct JobTemplateSpec {
    #[prost(message, required, tag = "1")]
    pub(crate) metadata: ObjectMeta,
    #[prost(message, required, tag = "2")]
    pub(crate) spec: JobSpec,
}
