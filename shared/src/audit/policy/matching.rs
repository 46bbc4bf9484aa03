use super::{PolicyMatch, glob::matches};

/// What is asked at admission, as far as it matters to where a policy holds.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Group and kind, as `Deployment.apps` or `Pod`.
    pub kind: &'a str,
    /// The namespace, a Namespace's own name for itself; none for what belongs to the cluster.
    pub namespace: Option<&'a str>,
    /// Who asks.
    pub user: &'a str,
    /// The groups of who asks.
    pub groups: &'a [&'a str],
}

impl PolicyMatch {
    /// Whether the policy holds for a request. Where it names namespaces, it does not hold for what is in none.
    pub fn holds(&self, asked: &Asked<'_>) -> bool {
        let any = |patterns: &[String], text: &str| patterns.iter().any(|pattern| matches(pattern, text));
        let within = match asked.namespace {
            Some(namespace) => {
                (self.namespaces.is_empty() || any(&self.namespaces, namespace))
                    && !any(&self.exclude_namespaces, namespace)
            }
            None => self.namespaces.is_empty(),
        };
        within
            && self.is_about(asked.kind)
            && !any(&self.exclude_users, asked.user)
            && !asked.groups.iter().any(|group| any(&self.exclude_groups, group))
    }

    /// Whether objects of a kind are looked at, as `Deployment.apps` or `Pod`.
    pub fn is_about(&self, kind: &str) -> bool {
        self.kinds.is_empty() || self.kinds.iter().any(|named| matches(named, kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked<'a>(kind: &'a str, namespace: Option<&'a str>, user: &'a str) -> Asked<'a> {
        Asked { kind, namespace, user, groups: &["system:authenticated", "ops"] }
    }

    #[test]
    fn everything_that_is_left_out_matches() {
        let all = PolicyMatch::default();
        assert!(all.holds(&asked("Pod", Some("shop"), "alice")));
        assert!(all.holds(&asked("ClusterRole.rbac.authorization.k8s.io", None, "alice")));
    }

    #[test]
    fn each_field_narrows() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let policy = PolicyMatch {
            namespaces: words("team-* shop"),
            exclude_namespaces: words("team-x"),
            kinds: words("Pod *.apps"),
            exclude_users: words("system:serviceaccount:ci:*"),
            exclude_groups: words("admins"),
        };
        assert!(policy.holds(&asked("Pod", Some("shop"), "alice")));
        assert!(policy.holds(&asked("Deployment.apps", Some("team-a"), "alice")));
        for (kind, namespace, user) in [
            ("Pod", Some("team-x"), "alice"),
            ("Pod", Some("other"), "alice"),
            ("Pod", None, "alice"),
            ("Job.batch", Some("shop"), "alice"),
            ("Pod", Some("shop"), "system:serviceaccount:ci:robot"),
        ] {
            assert!(!policy.holds(&asked(kind, namespace, user)), "{kind} {namespace:?} {user}");
        }
        let others = PolicyMatch { exclude_groups: words("ops"), ..PolicyMatch::default() };
        assert!(!others.holds(&asked("Pod", Some("shop"), "alice")));
    }
}
