use crate::audit::{
    api::{ClusterRole, Role},
    case::{Case, cluster_role, cluster_role_binding, role, role_binding},
    context::Context,
    findings::Findings,
    rbac::{Binding, referred},
    rule::{Check, Outcome, rule},
};

rule! {
    /// A binding refers to a role that does not exist.
    ///
    /// ## Why it matters
    ///
    /// Its subjects have none of the rights that somebody meant them to have. And whoever makes a role of that
    /// name later gives it to them without knowing.
    ///
    /// ## Remediation
    ///
    /// Create the role or delete the binding. The role of a binding can't be changed: a wrong name takes a new
    /// binding.
    severity: Medium,
    category: Rbac,
    admission: Never,
    needs: Objects,
    reads: [CLUSTER_ROLE, ROLE],
    references: [],
    check: [Check::ClusterRoleBinding(check), Check::RoleBinding(check)],
    cases: [
        Case::pass("they exist", concat!(role!("{apiGroups: [''], resources: [pods], verbs: [get]}"), cluster_role!("{apiGroups: [''], resources: [pods], verbs: [get]}"), role_binding!("Role", "r", "{kind: User, apiGroup: rbac.authorization.k8s.io, name: ada}"), cluster_role_binding!("c", "{kind: User, apiGroup: rbac.authorization.k8s.io, name: ada}"))),
        Case::pass("every cluster has it, files or not", role_binding!("ClusterRole", "view", "{kind: User, apiGroup: rbac.authorization.k8s.io, name: ada}")),
        Case::pass("what extension API servers bind: the API server makes it", "{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: b, namespace: kube-system}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: extension-apiserver-authentication-reader}, subjects: [{kind: User, apiGroup: rbac.authorization.k8s.io, name: ada}]}"),
        Case::fail(
            "a role of another namespace is none of this one's",
            concat!(
                "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: reader, namespace: other}, rules: []}\n---\n",
                role_binding!("Role", "reader", "{kind: User, apiGroup: rbac.authorization.k8s.io, name: ada}"),
            ),
            &["RoleBinding.rbac.authorization.k8s.io/shop/b roleRef: Role \"reader\" does not exist"],
        ),
        Case::fail(
            "of the cluster",
            cluster_role_binding!("gone", "{kind: User, apiGroup: rbac.authorization.k8s.io, name: ada}"),
            &["ClusterRoleBinding.rbac.authorization.k8s.io/b roleRef: ClusterRole \"gone\" does not exist"],
        ),
        Case::unknown(
            "roles were not read",
            role_binding!("Role", "reader", "{kind: User, apiGroup: rbac.authorization.k8s.io, name: ada}"),
            &["Role.rbac.authorization.k8s.io"],
            &["? RoleBinding.rbac.authorization.k8s.io/shop/b Role.rbac.authorization.k8s.io in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check<B: Binding>(binding: &B, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let role = binding.role();
    let exists = match role.kind.as_str() {
        "Role" => cx.exists::<Role>(binding.namespace(), &role.name)?,
        _ => cx.exists::<ClusterRole>("", &role.name)?,
    };
    if !exists {
        out.fail("roleRef", format!("{} does not exist", referred(role)));
    }
    Ok(())
}
