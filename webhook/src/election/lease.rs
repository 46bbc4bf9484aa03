//! The fields of a Lease that an election needs.

use std::time::Duration;

use jiff::{Timestamp, fmt::temporal::DateTimePrinter};
use serde::Deserialize;
use serde_json::{Value, json};

/// A Lease as it was read. Whoever has none of the fields has never been held.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Lease {
    /// Who holds it; empty when it was given back.
    #[serde(deserialize_with = "text")]
    pub holder_identity: String,
    /// For how many seconds after a renewal nobody else may take it.
    #[serde(deserialize_with = "number")]
    pub lease_duration_seconds: i64,
    /// When its holder got it, as the holder's clock says.
    #[serde(deserialize_with = "text")]
    pub acquire_time: String,
    /// When its holder last renewed it, as the holder's clock says.
    #[serde(deserialize_with = "text")]
    pub renew_time: String,
    /// How often it went from one to another.
    #[serde(deserialize_with = "number")]
    pub lease_transitions: i64,
}

impl Lease {
    /// The election's part of an object.
    pub fn read(object: &Value) -> Self {
        Self::deserialize(&object["spec"]).unwrap_or_default()
    }

    /// Held by this one from now on.
    #[must_use]
    pub fn held(&self, identity: &str, duration: Duration, now: Timestamp) -> Self {
        let now = micro_time(now);
        let mine = self.holder_identity == identity;
        Self {
            holder_identity: identity.to_owned(),
            lease_duration_seconds: i64::try_from(duration.as_secs()).unwrap_or(i64::MAX).max(1),
            acquire_time: if mine { self.acquire_time.clone() } else { now.clone() },
            renew_time: now,
            lease_transitions: self.lease_transitions.saturating_add(i64::from(!mine)),
        }
    }

    /// Given back: the next may take it at once.
    #[must_use]
    pub fn released(&self, now: Timestamp) -> Self {
        let now = micro_time(now);
        Self {
            holder_identity: String::new(),
            lease_duration_seconds: 1,
            acquire_time: now.clone(),
            renew_time: now,
            ..self.clone()
        }
    }

    /// The object with this in it. `seen` is what it replaces, and must still be in that version.
    pub fn object(&self, namespace: &str, name: &str, seen: Option<&Value>) -> Value {
        let mut metadata = seen.map_or_else(|| json!({}), |seen| seen["metadata"].clone());
        metadata["name"] = name.into();
        metadata["namespace"] = namespace.into();
        json!({
            "apiVersion": "coordination.k8s.io/v1",
            "kind": "Lease",
            "metadata": metadata,
            "spec": {
                "holderIdentity": self.holder_identity,
                "leaseDurationSeconds": self.lease_duration_seconds,
                "acquireTime": self.acquire_time,
                "renewTime": self.renew_time,
                "leaseTransitions": self.lease_transitions,
            },
        })
    }
}

/// Kubernetes' `MicroTime` has exactly six places.
fn micro_time(time: Timestamp) -> String {
    const PRINTER: DateTimePrinter = DateTimePrinter::new().precision(Some(6));
    PRINTER.timestamp_to_string(&time)
}

fn text<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

fn number<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lease_goes_round() {
        let now: Timestamp = "2026-11-28T12:00:00.1Z".parse().unwrap();
        let lease = Lease::default().held("a", Duration::from_secs(15), now);
        let object = lease.object("ns", "passmuster", None);
        assert_eq!(Lease::read(&object), lease);
        assert_eq!(object["spec"]["renewTime"], "2026-11-28T12:00:00.100000Z");
        let renewed = lease.held("a", Duration::from_secs(15), now + Duration::from_secs(2));
        assert_eq!((renewed.acquire_time.as_str(), renewed.lease_transitions), (&*lease.acquire_time, 1));
        let taken = renewed.held("b", Duration::from_secs(15), now);
        assert_eq!((taken.holder_identity.as_str(), taken.lease_transitions), ("b", 2));
        assert_eq!(taken.released(now).holder_identity, "");
    }

    #[test]
    fn what_others_left_out_is_nobodys() {
        for object in [
            json!({}),
            json!({"spec": null}),
            json!({"spec": {"holderIdentity": null, "leaseDurationSeconds": null}}),
            json!({"spec": {"holderIdentity": 7}}),
        ] {
            assert_eq!(Lease::read(&object), Lease::default(), "{object}");
        }
    }
}
