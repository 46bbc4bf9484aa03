//! Who may do what.

use std::collections::BTreeSet;

use super::Context;
use crate::audit::{
    api::{ClusterRoleBinding, RoleBinding},
    rbac::{Permissions, takeover::Takeover},
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
        let all = self
            .accounts_of_pods
            .get_or_init(|| self.units().iter().map(|unit| (unit.namespace(), unit.service_account())).collect());
        all.contains(&(namespace, account))
    }
}
