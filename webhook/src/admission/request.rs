//! What is asked.

use std::fmt;

use serde::Deserialize;

use super::object::nullable;
use super::strict::{object, object_or_empty};
use super::{Raw, Text};

/// One request that the API server wants judged. Borrowed from the bytes that came, except where an escape forbids it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request<'a> {
    /// The call's id. The API server's own repetition of a call has the same one, a user's has another.
    #[serde(borrow, default)]
    pub uid: Text<'a>,
    /// The kind that the object is in: what a rule of the configuration matched.
    #[serde(borrow, default, deserialize_with = "object_or_empty")]
    pub kind: Kind<'a>,
    /// The resource, in the same version.
    #[serde(borrow, default, deserialize_with = "object_or_empty")]
    pub resource: Resource<'a>,
    /// The subresource, as in `ephemeralcontainers`, `resize` and `scale`; empty for the object itself.
    #[serde(borrow, default)]
    pub sub_resource: Text<'a>,
    /// The kind that the client sent, which the API server may have converted; for messages.
    #[serde(borrow, default, deserialize_with = "object")]
    pub request_kind: Option<Kind<'a>>,
    /// The resource that the client named.
    #[serde(borrow, default, deserialize_with = "object")]
    pub request_resource: Option<Resource<'a>>,
    /// The subresource that the client named.
    #[serde(borrow, default)]
    pub request_sub_resource: Text<'a>,
    /// The object's name; empty in a deletion of a whole collection. [`Request::object_name`] always knows.
    #[serde(borrow, default)]
    pub name: Text<'a>,
    /// The namespace; a Namespace object's own name for itself; empty for what belongs to the cluster.
    #[serde(borrow, default)]
    pub namespace: Text<'a>,
    /// What is done.
    pub operation: Operation,
    /// Who does it.
    #[serde(borrow, default, deserialize_with = "object_or_empty")]
    pub user_info: UserInfo<'a>,
    /// The object as it would be: set for CREATE and UPDATE; the options of a CONNECT.
    #[serde(borrow, default)]
    pub object: Option<Raw<'a>>,
    /// The object as it is: set for UPDATE and DELETE.
    #[serde(borrow, default)]
    pub old_object: Option<Raw<'a>>,
    /// The options of the operation.
    #[serde(borrow, default)]
    pub options: Option<Raw<'a>>,
    /// Whether nothing will be stored; then nothing else may change either.
    #[serde(default, deserialize_with = "falsy")]
    pub dry_run: bool,
}

impl Request<'_> {
    /// Resource and subresource as configurations and roles write them: `pods`, `deployments/scale`.
    pub fn resource_path(&self) -> String {
        let resource = self.resource.resource.as_str();
        if self.sub_resource.is_empty() {
            return resource.to_owned();
        }
        format!("{resource}/{}", self.sub_resource)
    }

    /// The object's name: the request's, or where that is empty (deletion of a collection) the object's own, or what
    /// it is generated from.
    pub fn object_name(&self) -> String {
        if !self.name.is_empty() {
            return self.name.as_str().to_owned();
        }
        let object = self.object.or(self.old_object);
        let metadata = object.and_then(|object| object.metadata().ok()).unwrap_or_default();
        let name = if metadata.name.is_empty() { metadata.generate_name } else { metadata.name };
        name.as_str().to_owned()
    }
}

/// A kind with its group and version.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Kind<'a> {
    /// The group, empty for the core.
    #[serde(borrow)]
    pub group: Text<'a>,
    /// The version.
    #[serde(borrow)]
    pub version: Text<'a>,
    /// The kind.
    #[serde(borrow)]
    pub kind: Text<'a>,
}

/// A resource with its group and version.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Resource<'a> {
    /// The group, empty for the core.
    #[serde(borrow)]
    pub group: Text<'a>,
    /// The version.
    #[serde(borrow)]
    pub version: Text<'a>,
    /// The plural name.
    #[serde(borrow)]
    pub resource: Text<'a>,
}

/// What is done to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Operation {
    /// A new object, also by an update that creates.
    Create,
    /// A change: update, patch, apply.
    Update,
    /// A deletion, of one object or of each in a collection.
    Delete,
    /// exec, attach, port-forward, proxy.
    Connect,
}

impl Operation {
    /// As the API writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Create => "CREATE",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
            Self::Connect => "CONNECT",
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Who asks.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct UserInfo<'a> {
    /// The user's name.
    #[serde(borrow)]
    pub username: Text<'a>,
    /// The user's uid.
    #[serde(borrow)]
    pub uid: Text<'a>,
    /// The user's groups.
    #[serde(borrow, deserialize_with = "nullable")]
    pub groups: Vec<Text<'a>>,
    /// What the authenticator adds. It may hold secrets, so it stays closed: for conditions, never for logs.
    #[serde(borrow)]
    pub extra: Option<Raw<'a>>,
}

/// A boolean; `null` is no.
fn falsy<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
