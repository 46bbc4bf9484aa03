use crate::audit::{
    api::PolicyRule,
    case::{Case, cluster_role, role},
    context::Context,
    findings::Findings,
    rbac::AnyRole,
    rule::{Check, Outcome, rule},
};

rule! {
    /// A role has a wildcard for verbs or resources.
    ///
    /// ## Why it matters
    ///
    /// A star also stands for what does not exist yet: the next version's subresource, the next operator's kind,
    /// the verb that lets one become somebody else. Nobody can say what such a role allows, and it grows by
    /// itself.
    ///
    /// ## Remediation
    ///
    /// List the verbs and resources that are used. `kubectl audit` names them no further for a role about
    /// everything, since such a role has every other defect of this group as well.
    severity: High,
    category: Rbac,
    admission: Warn,
    needs: Object,
    reads: [],
    references: ["CIS 5.1.3", "NSA rbac"],
    check: [Check::Role(check), Check::ClusterRole(check)],
    cases: [
        Case::pass("everything is listed; a star for the group or for the thing scaled", role!("{apiGroups: ['*'], resources: ['*/scale', deployments], verbs: [get, update]}")),
        Case::pass("the cluster's own administrator", "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: cluster-admin, labels: {kubernetes.io/bootstrapping: rbac-defaults}}, rules: [{apiGroups: ['*'], resources: ['*'], verbs: ['*']}]}").in_files_only(),
        Case::pass("every path that is no object's may be read", cluster_role!("{nonResourceURLs: ['*'], verbs: [get]}")),
        Case::fail(
            "verbs, resources, and both",
            concat!(
                role!("{apiGroups: [apps], resources: [deployments], verbs: ['*']}, {apiGroups: [apps], resources: ['*'], verbs: [get]}"),
                cluster_role!("{apiGroups: ['*'], resources: ['*'], verbs: ['*']}"),
            ),
            &[
                "ClusterRole.rbac.authorization.k8s.io/c rules[0]: may do everything with every resource of every group",
                "Role.rbac.authorization.k8s.io/shop/r rules[0]: may do everything with deployments of group apps",
                "Role.rbac.authorization.k8s.io/shop/r rules[1]: may get every resource of group apps",
            ],
        ),
    ],
}

fn check<R: AnyRole>(role: &R, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for (at, rule) in role.judged() {
        let star = |list: &[String]| list.iter().any(|it| it == "*");
        if !rule.resources.is_empty() && (star(&rule.verbs) || star(&rule.resources)) {
            out.fail(format!("rules[{at}]"), format!("may {}", told(rule)));
        }
    }
    Ok(())
}

/// `get, list every resource of group apps`.
fn told(rule: &PolicyRule) -> String {
    let listed = |list: &[String], star: &str, word: &dyn Fn(&str) -> String| {
        if list.iter().any(|it| it == "*") {
            return star.to_owned();
        }
        list.iter().map(|it| word(it)).collect::<Vec<_>>().join(", ")
    };
    let plain = |it: &str| it.to_owned();
    let verbs = listed(&rule.verbs, "do everything with", &plain);
    let resources = listed(&rule.resources, "every resource", &plain);
    let named = |group: &str| if group.is_empty() { "core".to_owned() } else { group.to_owned() };
    let word = if rule.api_groups.len() > 1 { "groups" } else { "group" };
    let groups = listed(&rule.api_groups, "every group", &named);
    let groups = if groups == "every group" { groups } else { format!("{word} {groups}") };
    format!("{verbs} {resources} of {groups}")
}
