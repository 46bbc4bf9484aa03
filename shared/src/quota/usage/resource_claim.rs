//! What claims of devices take, by device class (tags: resource/v1's generated.proto).

use std::collections::BTreeMap;

use prost::Message;
use serde::Deserialize;

use super::{Devices, keys};
use crate::{model::ObjectMeta, quantity::Quantity, quota::Amounts};

/// Devices that an allocation can have at most, which is what asking for all of them is charged
/// (`AllocationResultsMaxSize`).
const ALL: i64 = 32;

/// `ResourceClaim`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ResourceClaim {
    /// Metadata.
    #[prost(message, optional, tag = "1")]
    pub metadata: Option<ObjectMeta>,
    /// What is asked for.
    #[prost(message, optional, tag = "2")]
    pub spec: Option<ResourceClaimSpec>,
}

/// `ResourceClaimSpec`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ResourceClaimSpec {
    /// Devices.
    #[prost(message, optional, tag = "1")]
    pub devices: Option<DeviceClaim>,
}

/// `DeviceClaim`.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DeviceClaim {
    /// Requests, all of which are to be met.
    #[prost(message, repeated, tag = "1")]
    pub requests: Vec<DeviceRequest>,
}

/// `DeviceRequest`: exactly one of its fields is there.
#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DeviceRequest {
    /// This.
    #[prost(message, optional, tag = "2")]
    pub exactly: Option<ExactDeviceRequest>,
    /// Or one of these.
    #[prost(message, repeated, tag = "3")]
    pub first_available: Vec<DeviceSubRequest>,
}

/// `ExactDeviceRequest`.
#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ExactDeviceRequest {
    /// Device class.
    #[prost(string, tag = "1")]
    pub device_class_name: String,
    /// `ExactCount` or `All`.
    #[prost(string, tag = "3")]
    pub allocation_mode: String,
    /// How many, for `ExactCount`.
    #[prost(int64, tag = "4")]
    pub count: i64,
}

/// `DeviceSubRequest`.
#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DeviceSubRequest {
    /// Device class.
    #[prost(string, tag = "2")]
    pub device_class_name: String,
    /// `ExactCount` or `All`.
    #[prost(string, tag = "4")]
    pub allocation_mode: String,
    /// How many, for `ExactCount`.
    #[prost(int64, tag = "5")]
    pub count: i64,
}

impl ResourceClaim {
    /// Devices by class, the worst case of each request.
    pub fn devices(&self) -> BTreeMap<&str, i64> {
        let mut devices: BTreeMap<&str, i64> = BTreeMap::new();
        let claim = self.spec.as_ref().and_then(|spec| spec.devices.as_ref());
        for request in claim.map_or(&[][..], |claim| &claim.requests) {
            for (class, count) in request.worst_case() {
                let sum = devices.entry(class).or_default();
                *sum = sum.saturating_add(count);
            }
        }
        devices
    }
}

impl DeviceRequest {
    /// Devices by class: of several possibilities, the most of each class.
    fn worst_case(&self) -> BTreeMap<&str, i64> {
        if self.first_available.is_empty() {
            let exactly = self.exactly.iter();
            return exactly
                .map(|one| (one.device_class_name.as_str(), count(&one.allocation_mode, one.count)))
                .collect();
        }
        let mut most: BTreeMap<&str, i64> = BTreeMap::new();
        for one in &self.first_available {
            let count = count(&one.allocation_mode, one.count);
            if count > 0 {
                let most = most.entry(&one.device_class_name).or_default();
                *most = count.max(*most);
            }
        }
        most
    }
}

/// What is not said is one, as the API server fills it in. A mode that nobody knows counts nothing, as there.
fn count(mode: &str, count: i64) -> i64 {
    match (mode, count) {
        ("" | "ExactCount", 0) => 1,
        ("" | "ExactCount", count) => count,
        ("All", _) => ALL,
        _ => 0,
    }
}

/// What a claim is charged: devices by class, and by the extended resources that the classes stand for, as far as no
/// pod has paid for those already.
pub(super) fn usage(claim: &ResourceClaim, devices: &Devices) -> Amounts {
    let mut usage = Amounts::new();
    usage.set(keys::COUNT_RESOURCE_CLAIMS, Quantity::from(1));
    let mut extended = Amounts::new();
    for (class, count) in claim.devices() {
        let count = Quantity::from(count);
        usage.set(format!("{class}{}", keys::DEVICES), count);
        if class.is_empty() {
            continue;
        }
        extended.set(format!("{}{class}", keys::IMPLICIT_EXTENDED), count);
        if let Some(resource) = devices.extended_resource(class) {
            // Two classes may stand for one resource. The server then takes either; we take the larger.
            let key = format!("{}{resource}", keys::REQUESTS);
            let most = extended.of(&key).max(count);
            extended.set(key, most);
        }
    }
    let paid = devices.paid(claim);
    for (key, amount) in &extended {
        let rest = *amount - paid.map_or(Quantity::ZERO, |paid| paid.of(key));
        if rest > Quantity::ZERO {
            usage.set(key.as_str(), rest);
        }
    }
    usage
}
