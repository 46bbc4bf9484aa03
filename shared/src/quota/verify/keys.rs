//! Keys that no server counts anything by.
//!
//! The API server takes any key with a slash in it, and refuses other keys that it does not know. So what is misspelt
//! here is `count/deployments` without its group, `nvidia.com/gpu` without `requests.`, or a class that does not exist.

use super::{Evidence, Finding, Problem};
use crate::{
    model::{discovery::Discovery, resource::Resource},
    quota::{ResourceQuota, counted::counted_types, usage::is_countable},
};

const STORAGE_CLASS: &str = ".storageclass.storage.k8s.io/";

/// Keys of a quota that count nothing.
pub(super) fn check(evidence: &Evidence<'_>, quota: &ResourceQuota) -> Vec<Finding> {
    let keys = quota.spec.iter().flat_map(|spec| &spec.hard);
    keys.filter_map(|(key, hard)| {
        let (cause, remedy) = wrong(evidence, key)?;
        Some(Finding::new(Problem::UnknownKey, cause, remedy).of(key, Some(*hard)))
    })
    .collect()
}

/// Why a key counts nothing, and what may have been meant.
fn wrong(evidence: &Evidence<'_>, key: &str) -> Option<(String, String)> {
    let instead = |meant: &str| format!("write {meant} instead, or remove {key}");
    if let Some(name) = key.strip_prefix("count/") {
        if !counted_types([key], evidence.types).is_empty() {
            return None;
        }
        // Of a group that does not answer nothing is known.
        let group = name.split_once('.').map_or("", |(_, group)| group);
        if evidence.types.stale.iter().any(|stale| stale.split('/').next() == Some(group)) {
            return None;
        }
        return Some(uncounted_type(evidence.types, key, name));
    }
    if let Some((class, _)) = key.split_once(STORAGE_CLASS)
        && let Some(classes) = &evidence.names.storage_classes
        && is_countable(key)
    {
        if classes.contains(class) {
            return None;
        }
        let cause = format!("there is no StorageClass {class:?}, and claims count here only by that name");
        let meant = nearest(class, classes.iter().map(String::as_str));
        let remedy = match meant {
            Some(meant) => instead(&key.replacen(class, meant, 1)),
            None => format!("create the StorageClass, or remove {key}"),
        };
        return Some((cause, remedy));
    }
    if is_countable(key) {
        return None;
    }
    let resource = key.strip_prefix("limits.").unwrap_or(key);
    if is_countable(&format!("requests.{resource}")) {
        let cause =
            format!("quotas count extended resources only by what is requested, as requests.{resource}");
        return Some((cause, instead(&format!("requests.{resource}"))));
    }
    let cause = "no part of Kubernetes counts anything by this key".to_owned();
    Some((cause, format!("remove {key}; kubectl explain resourcequota.spec.hard names what there is")))
}

/// Why a `count/` key counts nothing.
fn uncounted_type(types: &Discovery, key: &str, name: &str) -> (String, String) {
    let instead =
        |resource: &Resource| format!("write count/{} instead, or remove {key}", resource.group_resource());
    if !is_countable(key) {
        let cause = format!("quotas never count {name}");
        return (cause, format!("remove {key}"));
    }
    let exact = types.preferred().find(|resource| resource.group_resource() == name);
    if let Some(resource) = exact {
        let cause = if resource.namespaced {
            format!("{resource} cannot be listed, so that nobody can count them")
        } else {
            format!("{resource} are in no namespace, and a quota counts what is in its own")
        };
        return (cause, format!("remove {key}"));
    }
    let cause = format!("the server has no type {name:?}; nothing is counted by this key");
    let plain = name.split('.').next().unwrap_or(name);
    let remedy = match types.resolve(name).or_else(|_| types.resolve(plain)) {
        Ok(resource) if resource.namespaced => instead(resource),
        _ => {
            let plurals: Vec<String> = types
                .preferred()
                .filter(|resource| resource.namespaced)
                .map(Resource::group_resource)
                .collect();
            match nearest(name, plurals.iter().map(String::as_str)) {
                Some(meant) => format!("write count/{meant} instead, or remove {key}"),
                None => format!("install what defines {name}, or remove {key}"),
            }
        }
    };
    (cause, remedy)
}

/// The name that differs least, if it differs little.
fn nearest<'a>(name: &str, among: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let least = among.map(|other| (distance(name, other), other)).min()?;
    (least.0 <= name.chars().count() / 4 + 1).then_some(least.1)
}

/// How many characters must be put in, taken out or replaced to make one of the other.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (n, a) in one.chars().enumerate() {
        let mut diagonal = n;
        let mut left = n + 1;
        let mut next = vec![left];
        for (b, above) in other.iter().zip(row.iter().skip(1)) {
            let best = (diagonal + usize::from(a != *b)).min(above + 1).min(left + 1);
            diagonal = *above;
            left = best;
            next.push(best);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "ab"), 2);
        assert_eq!(nearest("goldd", ["gold", "silver"].into_iter()), Some("gold"));
        assert_eq!(nearest("bronze", ["gold", "silver"].into_iter()), None);
    }
}
