use std::{fmt, str::FromStr, sync::Arc};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What identifies an object besides its uid. Kind alone never does: a Service is Kubernetes' or Knative's.
///
/// Its text form, everywhere: `Kind.group/namespace/name`, group and namespace left out when empty.
/// Keys order by group, kind, namespace, name: the order of everything that is printed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectKey {
    /// API group; empty for the core group.
    pub group: Arc<str>,
    /// Kind, as in `kind:`.
    pub kind: Arc<str>,
    /// Namespace; empty for objects of the whole cluster.
    pub namespace: Arc<str>,
    /// Name.
    pub name: Arc<str>,
}

impl ObjectKey {
    /// The key of these four parts.
    pub fn new(
        group: impl Into<Arc<str>>,
        kind: impl Into<Arc<str>>,
        namespace: impl Into<Arc<str>>,
        name: impl Into<Arc<str>>,
    ) -> Self {
        Self { group: group.into(), kind: kind.into(), namespace: namespace.into(), name: name.into() }
    }

    /// `Kind/name`, for places where the namespace and the group are understood.
    pub fn short(&self) -> String {
        format!("{}/{}", self.kind, self.name)
    }
}

impl fmt::Display for ObjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.kind)?;
        for (mark, part) in [(".", &self.group), ("/", &self.namespace)] {
            if !part.is_empty() {
                f.write_str(mark)?;
                f.write_str(part)?;
            }
        }
        f.write_str("/")?;
        // Only what is no API object (a user, an address block) can have these in its name.
        if self.name.bytes().any(|byte| matches!(byte, b'/' | b'%')) {
            return f.write_str(&self.name.replace('%', "%25").replace('/', "%2F"));
        }
        f.write_str(&self.name)
    }
}

/// A text that is not an object id.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "{0:?} is not an object id: expected Kind.group/namespace/name, group and namespace left out when empty"
)]
pub struct ParseKeyError(String);

impl FromStr for ObjectKey {
    type Err = ParseKeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.split('/');
        let (Some(kind), Some(second), third, None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(ParseKeyError(text.to_owned()));
        };
        let (kind, group) = kind.split_once('.').unwrap_or((kind, ""));
        let (namespace, name) = third.map_or(("", second), |name| (second, name));
        if kind.is_empty() || name.is_empty() {
            return Err(ParseKeyError(text.to_owned()));
        }
        if name.contains('%') {
            let name = name.replace("%2F", "/").replace("%25", "%");
            return Ok(Self::new(group, kind, namespace, name));
        }
        Ok(Self::new(group, kind, namespace, name))
    }
}

impl Serialize for ObjectKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ObjectKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form_round_trips() {
        let block = ObjectKey::new("networking.k8s.io", "IPBlock", "", "10.0.0.0/8");
        assert_eq!(block.to_string().parse(), Ok(block));
        for id in
            ["Deployment.apps/shop/nginx", "Pod/shop/nginx-1", "Node/n1", "Route.route.openshift.io/a/b"]
        {
            assert_eq!(id.parse::<ObjectKey>().unwrap().to_string(), id);
        }
    }

    #[test]
    fn text_that_is_no_id_is_refused() {
        for text in ["", "Pod", "Pod/a/b/c", "/a/b", "Pod/a/"] {
            assert!(text.parse::<ObjectKey>().is_err(), "{text}");
        }
    }
}
