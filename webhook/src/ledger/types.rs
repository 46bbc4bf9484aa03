//! Which types must be followed for the quotas that there are.

use std::{collections::BTreeMap, sync::Arc};

use passmuster::{
    model::{builtin_kinds::builtin, resource::Resource},
    quota::{counted::counted_types, ledger::ALLOCATED},
};

use super::view::State;

impl State {
    /// Settles which types each quota counts and the numbers of their scopes. What must be read anew is forgotten.
    pub(super) fn settle_types(&mut self) {
        let discovery = self.discovery.clone();
        let mut anew = false;
        for (name, tracked) in &mut self.tracked {
            tracked.types = if tracked.is_allocation() {
                [Arc::from(ALLOCATED)].into()
            } else {
                let types = counted_types(tracked.keys(), &discovery);
                types.into_iter().map(|resource| Arc::from(resource.group_resource())).collect()
            };
            match self.scopes.id(&tracked.account.spec) {
                Some((id, new)) => {
                    tracked.account.scope = id;
                    anew |= new;
                }
                None => {
                    self.unreadable
                        .insert(name.clone(), "too many quotas with scopes of their own".to_owned());
                }
            }
        }
        if anew {
            // Whether what was seen is in the new scopes, nobody asked.
            for resource in ["pods", "persistentvolumeclaims"] {
                self.observed.forget(resource);
            }
        }
        let wanted = self.wanted_types();
        if anew || !wanted.keys().eq(self.followed.keys()) {
            self.generation += 1;
            if anew {
                self.scoped_generation = self.generation;
            }
        }
        for gone in self.followed.keys().filter(|resource| !wanted.contains_key(*resource)) {
            self.observed.forget(gone);
        }
        self.followed = wanted;
    }

    /// The types that some quota counts.
    fn wanted_types(&self) -> BTreeMap<Arc<str>, Resource> {
        let mut wanted = BTreeMap::new();
        for tracked in self.tracked.values() {
            for name in &tracked.types {
                let found = if name.as_ref() == ALLOCATED {
                    builtin().by_kind("", "ResourceQuota")
                } else {
                    self.discovery.preferred().find(|resource| resource.group_resource() == name.as_ref())
                };
                if let Some(resource) = found {
                    wanted.insert(name.clone(), resource.clone());
                }
            }
        }
        wanted
    }
}
