use std::collections::BTreeMap;

use crate::{
    audit::{
        case::Case,
        context::Context,
        findings::Findings,
        images::Used,
        rule::{Check, Outcome, rule},
        world::POD_KINDS,
    },
    model::ObjectKey,
};

rule! {
    /// One image runs in several versions.
    ///
    /// ## Why it matters
    ///
    /// Sidecars and tools that should be the same everywhere have drifted apart: fixes are in some places only, and
    /// what works in one namespace fails in the next. Where the versions are stages of one rollout, nothing is wrong.
    ///
    /// ## Remediation
    ///
    /// Raise the workloads that are behind to the version of the others.
    severity: Info,
    category: Images,
    admission: Never,
    needs: Objects,
    reads: [
        POD, DEPLOYMENT, REPLICA_SET, REPLICATION_CONTROLLER, STATEFUL_SET, DAEMON_SET, JOB, CRON_JOB,
    ],
    references: [],
    check: [Check::Cluster(check)],
    cases: [
        Case::pass(
            "one version, by several names",
            "{apiVersion: v1, kind: Pod, metadata: {name: one, namespace: shop}, spec: {containers: [{name: a, image: 'redis:7.2'}]}}\n---\n{apiVersion: v1, kind: Pod, metadata: {name: two, namespace: shop}, spec: {containers: [{name: a, image: 'docker.io/library/redis:7.2'}]}}",
        ),
        Case::pass(
            "other images of the same last name",
            "{apiVersion: v1, kind: Pod, metadata: {name: one, namespace: shop}, spec: {containers: [{name: a, image: 'redis:7.2'}]}}\n---\n{apiVersion: v1, kind: Pod, metadata: {name: two, namespace: shop}, spec: {containers: [{name: a, image: 'example.com/redis:7.0'}]}}",
        ),
        Case::fail(
            "the few that differ from the many",
            "{apiVersion: v1, kind: Pod, metadata: {name: behind, namespace: dev}, spec: {containers: [{name: a, image: 'redis:7.0'}]}}\n---\n{apiVersion: v1, kind: Pod, metadata: {name: one, namespace: shop}, spec: {containers: [{name: a, image: 'redis:7.2'}]}}\n---\n{apiVersion: v1, kind: Pod, metadata: {name: two, namespace: shop}, spec: {containers: [{name: a, image: 'redis:7.2'}]}}",
            &["Pod/dev/behind image docker.io/library/redis runs as 7.0 in 1 workload, as 7.2 in 2 workloads"],
        ),
        Case::unknown(
            "other workloads may differ",
            "{apiVersion: v1, kind: Pod, metadata: {name: one, namespace: shop}, spec: {containers: [{name: a, image: 'redis:7.2'}]}}",
            &["CronJob.batch"],
            &["? CronJob.batch could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    // By image and version: the workloads, each once.
    let mut images: BTreeMap<String, BTreeMap<&str, Vec<&ObjectKey>>> = BTreeMap::new();
    for unit in cx.units() {
        for image in Used::all(unit).filter_map(|used| used.image()) {
            let name = format!("{}/{}", image.registry, image.repository());
            let version = image.tag.or(image.digest).unwrap_or("latest");
            let owners = images.entry(name).or_default().entry(version).or_default();
            if owners.last() != Some(&&unit.owner) {
                owners.push(&unit.owner);
            }
        }
    }
    for (name, versions) in images.iter().filter(|(_, versions)| versions.len() > 1) {
        // The first of the workloads that don't have the version of most.
        let most = versions.iter().max_by_key(|(_, owners)| owners.len()).map(|(version, _)| *version);
        let behind = versions.iter().filter(|(version, _)| Some(**version) != most);
        let Some(first) = behind.filter_map(|(_, owners)| owners.first()).min() else {
            continue;
        };
        let told: Vec<String> = versions
            .iter()
            .map(|(version, owners)| match owners.len() {
                1 => format!("as {version} in 1 workload"),
                count => format!("as {version} in {count} workloads"),
            })
            .collect();
        out.about(first, "", format!("image {name} runs {}", told.join(", ")));
    }
    POD_KINDS.iter().try_for_each(|kind| cx.covered_everywhere(*kind))
}
