use crate::audit::{
    case::{Case, deployment},
    context::Context,
    findings::Findings,
    rbac::Binding,
    rule::{Check, Outcome, rule},
    world::{POD_KINDS, Unknown},
};

rule! {
    /// A role is granted to the service account `default`, and pods run as it.
    ///
    /// ## Why it matters
    ///
    /// Every pod of the namespace that names no account gets this role, those of tomorrow included, and whoever may
    /// create a pod there has it too. Nobody who reads the pods sees it.
    ///
    /// ## Remediation
    ///
    /// Create a service account for the workload that needs the role, bind the role to that one, name it in the
    /// workload's `serviceAccountName`, and remove `default` from the binding.
    severity: High,
    category: Security,
    admission: Warn,
    needs: Objects,
    reads: [
        POD, DEPLOYMENT, REPLICA_SET, REPLICATION_CONTROLLER, STATEFUL_SET, DAEMON_SET, JOB, CRON_JOB,
    ],
    references: ["CIS 5.1.5"],
    check: [Check::RoleBinding(check), Check::ClusterRoleBinding(check)],
    cases: [
        Case::pass(
            "granted, but nothing runs as it",
            concat!(
                deployment!("serviceAccountName: web, containers: [{name: a, image: x}]"),
                "{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: b, namespace: shop}, subjects: [{kind: ServiceAccount, name: default, namespace: shop}], roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}}",
            ),
        ),
        Case::pass(
            "granted to the account of another namespace",
            concat!(
                deployment!("containers: [{name: a, image: x}]"),
                "{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: b, namespace: shop}, subjects: [{kind: ServiceAccount, name: default, namespace: other}, {kind: User, apiGroup: rbac.authorization.k8s.io, name: default}], roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}}",
            ),
        ),
        Case::fail(
            "of the namespace of the binding, where the subject leaves its own out",
            concat!(
                deployment!("containers: [{name: a, image: x}]"),
                "{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: b, namespace: shop}, subjects: [{kind: ServiceAccount, name: default}], roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: writer}}",
            ),
            &["RoleBinding.rbac.authorization.k8s.io/shop/b subjects[0]: Role \"writer\" is granted to the default service account of namespace shop, as which 1 workload runs: Deployment.apps/shop/web"],
        ),
        Case::fail(
            "in the namespace, and in all of them",
            concat!(
                deployment!("containers: [{name: a, image: x}]"),
                "{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: b, namespace: shop}, subjects: [{kind: ServiceAccount, name: default, namespace: shop}], roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: writer}}\n---\n",
                "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: b}, subjects: [{kind: ServiceAccount, name: api, namespace: shop}, {kind: ServiceAccount, name: default, namespace: shop}], roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}}",
            ),
            &[
                "ClusterRoleBinding.rbac.authorization.k8s.io/b subjects[1]: ClusterRole \"edit\" is granted to the default service account of namespace shop, as which 1 workload runs: Deployment.apps/shop/web",
                "RoleBinding.rbac.authorization.k8s.io/shop/b subjects[0]: Role \"writer\" is granted to the default service account of namespace shop, as which 1 workload runs: Deployment.apps/shop/web",
            ],
        ),
        Case::unknown(
            "something may run as it",
            "{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: b, namespace: shop}, subjects: [{kind: ServiceAccount, name: default, namespace: shop}], roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: writer}}",
            &["StatefulSet.apps"],
            &["? RoleBinding.rbac.authorization.k8s.io/shop/b StatefulSet.apps in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check<B: Binding>(binding: &B, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let role = binding.role();
    for (index, subject) in binding.subjects().iter().enumerate() {
        if subject.kind != "ServiceAccount" || subject.name != "default" {
            continue;
        }
        let namespace = binding.home(subject);
        let users = cx.units().iter().filter(|unit| unit.namespace() == namespace);
        let mut users = users.filter(|unit| unit.service_account() == "default" && !unit.is_mirror());
        if let Some(first) = users.next() {
            let (count, more) = match users.count() {
                0 => ("1 workload runs".to_owned(), ""),
                others => (format!("{} workloads run", others + 1), " and others"),
            };
            let (kind, name) = (&role.kind, &role.name);
            out.fail(
                format!("subjects[{index}]"),
                format!("{kind} {name:?} is granted to the default service account of namespace {namespace}, as which {count}: {}{more}", first.owner),
            );
        } else {
            all_pods_read(cx, namespace)?;
        }
    }
    Ok(())
}

fn all_pods_read(cx: &Context<'_>, namespace: &str) -> Result<(), Unknown> {
    POD_KINDS.iter().try_for_each(|kind| cx.covered(*kind, namespace))
}
