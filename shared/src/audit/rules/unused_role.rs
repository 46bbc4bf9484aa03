use crate::audit::{
    api::{ClusterRole, Role, RoleBinding},
    case::{Case, cluster_role, cluster_role_binding, role, role_binding},
    context::Context,
    findings::Findings,
    rbac::{AnyRole, is_system, selects},
    rule::{Check, Outcome, rule},
};

rule! {
    /// A role is bound to nobody.
    ///
    /// ## Why it matters
    ///
    /// It does nothing now, and is one name in a binding away from doing more than anybody remembers.
    ///
    /// ## Remediation
    ///
    /// Delete it, or bind it if somebody was meant to have it. A cluster role that others are put together of is
    /// in use.
    severity: Info,
    category: Rbac,
    admission: Never,
    needs: Objects,
    reads: [CLUSTER_ROLE, CLUSTER_ROLE_BINDING, ROLE_BINDING],
    references: [],
    check: [Check::Role(of_namespace), Check::ClusterRole(of_cluster)],
    cases: [
        Case::pass("bound", concat!(role!("{apiGroups: [''], resources: [pods], verbs: [get]}"), cluster_role!("{apiGroups: [''], resources: [pods], verbs: [get]}"), role_binding!("Role", "r", "{kind: User, apiGroup: rbac.authorization.k8s.io, name: ada}"), cluster_role_binding!("c", "{kind: User, apiGroup: rbac.authorization.k8s.io, name: ada}"))),
        Case::pass("a part of view, which every cluster has", "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: view-things, labels: {rbac.authorization.k8s.io/aggregate-to-view: 'true'}}, rules: []}"),
        Case::pass(
            "a part of another",
            r"
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: part, labels: {part: 'true'}}, rules: []}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: whole}, aggregationRule: {clusterRoleSelectors: [{matchLabels: {part: 'true'}}]}, rules: []}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: b}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: whole}, subjects: []}
",
        ),
        Case::pass("the cluster's own", "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: 'system:mine'}, rules: []}"),
        Case::fail(
            "neither",
            concat!(role!("{apiGroups: [''], resources: [pods], verbs: [get]}"), cluster_role!("{apiGroups: [''], resources: [pods], verbs: [get]}"), role_binding!("ClusterRole", "r", "{kind: User, apiGroup: rbac.authorization.k8s.io, name: ada}")),
            &[
                "ClusterRole.rbac.authorization.k8s.io/c no binding refers to this role",
                "Role.rbac.authorization.k8s.io/shop/r no binding refers to this role",
            ],
        ),
        Case::unknown(
            "bindings were not read",
            role!("{apiGroups: [''], resources: [pods], verbs: [get]}"),
            &["RoleBinding.rbac.authorization.k8s.io"],
            &["? Role.rbac.authorization.k8s.io/shop/r RoleBinding.rbac.authorization.k8s.io in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

const NOBODY: &str = "no binding refers to this role";

fn of_namespace(role: &Role, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let metadata = &role.metadata;
    let refers = |it: &RoleBinding| it.role_ref.kind == "Role" && it.role_ref.name == metadata.name;
    if !is_system(metadata) && !cx.within::<RoleBinding>(&metadata.namespace)?.any(refers) {
        out.fail("", NOBODY);
    }
    Ok(())
}

fn of_cluster(role: &ClusterRole, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let metadata = &role.metadata;
    let part = metadata.labels.keys().any(|key| key.starts_with("rbac.authorization.k8s.io/aggregate-to-"));
    if part || is_system(metadata) || cx.bound_cluster_roles()?.contains(metadata.name.as_str()) {
        return Ok(());
    }
    if !cx.all::<ClusterRole>()?.any(|other| other.is_aggregated() && selects(other, metadata)) {
        out.fail("", NOBODY);
    }
    Ok(())
}
