use crate::audit::{
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    world::{Object, READ},
};
use crate::{
    graph::edges::group_of,
    model::{ObjectKey, OwnerReference},
};

rule! {
    /// An object is owned by an object that is gone, or that lives where it can't own it.
    ///
    /// ## Why it matters
    ///
    /// The garbage collector deletes what all owners of are gone: an owner in another namespace counts as gone, so that the
    /// object may vanish at any moment. If it does not, nobody looks after it any more.
    ///
    /// ## Remediation
    ///
    /// Remove the owner reference, or let the owner be in the same namespace or of the whole cluster. Objects copied from
    /// another cluster keep owners that were never here.
    severity: Medium,
    category: References,
    admission: Never,
    needs: Status,
    reads: [DEPLOYMENT, REPLICA_SET, STATEFUL_SET, DAEMON_SET, JOB, CRON_JOB, NODE],
    references: ["https://kubernetes.io/docs/concepts/overview/working-with-objects/owners-dependents/"],
    check: [
        Check::LivePod(check),
        Check::ReplicaSet(check),
        Check::Deployment(check),
        Check::StatefulSet(check),
        Check::DaemonSet(check),
        Check::Job(check),
        Check::Service(check),
        Check::ConfigMap(check),
        Check::Secret(check),
        Check::PersistentVolumeClaim(check),
        Check::ServiceAccount(check),
        Check::Ingress(check),
    ],
    cases: [
        Case::fail(
            "gone, and another object of the same name",
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: shop, uid: u1, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: gone, uid: u9}]}}\n---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: b, namespace: shop, uid: u2, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, uid: u8}]}}\n---\n{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop, uid: u3}, spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: x}]}}}}",
            &[
                "ConfigMap/shop/a metadata.ownerReferences[0]: owner Deployment.apps/shop/gone does not exist",
                "ConfigMap/shop/b metadata.ownerReferences[0]: owner Deployment.apps/shop/web is gone; there is another of its name",
            ],
        ).in_files_only(),
        Case::fail(
            "in another namespace",
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: shop, uid: u1, ownerReferences: [{apiVersion: v1, kind: Service, name: db, uid: u2}]}}\n---\n{apiVersion: v1, kind: Service, metadata: {name: db, namespace: bank, uid: u2}, spec: {ports: [{port: 80}]}}",
            &["ConfigMap/shop/a metadata.ownerReferences[0]: owner Service/bank/db is in another namespace"],
        ).in_files_only(),
        Case::pass(
            "there; of a kind that is not read; and one that is being deleted anyway",
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: shop, uid: u1, ownerReferences: [{apiVersion: v1, kind: Service, name: db, uid: u2}]}}\n---\n{apiVersion: v1, kind: Service, metadata: {name: db, namespace: shop, uid: u2}, spec: {ports: [{port: 80}]}}\n---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: b, namespace: shop, uid: u3, ownerReferences: [{apiVersion: example.com/v1, kind: Thing, name: t, uid: u9}]}}\n---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: shop, uid: u4, deletionTimestamp: '2026-11-28T11:59:00Z', ownerReferences: [{apiVersion: v1, kind: Service, name: gone, uid: u8}]}}",
        ).in_files_only(),
        Case::unknown(
            "forbidden is not gone",
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: shop, uid: u1, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: gone, uid: u9}]}}",
            &["ReplicaSet.apps"],
            &["? ReplicaSet.apps could not be read: Forbidden: no permission", "? ConfigMap/shop/a ReplicaSet.apps in namespace shop could not be read: Forbidden: no permission"],
        ).in_files_only(),
    ],
}

fn check<T: Object>(object: &T, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let metadata = object.metadata();
    if metadata.deletion_timestamp.is_some() {
        return Ok(());
    }
    for (n, owner) in metadata.owner_references.iter().enumerate() {
        let path = || format!("metadata.ownerReferences[{n}]");
        let Some((key, kind)) = key_of(owner, &metadata.namespace) else { continue };
        match cx.world().metadata(&key) {
            Some(found) if found.uid == owner.uid || found.uid.is_empty() => {}
            Some(_) => {
                out.fail(path(), format!("owner {key} is gone; there is another of its name"));
            }
            None => {
                if let Err(unknown) = cx.covered(kind, &key.namespace) {
                    out.unknown(&unknown);
                } else if let Some(other) = elsewhere(cx, owner, &key) {
                    out.fail(path(), format!("owner {other} is in another namespace"));
                } else {
                    out.fail(path(), format!("owner {key} does not exist"));
                }
            }
        }
    }
    Ok(())
}

/// The owner, if it is of a kind that rules read.
fn key_of(owner: &OwnerReference, namespace: &str) -> Option<(ObjectKey, crate::model::Kind)> {
    let group = group_of(&owner.api_version);
    let kind = READ.iter().find(|kind| kind.is(group, &owner.kind))?;
    let namespace = if kind.namespaced { namespace } else { "" };
    Some((ObjectKey::new(group, owner.kind.as_str(), namespace, owner.name.as_str()), *kind))
}

/// The owner, in another namespace. Only an object that has lost its owner is worth the search.
fn elsewhere(cx: &Context<'_>, owner: &OwnerReference, key: &ObjectKey) -> Option<ObjectKey> {
    let namespaces =
        cx.world().store::<crate::audit::api::Service>().all().map(|one| &one.metadata.namespace);
    let configs =
        cx.world().store::<crate::audit::api::ServiceAccount>().all().map(|one| &one.metadata.namespace);
    let mut keys = namespaces
        .chain(configs)
        .map(|namespace| ObjectKey::new(&*key.group, &*key.kind, namespace.as_str(), &*key.name));
    keys.find(|other| cx.world().metadata(other).is_some_and(|found| found.uid == owner.uid))
}
