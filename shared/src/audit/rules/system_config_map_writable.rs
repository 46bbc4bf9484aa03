use crate::audit::{
    api::{PolicyRule, RoleBinding},
    case::Case,
    context::Context,
    findings::Findings,
    rbac::{AnyRole, Binding, is_system, referred, rules_of},
    rule::{Check, Outcome, rule},
};

rule! {
    /// A role changes config maps of `kube-system`, or the one that maps cloud identities to users.
    ///
    /// ## Why it matters
    ///
    /// Config maps of `kube-system` configure the cluster: its DNS, its proxies, and on EKS, in `aws-auth`, who
    /// is administrator. Whoever writes them needs nothing else.
    ///
    /// ## Remediation
    ///
    /// Name the config map in `resourceNames`; a lock for leader election belongs in a `Lease`.
    severity: Medium,
    category: Rbac,
    admission: Never,
    needs: Objects,
    reads: [CLUSTER_ROLE, ROLE],
    references: ["NSA rbac"],
    check: [Check::Role(of_role), Check::ClusterRole(of_role), Check::RoleBinding(of_binding)],
    cases: [
        Case::pass("one config map, by name", "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: lock, namespace: kube-system}, rules: [{apiGroups: [''], resources: [configmaps], verbs: [update], resourceNames: [my-lock]}]}"),
        Case::pass("of another namespace", "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: writer, namespace: shop}, rules: [{apiGroups: [''], resources: [configmaps], verbs: [update]}]}"),
        Case::pass("read", "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: reader, namespace: kube-system}, rules: [{apiGroups: [''], resources: [configmaps], verbs: [get, list, watch]}]}"),
        Case::fail(
            "all of kube-system",
            "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: writer, namespace: kube-system}, rules: [{apiGroups: [''], resources: [configmaps], verbs: [create, update]}]}",
            &["Role.rbac.authorization.k8s.io/kube-system/writer rules[0]: may create, update every ConfigMap of kube-system"],
        ),
        Case::fail(
            "by a cluster role that is bound there",
            r"
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: writer}, rules: [{apiGroups: [''], resources: [configmaps], verbs: [patch]}]}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: b, namespace: kube-system}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: writer}, subjects: [{kind: ServiceAccount, name: web, namespace: shop}]}
",
            &["RoleBinding.rbac.authorization.k8s.io/kube-system/b roleRef: ClusterRole \"writer\" may patch every ConfigMap of kube-system"],
        ),
        Case::fail(
            "aws-auth by name",
            "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: mapper}, rules: [{apiGroups: [''], resources: [configmaps], verbs: [patch], resourceNames: [aws-auth]}]}",
            &["ClusterRole.rbac.authorization.k8s.io/mapper rules[0]: may patch ConfigMap \"aws-auth\""],
        ),
        Case::unknown(
            "the role that is bound was not read",
            "{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: b, namespace: kube-system}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: writer}, subjects: [{kind: User, apiGroup: rbac.authorization.k8s.io, name: ada}]}",
            &["ClusterRole.rbac.authorization.k8s.io"],
            &[
                "? ClusterRole.rbac.authorization.k8s.io could not be read: Forbidden: no permission",
                "? RoleBinding.rbac.authorization.k8s.io/kube-system/b ClusterRole.rbac.authorization.k8s.io could not be read: Forbidden: no permission",
            ],
        ),
    ],
}

const VERBS: [&str; 4] = ["create", "update", "patch", "delete"];

/// What of [`VERBS`] a rule allows with all config maps, or with that of this name.
fn verbs(rule: &PolicyRule, name: Option<&str>) -> String {
    let named = |verb: &&str| match name {
        None => rule.allows_on_all(verb, "", "configmaps"),
        Some(name) => {
            rule.has_verb(verb)
                && rule.has_group("")
                && rule.has_resource("configmaps", "")
                && rule.resource_names.iter().any(|it| it == name)
        }
    };
    VERBS.into_iter().filter(named).collect::<Vec<_>>().join(", ")
}

fn of_role<R: AnyRole>(role: &R, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let of_system = role.metadata().namespace == "kube-system";
    for (at, rule) in role.judged().filter(|(_, rule)| !rule.is_about_everything()) {
        let every = if of_system { verbs(rule, None) } else { String::new() };
        if !every.is_empty() {
            out.fail(format!("rules[{at}]"), format!("may {every} every ConfigMap of kube-system"));
        }
        let named = if of_system || R::OF_CLUSTER { verbs(rule, Some("aws-auth")) } else { String::new() };
        if !named.is_empty() {
            out.fail(format!("rules[{at}]"), format!("may {named} ConfigMap \"aws-auth\""));
        }
    }
    Ok(())
}

fn of_binding(binding: &RoleBinding, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let role = &binding.role_ref;
    if binding.metadata.namespace != "kube-system"
        || role.kind != "ClusterRole"
        || is_system(&binding.metadata)
        || binding.outsiders().next().is_none()
    {
        return Ok(());
    }
    let rules = rules_of(cx, "kube-system", role)?.unwrap_or_default();
    let told = rules.into_iter().map(|rule| verbs(rule, None)).find(|told| !told.is_empty());
    if let Some(told) = told {
        out.fail("roleRef", format!("{} may {told} every ConfigMap of kube-system", referred(role)));
    }
    Ok(())
}
