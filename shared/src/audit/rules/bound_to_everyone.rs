use crate::audit::{
    api::PolicyRule,
    case::{Case, cluster_role, cluster_role_binding, role, role_binding},
    context::Context,
    findings::Findings,
    rbac::{Binding, is_everyone, is_system, referred, rules_of},
    rule::{Check, Outcome, rule},
};

rule! {
    /// A role is bound to everyone, or to the group that no role can take anything from.
    ///
    /// ## Why it matters
    ///
    /// `system:anonymous` and `system:unauthenticated` are whoever reaches the API server; `system:authenticated`
    /// is every service account and, on some clouds, everybody who has an account there at all. `system:masters`
    /// is administrator whatever the bindings say, so that a binding of it only hides that.
    ///
    /// ## Remediation
    ///
    /// Bind a group of your own. For health checks the cluster binds `system:public-info-viewer` already.
    severity: Critical,
    category: Rbac,
    admission: Deny,
    needs: Objects,
    reads: [CLUSTER_ROLE, ROLE],
    references: ["CIS 5.1.7", "CIS 1.2.1"],
    check: [Check::ClusterRoleBinding(check), Check::RoleBinding(check)],
    cases: [
        Case::pass("what every cluster binds", "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: 'system:discovery', labels: {kubernetes.io/bootstrapping: rbac-defaults}}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: 'system:discovery'}, subjects: [{kind: Group, apiGroup: rbac.authorization.k8s.io, name: 'system:authenticated'}]}").in_files_only(),
        Case::pass("a role that gives nothing away", cluster_role_binding!("'system:public-info-viewer'", "{kind: Group, apiGroup: rbac.authorization.k8s.io, name: 'system:unauthenticated'}")),
        Case::pass("a config map that is there to be read by all, by its name", concat!(role!("{apiGroups: [''], resources: [configmaps], resourceNames: [info], verbs: [get]}"), role_binding!("Role", "r", "{kind: Group, apiGroup: rbac.authorization.k8s.io, name: 'system:authenticated'}"))),
        Case::pass("all service accounts are no strangers", concat!(role!("{apiGroups: [''], resources: [configmaps], verbs: [get]}"), role_binding!("Role", "r", "{kind: Group, apiGroup: rbac.authorization.k8s.io, name: 'system:serviceaccounts'}"))),
        Case::pass("how nodes find the cluster that they join", "{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: 'kubeadm:bootstrap-signer-clusterinfo', namespace: kube-public}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: 'kubeadm:bootstrap-signer-clusterinfo'}, subjects: [{kind: User, apiGroup: rbac.authorization.k8s.io, name: 'system:anonymous'}]}"),
        Case::fail(
            "strangers, by name and by group",
            concat!(cluster_role!("{apiGroups: [''], resources: [pods], verbs: [list]}"), cluster_role_binding!("c", "{kind: User, apiGroup: rbac.authorization.k8s.io, name: 'system:anonymous'}, {kind: Group, apiGroup: rbac.authorization.k8s.io, name: 'system:unauthenticated'}")),
            &[
                "ClusterRoleBinding.rbac.authorization.k8s.io/b subjects[0]: ClusterRole \"c\" is bound to User \"system:anonymous\"",
                "ClusterRoleBinding.rbac.authorization.k8s.io/b subjects[1]: ClusterRole \"c\" is bound to Group \"system:unauthenticated\"",
            ],
        ),
        Case::fail(
            "all who are authenticated, in one namespace",
            concat!(role!("{apiGroups: [''], resources: [configmaps], verbs: [get]}"), role_binding!("Role", "r", "{kind: Group, apiGroup: rbac.authorization.k8s.io, name: 'system:authenticated'}")),
            &["RoleBinding.rbac.authorization.k8s.io/shop/b subjects[0]: Role \"r\" is bound to Group \"system:authenticated\""],
        ),
        Case::fail(
            "the masters, once more",
            cluster_role_binding!("view", "{kind: Group, apiGroup: rbac.authorization.k8s.io, name: 'system:masters'}"),
            &["ClusterRoleBinding.rbac.authorization.k8s.io/b subjects[0]: ClusterRole \"view\" is bound to Group \"system:masters\""],
        ),
        Case::unknown(
            "the role was not read",
            cluster_role_binding!("c", "{kind: Group, apiGroup: rbac.authorization.k8s.io, name: 'system:authenticated'}"),
            &["ClusterRole.rbac.authorization.k8s.io"],
            &["? ClusterRoleBinding.rbac.authorization.k8s.io/b ClusterRole.rbac.authorization.k8s.io could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check<B: Binding>(binding: &B, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if is_system(binding.metadata()) {
        return Ok(());
    }
    let role = binding.role();
    for (at, subject) in binding.subjects().iter().enumerate() {
        let masters = subject.kind == "Group" && subject.name == "system:masters";
        let everyone = is_everyone(subject)
            && !rules_of(cx, binding.namespace(), role)?.unwrap_or_default().into_iter().all(is_harmless);
        if masters || everyone {
            out.fail(format!("subjects[{at}]"), format!("{} is bound to {subject}", referred(role)));
        }
    }
    Ok(())
}

/// Whether a rule tells no more than what the server is, what a config map says that it names, or what one may do
/// oneself.
fn is_harmless(rule: &PolicyRule) -> bool {
    let about_oneself = |resource: &String| resource.starts_with("selfsubject");
    let published = rule.resources.iter().all(|resource| resource == "configmaps")
        && rule.verbs.iter().all(|verb| matches!(verb.as_str(), "get" | "list" | "watch"))
        && !rule.resource_names.is_empty();
    published
        || (rule.resources.is_empty() && rule.verbs.iter().all(|verb| verb == "get"))
        || (!rule.resources.is_empty() && rule.resources.iter().all(about_oneself))
}
