//! Whether one rule allows one request: the authorizer's own matching.

use crate::audit::api::PolicyRule;

/// What somebody wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccessRequest<'a> {
    /// `get`, `list`, `create`, `impersonate`…
    pub verb: &'a str,
    /// Namespace of the object; empty for objects of the whole cluster, and for all namespaces at once.
    pub namespace: &'a str,
    /// What it is about.
    pub target: Target<'a>,
}

/// What a request is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target<'a> {
    /// Objects of the API.
    Resource {
        /// Group; empty for the core group.
        group: &'a str,
        /// Resource, as `pods`.
        resource: &'a str,
        /// Subresource, as `exec`; empty for the resource itself.
        subresource: &'a str,
        /// Name of the one object; empty for all, and where it is not known yet.
        name: &'a str,
    },
    /// A path that is no object's, as `/healthz`.
    Path(&'a str),
}

impl PolicyRule {
    /// Whether it allows the request, wherever that is.
    pub(crate) fn allows(&self, verb: &str, target: &Target<'_>) -> bool {
        self.has_verb(verb)
            && match *target {
                Target::Resource { group, resource, subresource, name } => {
                    self.has_group(group)
                        && self.has_resource(resource, subresource)
                        && (self.resource_names.is_empty() || self.resource_names.iter().any(|it| it == name))
                }
                Target::Path(path) => self.non_resource_ur_ls.iter().any(|url| covers(url, path)),
            }
    }

    pub(crate) fn has_verb(&self, verb: &str) -> bool {
        self.verbs.iter().any(|it| it == "*" || it == verb)
    }

    pub(crate) fn has_group(&self, group: &str) -> bool {
        self.api_groups.iter().any(|it| it == "*" || it == group)
    }

    /// `*` is every resource with its subresources, `*/scale` that subresource of every resource.
    pub(crate) fn has_resource(&self, resource: &str, subresource: &str) -> bool {
        self.resources.iter().any(|it| {
            if it == "*" {
                return true;
            }
            match (it.split_once('/'), subresource) {
                (None, "") => it == resource,
                (Some((of, sub)), asked) if !asked.is_empty() => {
                    (of == "*" || of == resource) && sub == asked
                }
                _ => false,
            }
        })
    }

    /// Whether it is about every resource of every group.
    pub(crate) fn is_about_everything(&self) -> bool {
        self.resource_names.is_empty()
            && self.api_groups.iter().any(|it| it == "*")
            && self.resources.iter().any(|it| it == "*")
    }

    /// Whether it allows everything that there is to do with objects.
    pub(crate) fn allows_everything(&self) -> bool {
        self.is_about_everything() && self.verbs.iter().any(|it| it == "*")
    }

    /// Whether it allows this with any object of the kind, be it only those that it names.
    pub(crate) fn allows_on_some(&self, verb: &str, group: &str, resource: &str) -> bool {
        let (resource, subresource) = resource.split_once('/').unwrap_or((resource, ""));
        self.has_verb(verb) && self.has_group(group) && self.has_resource(resource, subresource)
    }

    /// Whether it allows this with every object of the kind. `resource` may have a subresource: `pods/exec`.
    pub(crate) fn allows_on_all(&self, verb: &str, group: &str, resource: &str) -> bool {
        self.resource_names.is_empty() && self.allows_on_some(verb, group, resource)
    }
}

fn covers(url: &str, path: &str) -> bool {
    url == path || (url.ends_with('*') && path.starts_with(url.trim_end_matches('*')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(resources: &[&str], names: &[&str]) -> PolicyRule {
        let owned = |all: &[&str]| all.iter().map(|it| (*it).to_owned()).collect();
        PolicyRule {
            verbs: owned(&["get"]),
            api_groups: owned(&[""]),
            resources: owned(resources),
            resource_names: owned(names),
            non_resource_ur_ls: Vec::new(),
        }
    }

    fn allows(rule: &PolicyRule, resource: &str, subresource: &str, name: &str) -> bool {
        rule.allows("get", &Target::Resource { group: "", resource, subresource, name })
    }

    #[test]
    fn resources_and_subresources() {
        assert!(allows(&rule(&["*"], &[]), "pods", "exec", ""));
        assert!(!allows(&rule(&["pods"], &[]), "pods", "exec", ""), "a resource is not its subresources");
        assert!(!allows(&rule(&["pods/exec"], &[]), "pods", "", ""));
        assert!(allows(&rule(&["*/exec"], &[]), "pods", "exec", ""));
        assert!(
            !allows(&rule(&["pods/*"], &[]), "pods", "exec", ""),
            "a star behind the slash is no wildcard"
        );
        assert!(!allows(&rule(&["pods"], &["a"]), "pods", "", ""), "names don't cover a list");
        assert!(allows(&rule(&["pods"], &["a"]), "pods", "", "a"));
    }

    #[test]
    fn paths() {
        for (url, path, covered) in
            [("*", "/x", true), ("/api/*", "/api/v1", true), ("/api", "/api/v1", false), ("/a*", "/ab", true)]
        {
            assert_eq!(covers(url, path), covered, "{url} {path}");
        }
    }
}
