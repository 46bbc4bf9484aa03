//! Fields that name an object (tags: generated.proto of core/v1 and autoscaling/v2).

use prost::Message;
use serde::Deserialize;

/// `core/v1` `ObjectReference`: any object.
#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ObjectReference {
    /// Kind.
    #[prost(string, tag = "1")]
    pub kind: String,
    /// Namespace; empty for objects of the whole cluster.
    #[prost(string, tag = "2")]
    pub namespace: String,
    /// Name.
    #[prost(string, tag = "3")]
    pub name: String,
    /// Uid, if the writer knew it.
    #[prost(string, tag = "4")]
    pub uid: String,
    /// apiVersion; empty for the core group, and where the writer left it out.
    #[prost(string, tag = "5")]
    pub api_version: String,
}

/// `core/v1` `TypedLocalObjectReference`: any object of the same namespace.
#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TypedLocalObjectReference {
    /// API group; empty for the core group.
    #[prost(string, tag = "1")]
    pub api_group: String,
    /// Kind.
    #[prost(string, tag = "2")]
    pub kind: String,
    /// Name.
    #[prost(string, tag = "3")]
    pub name: String,
}

/// `autoscaling/v2` `CrossVersionObjectReference`: an object of the same namespace that can be scaled.
#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CrossVersionObjectReference {
    /// Kind.
    #[prost(string, tag = "1")]
    pub kind: String,
    /// Name.
    #[prost(string, tag = "2")]
    pub name: String,
    /// apiVersion.
    #[prost(string, tag = "3")]
    pub api_version: String,
}
