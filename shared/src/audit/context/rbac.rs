//! Who may do what.

use std::collections::{BTreeMap, BTreeSet};

use super::Context;
use crate::audit::{
    api::{ClusterRoleBinding, RoleBinding},
    rbac::{Permissions, takeover::Takeover},
    subject::PodView,
    world::Unknown,
};

impl<'w> Context<'w> {
    /// Who may do what.
    pub(crate) fn permissions(&self) -> Result<&Permissions<'w>, Unknown> {
        self.permissions.get_or_init(|| Permissions::of(self)).as_ref().map_err(Clone::clone)
    }

    /// Which service accounts lead to the whole cluster.
    pub(crate) fn takeover(&self) -> Result<&Takeover, Unknown> {
        let made = self.takeover.get_or_init(|| Takeover::of(self, self.permissions()?));
        made.as_ref().map_err(Clone::clone)
    }

    /// The names of the cluster roles that any binding refers to.
    pub(crate) fn bound_cluster_roles(&self) -> Result<&BTreeSet<&'w str>, Unknown> {
        let made = self.bound_cluster_roles.get_or_init(|| {
            let everywhere = self.all::<ClusterRoleBinding>()?.map(|it| &it.role_ref);
            let within = self.all::<RoleBinding>()?.map(|it| &it.role_ref);
            let roles = everywhere.chain(within).filter(|role| role.kind == "ClusterRole");
            Ok(roles.map(|role| role.name.as_str()).collect())
        });
        made.as_ref().map_err(Clone::clone)
    }

    /// Whether any pods that were read run as a service account.
    pub(crate) fn runs_as(&self, namespace: &str, account: &str) -> bool {
        self.pods_by_account().contains_key(&(namespace, account))
    }

    /// The pods that were read and run as a service account, by workload.
    pub(crate) fn units_of_account(&self, namespace: &str, account: &str) -> Vec<&PodView<'w>> {
        let found = self.pods_by_account().get(&(namespace, account)).into_iter().flatten();
        found.filter_map(|at| self.units().get(*at)).collect()
    }

    fn pods_by_account(&self) -> &BTreeMap<(&'w str, &'w str), Vec<usize>> {
        self.accounts_of_pods.get_or_init(|| {
            let mut all: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
            for (at, unit) in self.units().iter().enumerate() {
                all.entry((unit.namespace(), unit.service_account())).or_default().push(at);
            }
            all
        })
    }
}
