use crate::audit::{
    api::ServiceAccount,
    case::{Case, cluster_role_binding, role_binding},
    context::Context,
    findings::Findings,
    rbac::{Binding, is_system},
    rule::{Check, Outcome, rule},
};

rule! {
    /// A binding gives a role to a service account that does not exist.
    ///
    /// ## Why it matters
    ///
    /// Either the workload that was meant runs without its rights, because the name or the namespace is wrong; or
    /// what had them is gone, and whoever may create a service account of that name gets them.
    ///
    /// ## Remediation
    ///
    /// Correct the subject, mind its `namespace`, or remove it from the binding.
    severity: Medium,
    category: Rbac,
    admission: Never,
    needs: Objects,
    reads: [SERVICE_ACCOUNT],
    references: [],
    check: [Check::ClusterRoleBinding(check), Check::RoleBinding(check)],
    cases: [
        Case::pass("it exists; users and groups are nobody's objects", concat!("{apiVersion: v1, kind: ServiceAccount, metadata: {name: web, namespace: shop}}\n---\n", role_binding!("ClusterRole", "view", "{kind: ServiceAccount, namespace: shop, name: web}, {kind: User, apiGroup: rbac.authorization.k8s.io, name: ada}, {kind: Group, apiGroup: rbac.authorization.k8s.io, name: devs}"))),
        Case::pass("every namespace has a default one", role_binding!("ClusterRole", "view", "{kind: ServiceAccount, namespace: shop, name: default}")).in_files_only(),
        Case::pass("the cluster's own bindings name accounts that not every cluster uses", "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: 'system:controller:x', labels: {kubernetes.io/bootstrapping: rbac-defaults}}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}, subjects: [{kind: ServiceAccount, namespace: kube-system, name: x}]}"),
        Case::pass("a subject that leaves its namespace out is of the binding's", concat!("{apiVersion: v1, kind: ServiceAccount, metadata: {name: web, namespace: shop}}\n---\n", role_binding!("ClusterRole", "view", "{kind: ServiceAccount, name: web}"))),
        Case::fail(
            "of another namespace",
            concat!("{apiVersion: v1, kind: ServiceAccount, metadata: {name: web, namespace: shop}}\n---\n", cluster_role_binding!("view", "{kind: ServiceAccount, namespace: shop, name: web}, {kind: ServiceAccount, namespace: other, name: web}")),
            &["ClusterRoleBinding.rbac.authorization.k8s.io/b subjects[1]: ServiceAccount other/web does not exist"],
        ),
        Case::pass("in files, what the controller manager makes for itself", cluster_role_binding!("view", "{kind: ServiceAccount, namespace: kube-system, name: horizontal-pod-autoscaler}")).in_files_only(),
        Case::fail(
            "of no namespace",
            cluster_role_binding!("view", "{kind: ServiceAccount, name: web}"),
            &["ClusterRoleBinding.rbac.authorization.k8s.io/b subjects[0]: ServiceAccount web is of no namespace: the API server refuses the binding"],
        ).in_files_only(),
        Case::unknown(
            "in files, a namespace that is still to be filled in, and what a distribution puts into its own",
            cluster_role_binding!("view", "{kind: ServiceAccount, namespace: '${NS}', name: web}, {kind: ServiceAccount, namespace: __NAMESPACE__, name: web}, {kind: ServiceAccount, namespace: kube-system, name: coredns}"),
            &[],
            &[
                "? ClusterRoleBinding.rbac.authorization.k8s.io/b namespace \"${NS}\" is still to be filled in",
                "? ClusterRoleBinding.rbac.authorization.k8s.io/b namespace \"__NAMESPACE__\" is still to be filled in",
                "? ClusterRoleBinding.rbac.authorization.k8s.io/b the files are not all there is of namespace kube-system; there may be such a ServiceAccount",
            ],
        ).in_files_only(),
        Case::unknown(
            "service accounts were not read",
            role_binding!("ClusterRole", "view", "{kind: ServiceAccount, namespace: shop, name: web}"),
            &["ServiceAccount"],
            &["? RoleBinding.rbac.authorization.k8s.io/shop/b ServiceAccount in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check<B: Binding>(binding: &B, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if is_system(binding.metadata()) {
        return Ok(());
    }
    for (at, subject) in binding.subjects().iter().enumerate() {
        if subject.kind != "ServiceAccount" {
            continue;
        }
        let home = binding.home(subject);
        if home.is_empty() {
            let told = format!("{subject} is of no namespace: the API server refuses the binding");
            out.fail(format!("subjects[{at}]"), told);
            continue;
        }
        match cx.exists::<ServiceAccount>(home, &subject.name) {
            Ok(true) => {}
            Ok(false) => _ = out.fail(format!("subjects[{at}]"), format!("{subject} does not exist")),
            Err(unknown) => out.unknown(&unknown),
        }
    }
    Ok(())
}
