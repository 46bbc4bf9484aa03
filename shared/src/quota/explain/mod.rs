//! Which objects consume a resource, and how it adds up.
//!
//! ```text
//!  objects ─ usage ─► amounts ─ owners ─► workloads, the most first ─┐
//!  quotas, scopes ───────────────────────────────────────────────────┴─► QuotaExplanation ─ table, JSON, YAML
//! ```

mod asked;
mod document;
mod formula;
mod notes;
mod table;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub use asked::{UnknownResource, keys_of};
pub use document::{Beside, QuotaExplanation, Section, Share, Taken, Uncharged};
pub use notes::Replaced;
pub use table::table;

use super::{
    QuotaSpec, Rate, ResourceQuota,
    counted::canonical,
    owner::Owners,
    usage::{self, Charged, Devices, usage_with},
};
use crate::{
    model::{ObjectKey, Time, discovery::Discovery},
    quantity::Quantity,
};

/// What was read.
#[derive(Debug, Clone, Copy)]
pub struct Holdings<'a> {
    /// Objects that the keys count.
    pub objects: &'a [Charged],
    /// What claims of devices are charged depends on.
    pub devices: &'a Devices,
    /// Whom pods belong to.
    pub owners: &'a Owners,
    /// ReplicaSets that are being replaced.
    pub replaced: &'a Replaced,
    /// ResourceQuotas.
    pub quotas: &'a [ResourceQuota],
    /// The types that the server has.
    pub types: &'a Discovery,
    /// When.
    pub now: Time,
}

/// A project's quota that has the key.
#[derive(Debug, Clone, PartialEq)]
pub struct ProjectBeside {
    /// What it is called: `ProjectQuota/shop`.
    pub quota: String,
    /// What it allows, of which objects.
    pub spec: QuotaSpec,
    /// What it says is used.
    pub used: Option<Quantity>,
}

/// Explains a key in one namespace; `None` when nothing takes any of it and no quota has it.
pub fn namespace(holdings: &Holdings<'_>, namespace: &str, key: &str) -> Option<Section> {
    let section = section(holdings, &|other| other == namespace, key);
    let found = !section.workloads.is_empty() || !section.quotas.is_empty() || !section.uncharged.is_empty();
    found.then(|| Section { namespace: Some(namespace.to_owned()), ..section })
}

/// Explains a key in a project: in all its namespaces.
pub fn project(
    holdings: &Holdings<'_>,
    project: &str,
    members: &dyn Fn(&str) -> bool,
    quotas: &[ProjectBeside],
    key: &str,
) -> Section {
    let mut section = section(holdings, members, key);
    let own = quotas.iter().filter_map(|quota| {
        let ProjectBeside { quota, spec, used } = quota;
        Some(Beside { quota: quota.clone(), ..beside(holdings, members, key, spec, *used)? })
    });
    section.quotas.splice(0..0, own.collect::<Vec<_>>());
    Section { project: Some(project.to_owned()), ..section }
}

fn section(holdings: &Holdings<'_>, within: &dyn Fn(&str) -> bool, key: &str) -> Section {
    let mut shares: BTreeMap<(String, String), Share> = BTreeMap::new();
    let mut section = Section { key: key.to_owned(), ..Section::default() };
    for object in holdings.objects {
        let Some(metadata) = object.metadata().filter(|metadata| within(&metadata.namespace)) else {
            continue;
        };
        let amount = usage_with(object, holdings.devices, holdings.now).of(key);
        if amount.is_zero() {
            section.uncharged.extend(notes::uncharged(holdings, object, key));
            continue;
        }
        section.sum += amount;
        let id = id(holdings, object);
        let owner = match metadata.controller() {
            Some(_) => holdings.owners.of(metadata).to_string(),
            None => id.short(),
        };
        let at = (metadata.namespace.clone(), owner.clone());
        let share = shares.entry(at).or_insert_with(|| Share {
            namespace: metadata.namespace.clone(),
            owner,
            amount: Quantity::ZERO,
            objects: Vec::new(),
        });
        share.amount += amount;
        share.objects.push(taken(holdings, object, id, key, amount));
    }
    section.workloads = shares.into_values().collect();
    for share in &mut section.workloads {
        share.objects.sort_by(|one, other| (other.amount, &one.object).cmp(&(one.amount, &other.object)));
    }
    let place = |share: &Share| (share.namespace.clone(), share.owner.clone());
    section
        .workloads
        .sort_by(|one, other| other.amount.cmp(&one.amount).then_with(|| place(one).cmp(&place(other))));
    section.uncharged.sort();
    section.quotas = quotas(holdings, within, key);
    section
}

/// What an object is called.
fn id(holdings: &Holdings<'_>, object: &Charged) -> ObjectKey {
    let metadata = object.metadata().cloned().unwrap_or_default();
    let name = object.group_resource();
    let kind = holdings.types.preferred().find(|resource| resource.group_resource() == name);
    let (group, kind) = kind.map_or(("", name), |resource| (&resource.group, &resource.kind));
    ObjectKey::new(group, kind, metadata.namespace, metadata.name)
}

fn taken(holdings: &Holdings<'_>, object: &Charged, id: ObjectKey, key: &str, amount: Quantity) -> Taken {
    let arithmetic = match (object, formula::side_of(key)) {
        (Charged::Pod(pod), Some((side, resource))) => {
            usage::explain(pod, side).into_iter().find(|arithmetic| arithmetic.resource == resource)
        }
        _ => None,
    };
    let formula = arithmetic.as_ref().map(formula::formula).unwrap_or_default();
    Taken { object: id, amount, arithmetic, formula, notes: notes::notes(holdings, object) }
}

/// The quotas of these namespaces that have the key.
fn quotas(holdings: &Holdings<'_>, within: &dyn Fn(&str) -> bool, key: &str) -> Vec<Beside> {
    let mut found = Vec::new();
    for quota in holdings.quotas {
        let (Some(metadata), Some(spec)) = (&quota.metadata, &quota.spec) else { continue };
        if !within(&metadata.namespace) {
            continue;
        }
        let used = quota.status.as_ref().and_then(|status| {
            status.used.iter().find(|(other, _)| canonical(other) == canonical(key)).map(|(_, used)| *used)
        });
        let here = |namespace: &str| namespace == metadata.namespace;
        if let Some(beside) = beside(holdings, &here, key, spec, used) {
            let (namespace, quota) = (Some(metadata.namespace.clone()), metadata.name.clone());
            found.push(Beside { namespace, quota, ..beside });
        }
    }
    found.sort_by(|one, other| (&one.namespace, &one.quota).cmp(&(&other.namespace, &other.quota)));
    found
}

fn beside(
    holdings: &Holdings<'_>,
    within: &dyn Fn(&str) -> bool,
    key: &str,
    spec: &QuotaSpec,
    used: Option<Quantity>,
) -> Option<Beside> {
    let (name, hard) = spec.hard.iter().find(|(other, _)| canonical(other) == canonical(key))?;
    let (mut counted, mut out_of_scope) = (Quantity::ZERO, 0);
    for object in holdings.objects {
        if !object.metadata().is_some_and(|metadata| within(&metadata.namespace)) {
            continue;
        }
        let amount = usage_with(object, holdings.devices, holdings.now).of(name);
        if amount.is_zero() {
            continue;
        }
        if spec.matches_with(object, holdings.devices) {
            counted += amount;
        } else {
            out_of_scope += 1;
        }
    }
    Some(Beside {
        namespace: None,
        quota: String::new(),
        hard: *hard,
        used,
        counted,
        rate: Rate::of(counted, *hard),
        scopes: notes::scopes(spec),
        out_of_scope,
    })
}
