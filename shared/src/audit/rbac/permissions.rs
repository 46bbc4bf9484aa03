//! Who has which rules where: made once, asked often.

use std::{collections::HashMap, sync::LazyLock};

use super::{AccessRequest, Binding, Target, is_system, rules_of};
use crate::{
    audit::{
        api::{ClusterRoleBinding, PolicyRule, RoleBinding, RoleRef, Subject},
        context::Context,
        settings::Settings,
        world::{Unknown, World},
    },
    model::ObjectKey,
};

/// The group of all who have authenticated.
pub(super) const EVERYONE: &str = "system:authenticated";
/// The group of all who have not.
pub(super) const UNKNOWN: &str = "system:unauthenticated";

/// What one binding gives.
#[derive(Debug)]
pub(crate) struct Grant<'w> {
    /// The binding.
    pub(crate) binding: ObjectKey,
    /// Where it holds; empty: everywhere.
    pub(crate) namespace: &'w str,
    /// Whether it is the cluster's own.
    pub(crate) is_system: bool,
    /// What it allows; or that the role was not read.
    pub(crate) rules: Result<Vec<&'w PolicyRule>, Unknown>,
}

/// A subject, as the authorizer compares it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Who {
    User(Box<str>),
    Group(Box<str>),
}

/// What everybody may do, by the roles and bindings that there are.
#[derive(Debug)]
pub struct Permissions<'w> {
    /// Bindings of the cluster, then those of namespaces, by name.
    grants: Vec<Grant<'w>>,
    by_subject: HashMap<Who, Vec<usize>>,
}

impl<'w> Permissions<'w> {
    /// Reads the roles and bindings of a world.
    ///
    /// # Errors
    /// When the bindings were not all read: then nobody can say what somebody may not do.
    pub fn of_world(world: &'w World) -> Result<Self, Unknown> {
        static SETTINGS: LazyLock<Settings> = LazyLock::new(Settings::default);
        Self::of(&Context::new(world, &SETTINGS))
    }

    pub(crate) fn of(cx: &Context<'w>) -> Result<Self, Unknown> {
        let mut all = Self { grants: Vec::new(), by_subject: HashMap::new() };
        let mut roles = HashMap::new();
        for binding in cx.all::<ClusterRoleBinding>()? {
            all.add(cx, binding, &mut roles);
        }
        for binding in cx.all::<RoleBinding>()? {
            all.add(cx, binding, &mut roles);
        }
        Ok(all)
    }

    fn add<B: Binding>(
        &mut self,
        cx: &Context<'w>,
        binding: &'w B,
        roles: &mut HashMap<(String, String, String), Result<Vec<&'w PolicyRule>, Unknown>>,
    ) {
        let (namespace, role): (&'w str, &'w RoleRef) = (binding.namespace(), binding.role());
        let subjects = binding.subjects();
        let home = if role.kind == "Role" { namespace } else { "" };
        let known = roles.entry((role.kind.clone(), home.to_owned(), role.name.clone()));
        let rules = known.or_insert_with(|| rules_of(cx, namespace, role).map(Option::unwrap_or_default));
        let at = self.grants.len();
        let (key, is_system) = (binding.key(), is_system(binding.metadata()));
        self.grants.push(Grant { binding: key, namespace, is_system, rules: rules.clone() });
        for subject in subjects {
            if let Some(who) = who(subject, namespace) {
                let all = self.by_subject.entry(who).or_default();
                if all.last() != Some(&at) {
                    all.push(at);
                }
            }
        }
    }

    /// What a user of these groups was given, in order.
    pub(crate) fn grants_of(&self, user: &str, groups: &[impl AsRef<str>]) -> Vec<&Grant<'w>> {
        let mine = self.by_subject.get(&Who::User(user.into())).into_iter().flatten();
        let groups =
            groups.iter().filter_map(|group| self.by_subject.get(&Who::Group(group.as_ref().into())));
        let mut found: Vec<usize> = mine.chain(groups.flatten()).copied().collect();
        found.sort_unstable();
        found.dedup();
        found.into_iter().filter_map(|at| self.grants.get(at)).collect()
    }

    /// Whether a binding names this subject itself, not one of its groups.
    pub(crate) fn names(&self, user: &str) -> bool {
        self.by_subject.contains_key(&Who::User(user.into()))
    }

    /// What bindings give to a service account, by its name or its groups.
    pub(crate) fn grants_of_account(&self, namespace: &str, name: &str) -> Vec<&Grant<'w>> {
        self.grants_of(&user_of_account(namespace, name), &groups_of_account(namespace))
    }

    /// What bindings give to a service account by its name or by the group of its namespace. What is given to every
    /// account of the cluster is left out: each cluster lets all of them look around.
    pub(crate) fn own_grants_of_account(&self, namespace: &str, name: &str) -> Vec<&Grant<'w>> {
        self.grants_of(&user_of_account(namespace, name), &[format!("system:serviceaccounts:{namespace}")])
    }

    /// Whether a user of these groups may do this, as RBAC answers it. Groups are taken as given: nobody is added to
    /// `system:authenticated` here.
    ///
    /// # Errors
    /// When a role that may allow it was not read.
    pub fn allows(&self, user: &str, groups: &[&str], request: &AccessRequest<'_>) -> Result<bool, Unknown> {
        let mut unknown = None;
        for grant in self.grants_of(user, groups) {
            let namespaced = matches!(request.target, Target::Resource { .. });
            let holds = grant.namespace.is_empty() || (namespaced && grant.namespace == request.namespace);
            match &grant.rules {
                Ok(rules) if holds && rules.iter().any(|it| it.allows(request.verb, &request.target)) => {
                    return Ok(true);
                }
                Err(why) if holds => unknown = unknown.or(Some(why.clone())),
                _ => {}
            }
        }
        unknown.map_or(Ok(false), Err)
    }
}

/// The user that a service account is.
pub(crate) fn user_of_account(namespace: &str, name: &str) -> String {
    format!("system:serviceaccount:{namespace}:{name}")
}

/// The groups that every service account of a namespace is in.
pub(crate) fn groups_of_account(namespace: &str) -> [String; 3] {
    ["system:serviceaccounts".to_owned(), format!("system:serviceaccounts:{namespace}"), EVERYONE.to_owned()]
}

fn who(subject: &Subject, namespace: &str) -> Option<Who> {
    match subject.kind.as_str() {
        "User" => Some(Who::User(subject.name.as_str().into())),
        "Group" => Some(Who::Group(subject.name.as_str().into())),
        "ServiceAccount" => {
            let home = if subject.namespace.is_empty() { namespace } else { &subject.namespace };
            (!home.is_empty()).then(|| Who::User(user_of_account(home, &subject.name).into()))
        }
        _ => None,
    }
}
