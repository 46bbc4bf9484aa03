//! How Gateway API objects name others. Custom resources never come as protobuf: the tags only number the fields.

use prost::Message;
use serde::Deserialize;

/// Any object, by group, kind, name and namespace. What group and kind are when left out is up to the field.
#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct GatewayReference {
    /// API group; empty for the core group, which is not the same as left out.
    #[prost(string, optional, tag = "1")]
    pub group: Option<String>,
    /// Kind.
    #[prost(string, optional, tag = "2")]
    pub kind: Option<String>,
    /// Name.
    #[prost(string, tag = "3")]
    pub name: String,
    /// Namespace; empty for the one of the object that holds the reference.
    #[prost(string, tag = "4")]
    pub namespace: String,
}

impl GatewayReference {
    /// Group and kind, with those of the field where they are left out.
    pub fn group_kind<'a>(&'a self, group: &'a str, kind: &'a str) -> (&'a str, &'a str) {
        (self.group.as_deref().unwrap_or(group), self.kind.as_deref().unwrap_or(kind))
    }
}
