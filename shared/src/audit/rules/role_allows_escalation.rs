use crate::audit::{
    api::PolicyRule,
    case::{Case, cluster_role, role},
    context::Context,
    findings::Findings,
    rbac::AnyRole,
    rule::{Check, Outcome, rule},
};

rule! {
    /// A role has `bind`, `escalate` or `impersonate`.
    ///
    /// ## Why it matters
    ///
    /// These three verbs switch off the rule that nobody can give more than they have: `escalate` writes any
    /// right into a role, `bind` hands out any role, `impersonate` acts as somebody else, the administrators
    /// included.
    ///
    /// ## Remediation
    ///
    /// Take the verb away, or limit it: `bind` on the `resourceNames` of harmless roles, `impersonate` on named
    /// users or groups.
    severity: Critical,
    category: Rbac,
    admission: Warn,
    needs: Object,
    reads: [],
    references: ["CIS 5.1.8", "NSA rbac"],
    check: [Check::Role(check), Check::ClusterRole(check)],
    cases: [
        Case::pass("a harmless role is bound by name, a robot impersonated by name", cluster_role!("{apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [bind], resourceNames: [view]}, {apiGroups: [''], resources: [users], verbs: [impersonate], resourceNames: [robot]}")),
        Case::pass("in a namespace there are no users to impersonate", role!("{apiGroups: [''], resources: [users, groups], verbs: [impersonate]}")),
        Case::pass("verbs that mean nothing there", role!("{apiGroups: [''], resources: [pods], verbs: [bind, escalate, impersonate]}")),
        Case::fail(
            "each of them",
            cluster_role!("{apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles, roles], verbs: [bind, escalate]}, {apiGroups: [''], resources: [users, groups], verbs: [impersonate]}"),
            &[
                "ClusterRole.rbac.authorization.k8s.io/c rules[0]: may bind clusterroles, roles",
                "ClusterRole.rbac.authorization.k8s.io/c rules[0]: may escalate clusterroles, roles",
                "ClusterRole.rbac.authorization.k8s.io/c rules[1]: may impersonate groups, users",
            ],
        ),
        Case::fail(
            "as administrators, by name",
            cluster_role!("{apiGroups: [''], resources: [groups], verbs: [impersonate], resourceNames: ['system:masters']}, {apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [bind], resourceNames: [view, cluster-admin]}"),
            &[
                "ClusterRole.rbac.authorization.k8s.io/c rules[0]: may impersonate groups \"system:masters\"",
                "ClusterRole.rbac.authorization.k8s.io/c rules[1]: may bind clusterroles \"cluster-admin\"",
            ],
        ),
        Case::fail(
            "service accounts of a namespace",
            role!("{apiGroups: [''], resources: [serviceaccounts], verbs: [impersonate]}"),
            &["Role.rbac.authorization.k8s.io/shop/r rules[0]: may impersonate serviceaccounts"],
        ),
    ],
}

const RBAC: &str = "rbac.authorization.k8s.io";

/// Verb, group, resource; the name that is as good as all; whether there are such objects in a namespace.
const POWERS: &[(&str, &str, &str, &str, bool)] = &[
    ("bind", RBAC, "clusterroles", "cluster-admin", true),
    ("bind", RBAC, "roles", "", true),
    ("escalate", RBAC, "clusterroles", "", false),
    ("escalate", RBAC, "roles", "", true),
    ("impersonate", "", "groups", "system:masters", false),
    ("impersonate", "", "serviceaccounts", "", true),
    ("impersonate", "", "users", "", false),
];

fn check<R: AnyRole>(role: &R, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for (at, rule) in role.judged().filter(|(_, rule)| !rule.is_about_everything()) {
        for verb in ["bind", "escalate", "impersonate"] {
            let powers =
                POWERS.iter().filter(|(of, .., namespaced)| *of == verb && (R::OF_CLUSTER || *namespaced));
            let told: Vec<String> = powers.filter_map(|power| limited(rule, power)).collect();
            if !told.is_empty() {
                out.fail(format!("rules[{at}]"), format!("may {verb} {}", told.join(", ")));
            }
        }
    }
    Ok(())
}

/// The resource, with the name that the rule is limited to where that is no limit.
fn limited(
    rule: &PolicyRule,
    &(verb, group, resource, name, _): &(&str, &str, &str, &str, bool),
) -> Option<String> {
    if rule.allows_on_all(verb, group, resource) {
        return Some(resource.to_owned());
    }
    let named = !name.is_empty()
        && rule.has_verb(verb)
        && rule.has_group(group)
        && rule.has_resource(resource, "")
        && rule.resource_names.iter().any(|it| it == name);
    named.then(|| format!("{resource} {name:?}"))
}
