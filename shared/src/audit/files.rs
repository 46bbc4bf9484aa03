//! From files to a [`World`].

use std::io::Read;

use super::world::World;
use crate::{
    graph::edges::group_of,
    manifest::{self, InputError, Inputs, SavedError, SavedSnapshot, Scopes},
    model::{Skipped, kinds},
};

/// Reads manifests. `namespace` is that of objects which leave theirs out. `complete`: there is nothing outside of the
/// files, so that a reference to an object which they don't hold is a reference to nothing.
pub fn from_files(
    inputs: &Inputs,
    stdin: &mut dyn Read,
    namespace: &str,
    complete: bool,
) -> Result<(World, Vec<Skipped>), InputError> {
    read_files(World::of_files(), inputs, stdin, namespace, complete)
}

/// The same, into a world that may keep more of some kinds than others do.
pub fn read_files(
    mut world: World,
    inputs: &Inputs,
    stdin: &mut dyn Read,
    namespace: &str,
    complete: bool,
) -> Result<(World, Vec<Skipped>), InputError> {
    let inputs = Inputs { keep_data: true, ..inputs.clone() };
    let mut unreadable = Vec::new();
    let mut sink = |document: manifest::Document| {
        let manifest::Document { object, api_version, kind, origin } = document;
        if let Err(error) = world.take_manifest(&api_version, &kind, object) {
            world.coverage.lose(Some((group_of(&api_version), &kind)), "");
            unreadable.push(Skipped {
                resource: origin.to_string(),
                namespace: None,
                reason: "Invalid".to_owned(),
                message: format!("{kind}: {error}"),
            });
        }
    };
    let mut scopes = Scopes::new(namespace);
    for kind in kinds::ALL {
        scopes.declare(kind.group, kind.kind, kind.namespaced);
    }
    let mut skipped = manifest::read(&inputs, stdin, scopes, &mut sink)?;
    if let Some(lost) = skipped.iter().find(|skipped| manifest::is_object_lost(skipped)) {
        world.coverage.lose(None, &lost.resource);
    }
    skipped.extend(unreadable);
    world.cover_documents(complete);
    Ok((world, skipped))
}

/// Reads a snapshot: as live as it was when it was saved. Comes back: the name of its cluster with it.
pub fn from_snapshot(snapshot: SavedSnapshot) -> Result<(World, String, Vec<Skipped>), SavedError> {
    read_snapshot(World::of_cluster(), snapshot)
}

/// The same, into a world that may keep more of some kinds than others do.
pub fn read_snapshot(
    mut world: World,
    snapshot: SavedSnapshot,
) -> Result<(World, String, Vec<Skipped>), SavedError> {
    let mut unreadable = Vec::new();
    let header = snapshot.read(&mut |document| {
        let group = group_of(&document.api_version).to_owned();
        if let Err(error) = world.take_live(&group, &document.kind, document.object) {
            unreadable.push(Skipped {
                resource: document.origin.to_string(),
                namespace: None,
                reason: "Invalid".to_owned(),
                message: format!("{}: {error}", document.kind),
            });
        }
    })?;
    for covered in &header.covered {
        world.coverage.cover(&covered.group, &covered.kind, covered.namespace.as_deref());
    }
    let mut skipped = header.skipped;
    skipped.extend(unreadable);
    Ok((world, header.cluster, skipped))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::{Settings, catalogue, run};

    /// What these rules say of files that hold this.
    fn said(rules: &[&str], text: &str, complete: bool) -> Vec<String> {
        let inputs = Inputs { files: vec!["-".to_owned()], ..Inputs::default() };
        let (world, _) = from_files(&inputs, &mut text.as_bytes(), "default", complete).unwrap();
        assert!(!world.is_empty());
        let rules: Vec<_> = catalogue().iter().filter(|rule| rules.contains(&rule.id)).collect();
        let outcomes = run(&world, &Settings::default(), &rules, &|_, _| true);
        outcomes.findings.iter().map(ToString::to_string).collect()
    }

    const POD: &str = "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: NS}, spec: {priorityClassName: high, containers: [{name: a, image: x, envFrom: [{secretRef: {name: gone}}]}]}}\n---\n{apiVersion: v1, kind: Secret, metadata: {name: s, namespace: NS}}\n---\n{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: low}}\n---\n";

    #[test]
    fn files_are_all_of_a_namespace_but_not_of_the_clusters_own() {
        let pod = |namespace: &str| POD.replace("NS", namespace);
        let gone =
            "Pod/shop/p [a] spec.containers[0].envFrom[0].secretRef.name: secret \"gone\" does not exist";
        assert_eq!(said(&["missing-secret"], &pod("shop"), false), [gone]);
        for complete in [false, true] {
            assert_eq!(
                said(&["missing-secret"], &pod("kube-system"), complete),
                [
                    "Pod/kube-system/p the files are not all there is of namespace kube-system; there may be such a Secret"
                ]
            );
        }
    }

    #[test]
    fn classes_come_with_clusters() {
        let rule = ["missing-priority-class"];
        assert_eq!(
            said(&rule, &POD.replace("NS", "shop"), false),
            [
                "Pod/shop/p clusters have PriorityClass.scheduling.k8s.io objects that no application's files hold"
            ]
        );
        assert_eq!(said(&rule, &POD.replace("NS", "shop"), true).len(), 1);
    }

    #[test]
    fn what_could_not_be_read_may_be_what_is_missing() {
        let pod = POD.replace("NS", "shop");
        for (broken, why) in [
            (
                "kind: {{ .Values.kind }}",
                "not all of the files could be read: standard input: document 4, line 7",
            ),
            (
                "{apiVersion: v1, kind: Secret, metadata: {name: gone, namespace: shop}, type: 1}",
                "a Secret of the files could not be read",
            ),
        ] {
            for complete in [false, true] {
                let text = format!("{pod}{broken}");
                assert_eq!(said(&["missing-secret"], &text, complete), [format!("Pod/shop/p {why}")]);
            }
        }
        let configuration =
            format!("{pod}apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n");
        assert!(
            said(&["missing-secret"], &configuration, false)[0].ends_with("does not exist"),
            "no object is lost"
        );
    }

    #[test]
    fn a_part_of_an_object_is_none() {
        let patch = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {replicas: 3, template: {spec: {containers: [{name: a, env: [{name: A, value: b}]}]}}}}";
        let inputs = Inputs { files: vec!["-".to_owned()], ..Inputs::default() };
        let text = format!("{}{patch}", POD.replace("NS", "shop"));
        let (world, skipped) = from_files(&inputs, &mut text.as_bytes(), "default", false).unwrap();
        assert_eq!(world.len(), 3);
        assert_eq!(skipped.len(), 1);
        assert_eq!(skipped[0].resource, "standard input: document 4, line 7");
        assert!(skipped[0].message.starts_with("Deployment: spec.selector and"), "{}", skipped[0].message);
        let labelled = patch.replace("template: {", "template: {metadata: {labels: {app: web}}, ");
        assert_eq!(
            said(&["selector-mismatch"], &labelled, false),
            ["Deployment.apps/shop/web spec.selector: there is no selector"]
        );
    }

    #[test]
    fn other_namespaces_are_not_in_the_files() {
        let policy = "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: np, namespace: shop}, spec: {podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}, podSelector: {matchLabels: {k8s-app: kube-dns}}}]}]}}\n---\n";
        let text = format!("{}{policy}", POD.replace("NS", "shop"));
        assert_eq!(
            said(&["network-policy-peer-matches-nothing"], &text, false),
            [
                "NetworkPolicy.networking.k8s.io/shop/np the files are not all there is of every namespace; there may be such a Pod in another"
            ]
        );
    }

    #[test]
    fn kinds_that_rules_know_have_their_scope_without_a_definition() {
        let route = "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r}, spec: {parentRefs: [{name: g}]}}\n---\n{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: other}, spec: {gatewayClassName: c}}\n";
        assert_eq!(
            said(&["route-parent-missing"], route, false),
            [
                "HTTPRoute.gateway.networking.k8s.io/default/r spec.parentRefs[0]: Gateway default/g does not exist"
            ]
        );
    }
}
