//! Pods by workload, and what selects them.

use std::collections::HashMap;

use super::{Context, selectors::Selectors};
use crate::{
    audit::{
        api::{HorizontalPodAutoscaler, NetworkPolicy, PodDisruptionBudget, Service},
        subject::{PodView, Units},
        unseen::{is_hook, of_templates},
        world::{POD_KINDS, Unknown},
    },
    graph::edges::group_of,
    model::{Labels, ObjectKey, Selector, kinds},
};

impl<'w> Context<'w> {
    /// The pods that were read, folded into their workloads, sorted by owner. Of what was not read nothing is known.
    pub(crate) fn units(&self) -> &[PodView<'w>] {
        &self.folded().all
    }

    fn folded(&self) -> &Units<'w> {
        self.units.get_or_init(|| Units::of(self.world))
    }

    /// The same, of one namespace.
    pub(crate) fn units_within(&self, namespace: &str) -> Result<Vec<&PodView<'w>>, Unknown> {
        for kind in POD_KINDS {
            self.covered(*kind, namespace)?;
        }
        let units = &self.folded().all;
        let index = self.units_by_namespace.get_or_init(|| {
            let mut index: HashMap<&str, Vec<usize>> = HashMap::new();
            for (at, unit) in units.iter().enumerate() {
                index.entry(unit.namespace()).or_default().push(at);
            }
            index
        });
        let found = index.get(namespace).map(Vec::as_slice).unwrap_or_default();
        Ok(found.iter().filter_map(|at| units.get(*at)).collect())
    }

    /// The pods of a workload, or a pod that nothing makes; none when it is not there.
    pub(crate) fn unit(&self, owner: &ObjectKey) -> Option<&PodView<'w>> {
        self.folded().get(owner)
    }

    /// The pods of a namespace that have these labels, by workload.
    pub(crate) fn selected(
        &self,
        namespace: &str,
        selector: &Selector,
    ) -> Result<Vec<&PodView<'w>>, Unknown> {
        for kind in POD_KINDS {
            self.covered(*kind, namespace)?;
        }
        let units = &self.folded().all;
        let index = self
            .units_by_label
            .get_or_init(|| Selectors::of_labels(units.iter().map(|unit| (unit.namespace(), unit.labels()))));
        let found = index.candidates_for(namespace, &of_templates(selector));
        let view = |at: usize| units.get(at).filter(|unit| unit.is_selected_by(selector));
        let found: Vec<_> = found.into_iter().filter_map(view).collect();
        if found.is_empty() {
            self.no_other_pods(Some(namespace))?;
            let of_namespace = units.iter().filter(|unit| unit.namespace() == namespace);
            self.selection_is_filled(selector, of_namespace.map(PodView::labels))?;
        }
        Ok(found)
    }

    /// The services that select these pods, by name.
    pub(crate) fn services_of(&self, pods: &PodView<'_>) -> Result<Vec<&'w Service>, Unknown> {
        let namespace = pods.namespace();
        self.covered(kinds::SERVICE, namespace)?;
        let services = self.services.get_or_init(|| {
            let all = self.world.store::<Service>().all();
            let selecting = all
                .filter(|service| !service.spec.selector.is_empty() && service.spec.r#type != "ExternalName");
            selecting.map(|service| (service, Selector::labels(&service.spec.selector))).collect()
        });
        let index = self.services_by_label.get_or_init(|| {
            let own = services.iter().map(|(service, selector)| (service, of_templates(selector)));
            let own: Vec<_> = own.collect();
            let each = own.iter();
            Selectors::of_selectors(
                each.map(|(service, selector)| (service.metadata.namespace.as_str(), selector)),
            )
        });
        let labels = Labels::from(pods.labels());
        let found = index.candidates_of(namespace, &labels).into_iter().filter_map(|at| services.get(at));
        let matching = found.filter(|(_, selector)| pods.is_selected_by(selector));
        Ok(matching.map(|(service, _)| *service).collect())
    }

    /// A service of which these pods are all there is, if there is one: when they are gone, nobody answers. What runs to
    /// an end, or is scaled to nothing, answers nobody either.
    pub(crate) fn served_alone(&self, pods: &PodView<'_>) -> Result<Option<&'w Service>, Unknown> {
        let is_same =
            |unit: &PodView<'_>| unit.owner == pods.owner || unit.workload.key() == pods.workload.key();
        let answers = |unit: &PodView<'_>| {
            unit.workload.is_service() && !unit.is_idle() && !is_hook(unit.workload.metadata())
        };
        for service in self.services_of(pods)? {
            let behind = self.selected(pods.namespace(), &Selector::labels(&service.spec.selector))?;
            if !behind.into_iter().any(|unit| answers(unit) && !is_same(unit)) {
                return Ok(Some(service));
            }
        }
        Ok(None)
    }

    /// The network policies that select these pods, by name.
    pub(crate) fn policies_of(&self, pods: &PodView<'_>) -> Result<Vec<&'w NetworkPolicy>, Unknown> {
        let all = self.within::<NetworkPolicy>(pods.namespace())?;
        // An empty selector, and one that is left out, select every pod of the namespace.
        let selects =
            |policy: &&NetworkPolicy| pods.is_selected_by(&Selector::from(&policy.spec.pod_selector));
        Ok(all.filter(selects).collect())
    }

    /// The disruption budgets that select these pods, by name. A selector that is left out selects nothing, an empty
    /// one everything.
    pub(crate) fn budgets_of(&self, pods: &PodView<'_>) -> Result<Vec<&'w PodDisruptionBudget>, Unknown> {
        let all = self.within::<PodDisruptionBudget>(pods.namespace())?;
        let selects = |budget: &&PodDisruptionBudget| {
            budget
                .spec
                .selector
                .as_ref()
                .is_some_and(|selector| pods.is_selected_by(&Selector::from(selector)))
        };
        Ok(all.filter(selects).collect())
    }

    /// The autoscalers that scale a workload.
    pub(crate) fn autoscalers_of(
        &self,
        workload: &ObjectKey,
    ) -> Result<&[&'w HorizontalPodAutoscaler], Unknown> {
        self.covered(kinds::HORIZONTAL_POD_AUTOSCALER, &workload.namespace)?;
        let all = self.autoscalers.get_or_init(|| {
            let mut all: HashMap<ObjectKey, Vec<&'w HorizontalPodAutoscaler>> = HashMap::new();
            for autoscaler in self.world.store::<HorizontalPodAutoscaler>().all() {
                let target = &autoscaler.spec.scale_target_ref;
                let group = group_of(&target.api_version);
                let namespace = autoscaler.metadata.namespace.as_str();
                let key = ObjectKey::new(group, target.kind.as_str(), namespace, target.name.as_str());
                all.entry(key).or_default().push(autoscaler);
            }
            all
        });
        Ok(all.get(workload).map(Vec::as_slice).unwrap_or_default())
    }
}
