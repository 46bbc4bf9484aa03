//! Everything that a pod says of each resource, and what it comes to.

use std::collections::BTreeMap;

use super::{
    Container, ContainerStatus, Pod, PodSpec, ResourceRequirements,
    arithmetic::{Origin, Role, Side},
    keys,
};
use crate::quantity::{Quantity, Wire};

/// What one container has of a resource.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item<'a> {
    pub(super) container: &'a str,
    pub(super) role: Role,
    pub(super) amount: Quantity,
    pub(super) origin: Origin,
}

/// All that is said of one resource.
#[derive(Debug)]
pub(super) struct Sum<'a> {
    pub(super) resource: &'a str,
    side: Side,
    /// In the order in which the containers start.
    pub(super) items: Vec<Item<'a>>,
    pub(super) pod_level: Option<Quantity>,
    overhead: Option<Quantity>,
}

/// When a pod needs the most.
#[derive(Debug, Clone, Copy)]
pub(super) enum Moment<'a> {
    /// While its containers run.
    Running,
    /// While this init container runs.
    Init(&'a str),
    /// What it is given as a whole goes before that.
    Whole,
}

/// What a sum comes to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Outcome<'a> {
    /// The containers and sidecars together.
    pub(super) running: Quantity,
    pub(super) moment: Moment<'a>,
    /// What that moment needs.
    pub(super) amount: Quantity,
    /// What is added to it.
    pub(super) overhead: Option<Quantity>,
}

impl Outcome<'_> {
    pub(super) fn total(&self) -> Quantity {
        self.overhead.map_or(self.amount, |overhead| self.amount + overhead)
    }
}

impl<'a> Sum<'a> {
    pub(super) fn result(&self) -> Outcome<'a> {
        let (running, most) = self.moments();
        let (moment, amount) = match (self.pod_level, most) {
            (Some(amount), _) => (Moment::Whole, amount),
            (None, Some((container, amount))) if amount > running => (Moment::Init(container), amount),
            _ => (Moment::Running, running),
        };
        // A limit of nothing stays none.
        let overhead = self.overhead.filter(|_| self.side == Side::Requests || !amount.is_zero());
        Outcome { running, moment, amount, overhead }
    }

    /// What the containers and sidecars have together; and the most demanding init container, with what it and the
    /// sidecars before it have.
    fn moments(&self) -> (Quantity, Option<(&'a str, Quantity)>) {
        let (mut containers, mut sidecars) = (Quantity::ZERO, Quantity::ZERO);
        let mut most: Option<(&'a str, Quantity)> = None;
        for item in &self.items {
            match item.role {
                Role::Container => containers += item.amount,
                Role::Sidecar => sidecars += item.amount,
                Role::Init => {
                    let moment = item.amount + sidecars;
                    if most.is_none_or(|(_, most)| moment > most) {
                        most = Some((item.container, moment));
                    }
                }
            }
        }
        (containers + sidecars, most)
    }
}

/// The sums of a pod, one for each resource; so few that looking through them is quickest.
struct Sums<'a> {
    side: Side,
    sums: Vec<Sum<'a>>,
}

impl<'a> Sums<'a> {
    fn find(&mut self, resource: &str) -> Option<&mut Sum<'a>> {
        self.sums.iter_mut().find(|sum| sum.resource == resource)
    }

    fn change(&mut self, resource: &'a str, change: impl FnOnce(&mut Sum<'a>)) {
        if let Some(sum) = self.find(resource) {
            return change(sum);
        }
        let mut sum = Sum { resource, side: self.side, items: Vec::new(), pod_level: None, overhead: None };
        change(&mut sum);
        self.sums.push(sum);
    }
}

/// Everything that is said of each resource.
pub(super) fn sums(pod: &Pod, side: Side) -> Vec<Sum<'_>> {
    let mut sums = Sums { side, sums: Vec::new() };
    let Some(spec) = &pod.spec else { return sums.sums };
    for (container, role) in containers(spec) {
        each_resource(pod, container, role, side, &mut |resource, amount, origin| {
            let item = Item { container: &container.name, role, amount, origin };
            sums.change(resource, |sum| sum.items.push(item));
        });
    }
    for (resource, amount) in spec.resources.iter().flat_map(|resources| side.of(resources)) {
        if is_of_pods(resource) {
            sums.change(resource, |sum| sum.pod_level = Some(amount.quantity()));
        }
    }
    for (resource, amount) in &spec.overhead {
        // There is no limit to add it to, unless somebody said one.
        if side == Side::Requests || sums.find(resource).is_some() {
            sums.change(resource, |sum| sum.overhead = Some(amount.quantity()));
        }
    }
    sums.sums
}

/// Init containers and sidecars in the order in which they start, then the containers.
pub(super) fn containers(spec: &PodSpec) -> impl Iterator<Item = (&Container, Role)> {
    let role = |container: &Container| if container.is_sidecar() { Role::Sidecar } else { Role::Init };
    let init = spec.init_containers.iter().map(move |container| (container, role(container)));
    init.chain(spec.containers.iter().map(|container| (container, Role::Container)))
}

impl Side {
    fn of(self, resources: &ResourceRequirements) -> &BTreeMap<String, Wire> {
        match self {
            Self::Requests => &resources.requests,
            Self::Limits => &resources.limits,
        }
    }
}

/// Resources that can be given for a pod as a whole.
pub(super) fn is_of_pods(resource: &str) -> bool {
    matches!(resource, "cpu" | "memory") || resource.starts_with(keys::HUGE_PAGES)
}

/// Tells every resource of a container: what the spec says; and once the node has told what the container really has,
/// the most of the two and of what is allocated. An init container ends before it could be resized.
fn each_resource<'a>(
    pod: &'a Pod,
    container: &'a Container,
    role: Role,
    side: Side,
    tell: &mut impl FnMut(&'a str, Quantity, Origin),
) {
    let asked = container.resources.as_ref().map(|resources| side.of(resources));
    let status = if role == Role::Init { None } else { status_of(pod, &container.name) };
    let Some((status, actual)) = status.and_then(|status| Some((status, status.resources.as_ref()?))) else {
        for (resource, amount) in asked.into_iter().flatten() {
            tell(resource, amount.quantity(), Origin::Spec);
        }
        return;
    };
    let asked = asked.filter(|_| !pod.resize_is_infeasible());
    // Limits are not allocated.
    let allocated = Some(&status.allocated_resources).filter(|_| side == Side::Requests);
    let sources =
        [(asked, Origin::Spec), (Some(side.of(actual)), Origin::Actual), (allocated, Origin::Allocated)];
    let mut most: BTreeMap<&'a str, (Quantity, Origin)> = BTreeMap::new();
    for (amounts, origin) in sources {
        for (resource, amount) in amounts.into_iter().flatten() {
            let amount = amount.quantity();
            let most = most.entry(resource).or_insert((amount, origin));
            if amount > most.0 {
                *most = (amount, origin);
            }
        }
    }
    for (resource, (amount, origin)) in most {
        tell(resource, amount, origin);
    }
}

/// What is known of a running container, or sidecar.
fn status_of<'a>(pod: &'a Pod, name: &str) -> Option<&'a ContainerStatus> {
    let status = pod.status.as_ref()?;
    let mut all = status.init_container_statuses.iter().chain(&status.container_statuses);
    all.find(|status| status.name == name)
}
