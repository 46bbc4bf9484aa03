//! The roles that every cluster has. Files rarely hold them, and bind them all the time.

use std::{collections::BTreeMap, sync::LazyLock};

use crate::audit::api::PolicyRule;

/// The API server's own bootstrap policy of 1.36, roles of controllers included; those that are put together of others
/// already put together.
static ROLES: LazyLock<BTreeMap<String, Vec<PolicyRule>>> =
    LazyLock::new(|| serde_json::from_str(include_str!("default_roles.json")).unwrap_or_default());

/// What the role says by which extension API servers read how they know their callers: each of them is bound to it.
static READER: LazyLock<Vec<PolicyRule>> = LazyLock::new(|| {
    serde_json::from_str(
        r#"[{"verbs": ["get", "list", "watch"], "apiGroups": [""], "resources": ["configmaps"],
            "resourceNames": ["extension-apiserver-authentication"]}]"#,
    )
    .unwrap_or_default()
});

/// The rules of a role in a namespace that every cluster has.
pub(super) fn rules_within(namespace: &str, name: &str) -> Option<&'static [PolicyRule]> {
    let is_reader = namespace == "kube-system" && name == "extension-apiserver-authentication-reader";
    is_reader.then(|| READER.as_slice())
}

/// The rules of a cluster role that every cluster has.
pub(super) fn rules(name: &str) -> Option<&'static [PolicyRule]> {
    ROLES.get(name).map(Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read() {
        assert!(ROLES.len() > 60, "{} roles", ROLES.len());
        assert!(rules("cluster-admin").unwrap().iter().any(PolicyRule::allows_everything));
        let edit = rules("edit").unwrap();
        assert!(edit.iter().any(|rule| rule.allows_on_all("create", "", "pods")));
        assert!(edit.iter().any(|rule| rule.allows_on_all("list", "apps", "deployments")), "what view may");
        assert!(!edit.iter().any(|rule| rule.allows_on_all("create", "rbac.authorization.k8s.io", "roles")));
        assert!(rules("shop").is_none());
        let reader = rules_within("kube-system", "extension-apiserver-authentication-reader").unwrap();
        assert!(reader[0].allows_on_some("get", "", "configmaps"));
        assert!(!reader[0].allows_on_all("get", "", "configmaps"));
        assert!(rules_within("shop", "extension-apiserver-authentication-reader").is_none());
    }
}
