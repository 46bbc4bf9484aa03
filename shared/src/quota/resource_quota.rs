//! `ResourceQuota` as the API server stores it (tags: core/v1's generated.proto).

use std::collections::BTreeMap;

use prost::{
    DecodeError, Message,
    bytes::{Buf, BufMut},
    encoding::{DecodeContext, WireType},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Amounts;
use crate::{model::ObjectMeta, quantity::Wire};

/// `ResourceQuota`.
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ResourceQuota {
    /// Metadata.
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    /// What is allowed, and of which objects.
    #[prost(message, optional, tag = "2")]
    pub spec: Option<QuotaSpec>,
    /// What the server enforces and has charged.
    #[prost(message, optional, tag = "3")]
    pub status: Option<QuotaStatus>,
}

/// `ResourceQuotaSpec`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct QuotaSpec {
    /// The most that may be used, key by key.
    pub hard: Amounts,
    /// Scopes that an object must all be in to count.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
    /// Scopes with values, which must all hold too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope_selector: Option<ScopeSelector>,
}

/// `ResourceQuotaStatus`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct QuotaStatus {
    /// What is enforced: `spec.hard` as the controller last saw it.
    pub hard: Amounts,
    /// What is charged.
    pub used: Amounts,
}

/// `ScopeSelector`.
#[derive(Clone, PartialEq, Eq, Message, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ScopeSelector {
    /// All of these must hold.
    #[prost(message, repeated, tag = "1")]
    pub match_expressions: Vec<ScopedResourceSelectorRequirement>,
}

/// `ScopedResourceSelectorRequirement`.
#[derive(Clone, PartialEq, Eq, Message, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ScopedResourceSelectorRequirement {
    /// Scope: `PriorityClass`, `Terminating`…
    #[prost(string, tag = "1")]
    pub scope_name: String,
    /// `In`, `NotIn`, `Exists` or `DoesNotExist`.
    #[prost(string, tag = "2")]
    pub operator: String,
    /// Values of `In` and `NotIn`.
    #[prost(string, repeated, tag = "3")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
}

/// `ResourceQuotaSpec` on the wire, where a map of quantities is a map of messages.
#[derive(Clone, PartialEq, Message)]
struct WireSpec {
    #[prost(btree_map = "string, message", tag = "1")]
    hard: BTreeMap<String, Wire>,
    #[prost(string, repeated, tag = "2")]
    scopes: Vec<String>,
    #[prost(message, optional, tag = "3")]
    scope_selector: Option<ScopeSelector>,
}

/// `ResourceQuotaStatus` on the wire.
#[derive(Clone, PartialEq, Message)]
struct WireStatus {
    #[prost(btree_map = "string, message", tag = "1")]
    hard: BTreeMap<String, Wire>,
    #[prost(btree_map = "string, message", tag = "2")]
    used: BTreeMap<String, Wire>,
}

impl From<&QuotaSpec> for WireSpec {
    fn from(spec: &QuotaSpec) -> Self {
        let (scopes, scope_selector) = (spec.scopes.clone(), spec.scope_selector.clone());
        Self { hard: (&spec.hard).into(), scopes, scope_selector }
    }
}

impl From<&QuotaStatus> for WireStatus {
    fn from(status: &QuotaStatus) -> Self {
        Self { hard: (&status.hard).into(), used: (&status.used).into() }
    }
}

/// As a message it is what [`WireSpec`] is, field by field.
impl Message for QuotaSpec {
    fn encode_raw(&self, buf: &mut impl BufMut) {
        WireSpec::from(self).encode_raw(buf);
    }

    fn merge_field(
        &mut self,
        tag: u32,
        wire_type: WireType,
        buf: &mut impl Buf,
        ctx: DecodeContext,
    ) -> Result<(), DecodeError> {
        let mut wire = WireSpec { scope_selector: self.scope_selector.take(), ..WireSpec::default() };
        wire.merge_field(tag, wire_type, buf, ctx)?;
        self.hard.0.extend(Amounts::from(&wire.hard).0);
        self.scopes.append(&mut wire.scopes);
        self.scope_selector = wire.scope_selector;
        Ok(())
    }

    fn encoded_len(&self) -> usize {
        WireSpec::from(self).encoded_len()
    }

    fn clear(&mut self) {
        *self = Self::default();
    }
}

/// As a message it is what [`WireStatus`] is, field by field.
impl Message for QuotaStatus {
    fn encode_raw(&self, buf: &mut impl BufMut) {
        WireStatus::from(self).encode_raw(buf);
    }

    fn merge_field(
        &mut self,
        tag: u32,
        wire_type: WireType,
        buf: &mut impl Buf,
        ctx: DecodeContext,
    ) -> Result<(), DecodeError> {
        let mut wire = WireStatus::default();
        wire.merge_field(tag, wire_type, buf, ctx)?;
        self.hard.0.extend(Amounts::from(&wire.hard).0);
        self.used.0.extend(Amounts::from(&wire.used).0);
        Ok(())
    }

    fn encoded_len(&self) -> usize {
        WireStatus::from(self).encoded_len()
    }

    fn clear(&mut self) {
        *self = Self::default();
    }
}
