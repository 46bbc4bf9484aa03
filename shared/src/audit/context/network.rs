//! Who reaches whom.

use std::collections::{BTreeMap, BTreeSet};

use super::Context;
use crate::{
    audit::{
        api::{EndpointSlice, Ingress, Namespace, Service},
        network::{Claims, Slices},
        subject::PodView,
        world::{Custom, POD_KINDS, Unknown},
    },
    model::{Kind, Labels, ObjectKey, Selector, kinds},
};

/// The label that the API server gives every namespace.
const NAME: &str = "kubernetes.io/metadata.name";

impl<'w> Context<'w> {
    /// The object of a kind that is not built in, if there is one of this name.
    pub(crate) fn get_custom(
        &self,
        kind: Kind,
        namespace: &str,
        name: &str,
    ) -> Result<Option<&'w Custom>, Unknown> {
        let found = self.world.custom_named(&ObjectKey::new(kind.group, kind.kind, namespace, name));
        if found.is_none() {
            self.is_absent(kind, namespace, name)?;
        }
        Ok(found)
    }

    /// The endpoint slices of services.
    pub(crate) fn slices(&self, namespace: &str) -> Result<&Slices<'w>, Unknown> {
        self.covered(kinds::ENDPOINT_SLICE, namespace)?;
        Ok(self.slices.get_or_init(|| Slices::of(self.world.store::<EndpointSlice>().all())))
    }

    /// What ingresses claim: those that were read.
    pub(crate) fn ingress_claims(&self) -> &Claims<'w> {
        self.claims.get_or_init(|| Claims::of(self.world.store::<Ingress>().all()))
    }

    /// Whether anything runs in a namespace, or is to run there.
    pub(crate) fn has_pods(&self, namespace: &str) -> Result<bool, Unknown> {
        let pods = self.pod_namespaces.get_or_init(|| self.units().iter().map(PodView::namespace).collect());
        if !pods.contains(namespace) {
            POD_KINDS.iter().try_for_each(|kind| self.covered(*kind, namespace))?;
        }
        Ok(pods.contains(namespace))
    }

    /// Whether pods that match this are anywhere.
    pub(crate) fn any_selected(&self, selector: &Selector) -> Result<bool, Unknown> {
        if self.units().iter().any(|unit| unit.is_selected_by(selector)) {
            return Ok(true);
        }
        self.no_other_pods(None)?;
        self.selection_is_filled(selector, self.units().iter().map(PodView::labels))?;
        Ok(false)
    }

    /// The namespaces that a selector selects, as far as they are known; an error where there may be others and none
    /// was found.
    pub(crate) fn selected_namespaces(&self, selector: &Selector) -> Result<Vec<String>, Unknown> {
        let with_name = |labels: &BTreeMap<String, String>, name: &str| {
            let mut labels = labels.clone();
            labels.insert(NAME.to_owned(), name.to_owned());
            selector.matches(&Labels::from(&labels))
        };
        let read = self.world.store::<Namespace>().all().map(|it| &it.metadata);
        let read = read.filter(|it| with_name(&it.labels, &it.name)).map(|it| it.name.clone());
        let mut found: Vec<String> = read.collect();
        if !self.is_live() {
            // Files rarely hold the namespaces that every cluster has.
            let known = ["default", "kube-system", "kube-public", "kube-node-lease"];
            let not_read = |name: &&str| self.world.store::<Namespace>().get("", name).is_none();
            let known = known.into_iter().filter(not_read).filter(|name| with_name(&BTreeMap::new(), name));
            found.extend(known.map(str::to_owned));
        }
        if found.is_empty() {
            self.world.coverage.is_all(kinds::NAMESPACE, None)?;
            let all = self.world.store::<Namespace>().all();
            self.selection_is_filled(selector, all.map(|namespace| &namespace.metadata.labels))?;
        }
        Ok(found)
    }

    /// Whether pods are reached from outside of the cluster, by a service's own port or by an ingress.
    pub(crate) fn is_exposed(&self, pods: &PodView<'_>) -> Result<bool, Unknown> {
        let services: Vec<&Service> = self.services_of(pods)?;
        if services.iter().any(|service| service.is_exposed()) {
            return Ok(true);
        }
        if services.is_empty() {
            return Ok(false);
        }
        self.covered(kinds::INGRESS, pods.namespace())?;
        let all = self.ingress_services.get_or_init(|| {
            let ingresses = self.world.store::<Ingress>().all();
            let backends = ingresses.flat_map(|ingress| {
                let named = ingress.backends().filter_map(|(_, backend)| backend.service.as_ref());
                named.map(move |service| (ingress.metadata.namespace.as_str(), service.name.as_str()))
            });
            backends.collect::<BTreeSet<_>>()
        });
        Ok(services.iter().any(|service| {
            all.contains(&(service.metadata.namespace.as_str(), service.metadata.name.as_str()))
        }))
    }
}
