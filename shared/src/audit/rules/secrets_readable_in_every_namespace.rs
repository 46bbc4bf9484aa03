use crate::audit::{
    api::ClusterRoleBinding,
    case::{Case, cluster_role, cluster_role_binding},
    context::Context,
    findings::Findings,
    rbac::{Binding, is_system, referred, rules_of},
    rule::{Check, Outcome, rule},
};

rule! {
    /// Somebody reads the secrets of every namespace.
    ///
    /// ## Why it matters
    ///
    /// Among them are those of the control plane, of every operator and of every tenant: keys of certificate
    /// authorities, credentials of the cloud, tokens that act for others. From all secrets to the whole cluster
    /// it is one step.
    ///
    /// ## Remediation
    ///
    /// Bind the role in the namespaces that are meant, by role bindings, or read metadata alone. Operators that
    /// need secrets of many namespaces often take a list of namespaces to watch.
    severity: Critical,
    category: Rbac,
    admission: Warn,
    needs: Objects,
    reads: [CLUSTER_ROLE],
    references: ["CIS 5.1.2", "NSA rbac"],
    check: [Check::ClusterRoleBinding(check)],
    cases: [
        Case::pass("one secret by name", concat!(cluster_role!("{apiGroups: [''], resources: [secrets], verbs: [get], resourceNames: [tls]}"), cluster_role_binding!("c", "{kind: ServiceAccount, namespace: shop, name: web}"))),
        Case::pass("in one namespace", concat!(cluster_role!("{apiGroups: [''], resources: [secrets], verbs: [get]}"), "{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: b, namespace: shop}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: c}, subjects: [{kind: ServiceAccount, namespace: shop, name: web}]}")),
        Case::pass("administrators are told as such", cluster_role_binding!("cluster-admin", "{kind: ServiceAccount, namespace: shop, name: web}")),
        Case::pass("a part of the control plane", concat!(cluster_role!("{apiGroups: [''], resources: [secrets], verbs: [get]}"), cluster_role_binding!("c", "{kind: User, apiGroup: rbac.authorization.k8s.io, name: 'system:kube-controller-manager'}"))),
        Case::fail(
            "two subjects, by a role of one's own",
            concat!(cluster_role!("{apiGroups: [''], resources: [secrets], verbs: [list]}, {apiGroups: [''], resources: ['*'], verbs: [watch]}"), cluster_role_binding!("c", "{kind: ServiceAccount, namespace: shop, name: web}, {kind: User, apiGroup: rbac.authorization.k8s.io, name: ada}")),
            &["ClusterRoleBinding.rbac.authorization.k8s.io/b roleRef: ClusterRole \"c\" lets ServiceAccount shop/web and 1 more list, watch the secrets of every namespace"],
        ),
        Case::fail(
            "by a role that every cluster has",
            cluster_role_binding!("edit", "{kind: ServiceAccount, namespace: shop, name: web}"),
            &["ClusterRoleBinding.rbac.authorization.k8s.io/b roleRef: ClusterRole \"edit\" lets ServiceAccount shop/web get, list, watch the secrets of every namespace"],
        ),
        Case::unknown(
            "the role was not read",
            cluster_role_binding!("c", "{kind: User, apiGroup: rbac.authorization.k8s.io, name: ada}"),
            &["ClusterRole.rbac.authorization.k8s.io"],
            &["? ClusterRoleBinding.rbac.authorization.k8s.io/b ClusterRole.rbac.authorization.k8s.io could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(binding: &ClusterRoleBinding, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let role = &binding.role_ref;
    let Some((_, first)) = binding.outsiders().next().filter(|_| !is_system(&binding.metadata)) else {
        return Ok(());
    };
    let rules = rules_of(cx, "", role)?.unwrap_or_default();
    if role.name == "cluster-admin" || rules.iter().any(|rule| rule.allows_everything()) {
        return Ok(());
    }
    let allowed = |verb: &&str| rules.iter().any(|rule| rule.allows_on_all(verb, "", "secrets"));
    let verbs: Vec<&str> = ["get", "list", "watch"].into_iter().filter(allowed).collect();
    if !verbs.is_empty() {
        let others = match binding.outsiders().count() - 1 {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let verbs = verbs.join(", ");
        let told = format!("{} lets {first}{others} {verbs} the secrets of every namespace", referred(role));
        out.fail("roleRef", told);
    }
    Ok(())
}
