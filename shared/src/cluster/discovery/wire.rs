//! What of the discovery documents is read.

use serde::Deserialize;

/// `/api` or `/apis` in any of the three forms: aggregated, list of groups, list of the core group's versions.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Root {
    pub(super) items: Vec<Group>,
    pub(super) groups: Vec<LegacyGroup>,
    pub(super) versions: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Group {
    pub(super) metadata: Metadata,
    pub(super) versions: Vec<Version>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Metadata {
    pub(super) name: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Version {
    #[serde(rename = "version")]
    pub(super) name: String,
    pub(super) freshness: String,
    pub(super) resources: Vec<AggregatedResource>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct AggregatedResource {
    pub(super) resource: String,
    pub(super) response_kind: Option<ResponseKind>,
    pub(super) scope: String,
    pub(super) singular_resource: String,
    pub(super) verbs: Vec<String>,
    pub(super) short_names: Vec<String>,
    pub(super) categories: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct ResponseKind {
    pub(super) kind: String,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct LegacyGroup {
    pub(super) name: String,
    pub(super) versions: Vec<LegacyVersion>,
    pub(super) preferred_version: Option<LegacyVersion>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct LegacyVersion {
    pub(super) version: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct LegacyResources {
    pub(super) resources: Vec<LegacyResource>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct LegacyResource {
    pub(super) name: String,
    pub(super) singular_name: String,
    pub(super) kind: String,
    pub(super) namespaced: bool,
    pub(super) verbs: Vec<String>,
    pub(super) short_names: Vec<String>,
    pub(super) categories: Vec<String>,
}
