//! Types and objects, in the forms in which kubectl takes them.

use super::{
    answer::{Answer, Candidate},
    cluster::Cluster,
    engine::matching,
};
use crate::model::{discovery::Discovery, resource::Resource};

/// One type.
pub(super) fn types(cluster: &Cluster<'_>, prefix: &str) -> Answer {
    Answer::of(type_candidates(&cluster.types(), prefix))
}

/// Types with commas between them: the last is being written.
pub(super) fn type_list(cluster: &Cluster<'_>, prefix: &str) -> Answer {
    let Some((done, last)) = prefix.rsplit_once(',') else { return types(cluster, prefix) };
    let mut answer = types(cluster, last);
    answer.candidates.retain(|candidate| !done.split(',').any(|other| other == candidate.value));
    for candidate in &mut answer.candidates {
        candidate.value = format!("{done},{}", candidate.value);
    }
    answer
}

/// `TYPE/NAME`: a type with its slash, then the name; `known` are not offered again.
pub(super) fn object(cluster: &Cluster<'_>, prefix: &str, known: &[String]) -> Answer {
    let Some((kind, name)) = prefix.split_once('/') else {
        let mut answer = types(cluster, prefix);
        for candidate in &mut answer.candidates {
            candidate.value.push('/');
        }
        return answer.without_space();
    };
    let names = cluster.names(kind).into_iter().filter(|candidate| candidate.starts_with(name));
    let candidates = names.map(|name| Candidate::new(format!("{kind}/{name}"), ""));
    Answer::of(candidates.filter(|candidate| !known.contains(&candidate.value)).collect())
}

/// The word after `before` of kubectl's resource arguments.
pub(super) fn resources(cluster: &Cluster<'_>, prefix: &str, before: &[String]) -> Answer {
    match before.split_first() {
        None if prefix.contains('/') => object(cluster, prefix, before),
        None => type_list(cluster, prefix),
        Some((first, _)) if first.contains('/') => object(cluster, prefix, before),
        Some((types, names)) => {
            let candidates = cluster.names(types).into_iter().filter(|name| !names.contains(name));
            Answer::of(matching(candidates.map(|name| Candidate::new(name, "")).collect(), prefix))
        }
    }
}

/// The types whose name begins with `prefix`, or whose short name is just that. The group is told where two types
/// have one name and this is not the one that the bare name means.
fn type_candidates(discovery: &Discovery, prefix: &str) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    for resource in discovery.preferred().filter(|resource| resource.supports("list")) {
        let bare = discovery.resolve(&resource.plural).is_ok_and(|meant| meant == resource);
        let name = if bare { resource.plural.clone() } else { resource.group_resource() };
        if name.starts_with(prefix) {
            candidates.push(Candidate::new(name, describe(resource)));
        }
        if resource.short_names.iter().any(|short| short == prefix)
            && discovery.resolve(prefix).is_ok_and(|meant| meant == resource)
        {
            candidates.push(Candidate::new(prefix, describe(resource)));
        }
    }
    candidates.sort();
    candidates
}

/// `Deployment (deploy)`.
fn describe(resource: &Resource) -> String {
    if resource.short_names.is_empty() {
        resource.kind.clone()
    } else {
        format!("{} ({})", resource.kind, resource.short_names.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::builtin_kinds::builtin;

    fn values(prefix: &str) -> Vec<String> {
        type_candidates(builtin(), prefix).into_iter().map(|candidate| candidate.value).collect()
    }

    #[test]
    fn types_by_name_and_by_short_name() {
        assert_eq!(values("dep"), ["deployments"]);
        assert_eq!(values("svc"), ["svc"]);
        assert_eq!(values("ev"), ["ev", "events", "events.events.k8s.io"]);
        assert_eq!(values("po"), ["po", "poddisruptionbudgets", "pods", "podtemplates"]);
        assert!(values("").contains(&"nodes".to_owned()));
    }
}
