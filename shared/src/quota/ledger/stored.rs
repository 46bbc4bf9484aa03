//! The book as an object of the API server, `QuotaLedger`. Its definition is generated from these types.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Book, QuotaVersion, Reservation, Slot};
use crate::{
    model::{self, Time},
    quota::{
        Amounts,
        project::{Metadata, schema},
    },
};

/// What a project was promised that may not be stored yet. It belongs to the admission webhook; nobody else writes it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct QuotaLedger {
    /// `passmuster.dev/v1alpha1`.
    #[serde(default)]
    pub api_version: String,
    /// `QuotaLedger`.
    #[serde(default)]
    pub kind: String,
    /// The name is that of the ProjectQuota.
    #[schemars(schema_with = "schema::metadata")]
    pub metadata: Metadata,
    /// What was promised.
    pub spec: LedgerSpec,
}

impl QuotaLedger {
    /// Kind, as in `kind:`.
    pub const KIND: model::Kind = model::Kind::cluster("passmuster.dev", "QuotaLedger");
    /// Name in addresses.
    pub const PLURAL: &str = "quotaledgers";
}

/// What a project was promised.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct LedgerSpec {
    /// Which version of the quota is in force.
    pub quota: StoredQuota,
    /// What it allows.
    #[schemars(schema_with = "schema::amounts")]
    pub hard: Amounts,
    /// The versions that a replica must have seen before it decides.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["resource"]))]
    pub floors: Vec<StoredFloor>,
    /// What was admitted and is not seen to be stored yet.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-kubernetes-list-type" = "atomic"))]
    pub reservations: Vec<StoredReservation>,
}

/// A version of a quota.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct StoredQuota {
    /// The uid of the ProjectQuota.
    pub uid: String,
    /// Its generation.
    pub generation: i64,
}

/// How far a replica must have seen a type.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StoredFloor {
    /// The type, as in `pods`.
    pub resource: String,
    /// The resource version.
    #[serde(default)]
    pub version: String,
}

/// What was reserved for one object.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StoredReservation {
    /// The object's type, as in `pods`.
    pub resource: String,
    /// Its namespace.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Its uid.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub uid: String,
    /// All that it may come to be charged.
    #[serde(default)]
    #[schemars(schema_with = "schema::amounts")]
    pub usage: Amounts,
    /// The version that is changed; absent for an object that is made.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub after: String,
    /// Whether another object may come to be stored under this name.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub contested: bool,
    /// When no request can store it any more, in RFC 3339.
    #[schemars(with = "String")]
    pub expires: Time,
}

impl From<&Book> for LedgerSpec {
    fn from(book: &Book) -> Self {
        let floors = book.floors.iter();
        let reservations = book.reservations.iter();
        Self {
            quota: StoredQuota { uid: book.quota.uid.clone(), generation: book.quota.generation },
            hard: book.hard.clone(),
            floors: floors
                .map(|(resource, version)| StoredFloor {
                    resource: resource.to_string(),
                    version: version.to_string(),
                })
                .collect(),
            reservations: reservations
                .map(|(slot, reservation)| StoredReservation {
                    resource: slot.resource.to_string(),
                    namespace: slot.namespace.to_string(),
                    name: slot.name.to_string(),
                    uid: reservation.uid.to_string(),
                    usage: reservation.usage.clone(),
                    after: Some(reservation.after)
                        .filter(|after| *after > 0)
                        .map(|after| after.to_string())
                        .unwrap_or_default(),
                    contested: reservation.contested,
                    expires: reservation.expires,
                })
                .collect(),
        }
    }
}

impl From<LedgerSpec> for Book {
    /// A floor that is no number is as high as can be: nobody decides by what nobody understands.
    fn from(stored: LedgerSpec) -> Self {
        let floors = stored.floors.into_iter();
        let reservations = stored.reservations.into_iter();
        Self {
            quota: QuotaVersion { uid: stored.quota.uid, generation: stored.quota.generation },
            hard: stored.hard,
            floors: floors
                .map(|floor| (floor.resource.into(), floor.version.parse().unwrap_or(u64::MAX)))
                .collect(),
            reservations: reservations
                .map(|one| {
                    let after = if one.after.is_empty() { "0" } else { &one.after };
                    let reservation = Reservation {
                        after: after.parse().unwrap_or(u64::MAX),
                        uid: one.uid.into(),
                        usage: one.usage,
                        contested: one.contested,
                        expires: one.expires,
                    };
                    (Slot::new(one.resource, one.namespace, one.name), reservation)
                })
                .collect(),
        }
    }
}
