use std::{borrow::Cow, collections::BTreeMap};

use prost::Message;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Kind;

/// The parts of `metadata` that are read, from protobuf and JSON alike (tags: apimachinery's generated.proto).
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ObjectMeta {
    /// Name.
    #[prost(string, tag = "1")]
    pub name: String,
    /// Prefix that the server completes; the only name that an object in a file may have.
    #[prost(string, tag = "2")]
    pub generate_name: String,
    /// Namespace; empty for objects of the whole cluster.
    #[prost(string, tag = "3")]
    pub namespace: String,
    /// Unique over space and time; empty in files.
    #[prost(string, tag = "5")]
    pub uid: String,
    /// Version of the stored object, for watches.
    #[prost(string, tag = "6")]
    pub resource_version: String,
    /// Counts the changes of `spec`; zero where the kind does not count them.
    #[prost(int64, tag = "7")]
    #[serde(skip_serializing_if = "is_zero")]
    pub generation: i64,
    /// When it was created.
    #[prost(message, optional, tag = "8")]
    pub creation_timestamp: Option<Time>,
    /// Set while it is being deleted.
    #[prost(message, optional, tag = "9")]
    pub deletion_timestamp: Option<Time>,
    /// Seconds that it was given to end in, which that moment already has in it.
    #[prost(int64, optional, tag = "10")]
    pub deletion_grace_period_seconds: Option<i64>,
    /// Labels.
    #[prost(btree_map = "string, string", tag = "11")]
    pub labels: BTreeMap<String, String>,
    /// Annotations.
    #[prost(btree_map = "string, string", tag = "12")]
    pub annotations: BTreeMap<String, String>,
    /// Owners.
    #[prost(message, repeated, tag = "13")]
    pub owner_references: Vec<OwnerReference>,
    /// Who must be done with it before it goes.
    #[prost(string, repeated, tag = "14")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub finalizers: Vec<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields by reference")]
fn is_zero(number: &i64) -> bool {
    *number == 0
}

impl ObjectMeta {
    /// The name, or for an object in a file that only has `generateName`, that prefix.
    pub fn display_name(&self) -> Cow<'_, str> {
        if self.name.is_empty() { Cow::Borrowed(&self.generate_name) } else { Cow::Borrowed(&self.name) }
    }

    /// The owner that manages this object, if one does.
    pub fn controller(&self) -> Option<&OwnerReference> {
        self.owner_references.iter().find(|owner| owner.controller == Some(true))
    }

    /// Whether an object of this kind manages this one.
    pub fn is_controlled_by(&self, kind: Kind) -> bool {
        self.controller().is_some_and(|owner| {
            let group = owner.api_version.rsplit_once('/').map_or("", |(group, _)| group);
            kind.is(group, &owner.kind)
        })
    }
}

/// One entry of `metadata.ownerReferences`.
#[derive(Clone, PartialEq, Eq, Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct OwnerReference {
    /// Kind of the owner.
    #[prost(string, tag = "1")]
    pub kind: String,
    /// Its name.
    #[prost(string, tag = "3")]
    pub name: String,
    /// Its uid: an object of the same name with another uid is not the owner.
    #[prost(string, tag = "4")]
    pub uid: String,
    /// Its apiVersion.
    #[prost(string, tag = "5")]
    pub api_version: String,
    /// Whether it is the managing controller.
    #[prost(bool, optional, tag = "6")]
    pub controller: Option<bool>,
}

/// A point in time: seconds since the epoch on the wire, RFC 3339 in JSON.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Message)]
pub struct Time {
    /// Seconds since 1970-01-01T00:00:00Z.
    #[prost(int64, tag = "1")]
    pub seconds: i64,
    /// Nanoseconds within the second; zero in everything that Kubernetes stores.
    #[prost(int32, tag = "2")]
    pub nanos: i32,
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match jiff::Timestamp::new(self.seconds, self.nanos) {
            Ok(time) => serializer.collect_str(&time),
            Err(error) => Err(serde::ser::Error::custom(error)),
        }
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        let time: jiff::Timestamp = text.parse().map_err(serde::de::Error::custom)?;
        Ok(Self { seconds: time.as_second(), nanos: time.subsec_nanosecond() })
    }
}

/// `metav1.LabelSelector`. Empty selects everything; what its absence selects is up to the field that holds it.
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LabelSelector {
    /// Labels that must be there with exactly these values.
    #[prost(btree_map = "string, string", tag = "1")]
    pub match_labels: BTreeMap<String, String>,
    /// Further requirements, all of which must hold.
    #[prost(message, repeated, tag = "2")]
    pub match_expressions: Vec<LabelSelectorRequirement>,
}

/// One of a selector's `matchExpressions`.
#[derive(Clone, PartialEq, Eq, Message, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LabelSelectorRequirement {
    /// Label key.
    #[prost(string, tag = "1")]
    pub key: String,
    /// `In`, `NotIn`, `Exists` or `DoesNotExist`.
    #[prost(string, tag = "2")]
    pub operator: String,
    /// Values of `In` and `NotIn`.
    #[prost(string, repeated, tag = "3")]
    pub values: Vec<String>,
}
