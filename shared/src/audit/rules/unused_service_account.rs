use crate::audit::{
    api::ServiceAccount,
    case::{Case, pod, role_binding},
    context::Context,
    findings::Findings,
    rbac::user_of_account,
    rule::{Check, Outcome, rule},
    world::POD_KINDS,
};

rule! {
    /// A service account is used by no workload and named in no binding.
    ///
    /// ## Why it matters
    ///
    /// It is an identity that nobody watches, with a name that a later binding or a cloud role may trust.
    ///
    /// ## Remediation
    ///
    /// Delete it, unless an operator starts pods with it on its own.
    severity: Info,
    category: Rbac,
    admission: Never,
    needs: Objects,
    reads: [CLUSTER_ROLE_BINDING, CRON_JOB, DAEMON_SET, DEPLOYMENT, JOB, POD, REPLICATION_CONTROLLER, REPLICA_SET, ROLE_BINDING, STATEFUL_SET],
    references: [],
    check: [Check::ServiceAccount(check)],
    cases: [
        Case::pass("a pod runs as it", concat!(pod!("serviceAccountName: web, containers: [{name: a, image: x}]"), "{apiVersion: v1, kind: ServiceAccount, metadata: {name: web, namespace: shop}}")),
        Case::pass("a workload that is scaled to nothing needs it again", "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {replicas: 0, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {serviceAccountName: web, containers: [{name: a, image: x}]}}}}\n---\n{apiVersion: v1, kind: ServiceAccount, metadata: {name: web, namespace: shop}}"),
        Case::pass("somebody outside uses it: it has a role", concat!(role_binding!("ClusterRole", "edit", "{kind: ServiceAccount, namespace: shop, name: ci}"), "{apiVersion: v1, kind: ServiceAccount, metadata: {name: ci, namespace: shop}}")),
        Case::pass("the one that every namespace has", "{apiVersion: v1, kind: ServiceAccount, metadata: {name: default, namespace: shop}}"),
        Case::pass("in files, a custom resource names it", "{apiVersion: serving.knative.dev/v1, kind: Service, metadata: {name: k, namespace: shop}, spec: {template: {spec: {serviceAccountName: web, containers: [{image: x}]}}}}\n---\n{apiVersion: v1, kind: ServiceAccount, metadata: {name: web, namespace: shop}}").in_files_only(),
        Case::fail(
            "a pod of another namespace runs as its namesake",
            concat!(pod!("serviceAccountName: web, containers: [{name: a, image: x}]"), "{apiVersion: v1, kind: ServiceAccount, metadata: {name: web, namespace: other}}\n---\n{apiVersion: v1, kind: ServiceAccount, metadata: {name: web, namespace: shop}}"),
            &["ServiceAccount/other/web no workload runs as this service account and no binding names it"],
        ),
        Case::unknown(
            "stateful sets were not read",
            "{apiVersion: v1, kind: ServiceAccount, metadata: {name: web, namespace: shop}}",
            &["StatefulSet.apps"],
            &["? ServiceAccount/shop/web StatefulSet.apps in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(account: &ServiceAccount, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let (namespace, name) = (account.metadata.namespace.as_str(), account.metadata.name.as_str());
    // The control plane runs as its accounts outside of pods.
    if name == "default" || namespace == "kube-system" || cx.runs_as(namespace, name) {
        return Ok(());
    }
    for kind in POD_KINDS {
        cx.covered(*kind, namespace)?;
    }
    // In a cluster the pods are there that a custom resource is about.
    if !cx.is_live() && cx.consumers().custom_names(name) {
        return Ok(());
    }
    if !cx.permissions()?.names(&user_of_account(namespace, name)) {
        out.fail("", "no workload runs as this service account and no binding names it");
    }
    Ok(())
}
