//! The objects, one after the other, through the three stages.

use serde_json::{Map, Value, json};

use super::{
    Breaks, NodesFit, ObjectFit, Placed, QuotaFit, Refusal, Room, Stage, StageFit, Wanted, Workload, World,
    admitted,
    ledger::{Ledger, Refused},
    limits::LimitRange,
    rollout::{self, Course},
    template::unchanged,
    without_zeros, workload,
};
use crate::{
    API_VERSION,
    graph::edges::group_of,
    model::{ObjectKey, Skipped},
    quota::{
        peak,
        usage::{Charged, usage_with},
    },
};

/// The objects on their way through the stages.
pub(super) struct Plan<'a> {
    pub(super) world: &'a World<'a>,
    /// What is refused, is not charged.
    pub(super) ledger: Ledger<'a>,
    /// Everything is charged, whether it is refused or not: what would be needed.
    pub(super) needed: Ledger<'a>,
    room: Option<Room>,
    pub(super) fits: Vec<ObjectFit>,
    /// What goes on beyond the first stage.
    pub(super) later: Vec<Later>,
    /// What could not be read.
    skipped: Vec<Skipped>,
}

/// A workload whose pods are there, as far as they were let in.
pub(super) struct Later {
    pub(super) index: usize,
    pub(super) workload: Workload,
    pub(super) pod: Charged,
    pub(super) reached: u32,
    pub(super) most: Option<u32>,
}

impl<'a> Plan<'a> {
    pub(super) fn new(world: &'a World<'a>) -> Self {
        let ledger = Ledger { accounts: world.accounts.clone(), devices: world.devices, now: world.now };
        let (needed, room) = (ledger.clone(), world.room.clone());
        Self { world, ledger, needed, room, fits: Vec::new(), later: Vec::new(), skipped: Vec::new() }
    }

    pub(super) fn run(mut self, wanted: &[Wanted]) -> QuotaFit {
        for wanted in wanted {
            self.apply(wanted);
        }
        let after = self.needed.clone();
        let rollout = self.roll_out();
        let autoscaled = self.autoscale(after.clone());
        let quotas = self.quotas(&after, rollout.as_ref(), autoscaled.as_ref());
        let nodes = self.room.as_ref().map(|room| NodesFit {
            schedulable: room.len(),
            waiting: room.waiting,
            fits: self.fits.iter().all(|fit| fit.nodes.is_none_or(|nodes| nodes.placed >= nodes.wanted)),
        });
        let first = self.first();
        let fits = first.is_none() && nodes.as_ref().is_none_or(|nodes| nodes.fits);
        QuotaFit {
            api_version: API_VERSION.to_owned(),
            kind: "QuotaFit".to_owned(),
            at: None,
            cluster: None,
            fits,
            first,
            objects: self.fits,
            quotas,
            nodes,
            notes: Vec::new(),
            skipped: self.skipped,
        }
    }

    /// What breaks first: by stage, then in the order of the objects.
    fn first(&self) -> Option<Breaks> {
        let all = self.fits.iter().flat_map(|fit| fit.stages.iter().map(move |stage| (fit, stage)));
        let mut broken: Vec<Breaks> = all
            .filter_map(|(fit, stage)| {
                let (object, refusal) = (fit.object.clone(), stage.refusal.clone()?);
                Some(Breaks { stage: stage.stage, object, refusal })
            })
            .collect();
        broken.sort_by_key(|breaks| breaks.stage);
        broken.into_iter().next()
    }

    /// Applies one object.
    fn apply(&mut self, wanted: &Wanted) {
        let nodes = |selector: &Map<String, Value>| {
            self.world.room.as_ref().map_or(0, |room| room.selected(selector))
        };
        match workload(&wanted.object, &nodes) {
            Some(workload) if workload.key.kind.as_ref() != "Pod" => self.apply_workload(wanted, workload),
            _ => self.apply_object(wanted),
        }
    }

    /// An object by itself, pods among them.
    fn apply_object(&mut self, wanted: &Wanted) {
        let mut object = wanted.object.clone();
        let Some(key) = key_of(&object) else { return };
        let mut refused = None;
        if key.kind.as_ref() == "Pod" && key.group.is_empty() && wanted.live.is_none() {
            refused = self.prepare(&mut object).err();
        } else if key.kind.as_ref() == "PersistentVolumeClaim" && key.group.is_empty() {
            refused = self
                .ranges(&key.namespace)
                .iter()
                .find_map(|range| range.refuses_claim(&object))
                .map(by_range);
        }
        let Some(new) = self.charged(&key, object) else { return };
        let old = wanted.live.clone().and_then(|live| self.charged(&key, live));
        let each = without_zeros(&usage_with(&new, self.world.devices, self.world.now));
        let is_counted = self.world.accounts.iter().any(|account| {
            account.namespaces.contains(&*key.namespace)
                && account.spec.matches_with(&new, self.world.devices)
        });
        if !is_counted && refused.is_none() && !matches!(new, Charged::Pod(_)) {
            // It takes nothing that anybody counts.
            return;
        }
        if let Some(old) = &old {
            self.needed.release(&key.namespace, old);
        }
        self.needed.charge(&key.namespace, &new, 1);
        if refused.is_none() {
            refused = self.ledger.admit(&key.namespace, old.as_ref(), &new).err();
        }
        let mut nodes = None;
        if let (Charged::Pod(pod), None, Some(room)) = (&new, &old, &mut self.room) {
            let placed = room.place(pod, 1);
            nodes = Some(Placed { wanted: 1, placed, more: room.more(pod) });
        }
        let stage = StageFit {
            stage: Stage::Now,
            wanted: 1,
            admitted: u32::from(refused.is_none()),
            fits: refused.is_none(),
            goes_on: None,
            refusal: refused.map(|refused| refusal(refused, None)),
        };
        let existing = u32::from(old.is_some());
        self.fits.push(ObjectFit {
            object: key,
            existing,
            each,
            stages: vec![stage],
            nodes,
            notes: Vec::new(),
        });
    }

    /// An object that makes pods.
    fn apply_workload(&mut self, wanted: &Wanted, workload: Workload) {
        let key = workload.key.clone();
        let namespace = key.namespace.to_string();
        let mut notes: Vec<String> = workload.note.iter().cloned().collect();
        // The object itself, and what its controller makes of it before any pod.
        let mut refused = None;
        if wanted.live.is_none() {
            refused = self.admit_new(&namespace, &wanted.object, &key).err();
            for (group, kind) in made_by(&key) {
                let made = json!({"metadata": {"name": key.name.as_ref(), "namespace": namespace}});
                let made_key = ObjectKey::new(*group, *kind, namespace.as_str(), key.name.clone());
                refused = refused.or(self.admit_new(&namespace, &made, &made_key).err());
            }
        }
        let mut pod = workload.pod.clone();
        refused = refused.or(self.prepare(&mut pod).err());
        let Some(new) = self.charged(&ObjectKey::new("", "Pod", namespace.as_str(), key.name.clone()), pod)
        else {
            return;
        };
        let each = without_zeros(&usage_with(&new, self.world.devices, self.world.now));
        let old = self.pods_of(&key);
        let existing = u32::try_from(old.len()).unwrap_or(u32::MAX);
        let template = |object: &Value| object.pointer("/spec/template").cloned().unwrap_or_default();
        let changed = matches!(key.kind.as_ref(), "Deployment" | "StatefulSet" | "DaemonSet")
            && wanted
                .live
                .as_ref()
                .is_some_and(|live| !unchanged(&template(&wanted.object), &template(live)));
        let target = workload.replicas;
        let kept = if changed { 0 } else { existing.min(target) };

        let gone: Vec<&Charged> = old.iter().skip(kept as usize).copied().collect();
        for pod in &gone {
            self.needed.release(&namespace, pod);
        }
        self.needed.charge(&namespace, &new, target - kept);
        let mut course = Course { reached: kept, refused: None };
        match refused {
            Some(refused) => course.refused = Some((0, refused)),
            None if changed => {
                course =
                    rollout::replace(&mut self.ledger, &namespace, &old, &new, (target, workload.rollout));
                notes.push(format!("its template changes: its {existing} pods are replaced"));
            }
            None => {
                for pod in &gone {
                    self.ledger.release(&namespace, pod);
                }
                course = rollout::grow(&mut self.ledger, &namespace, &new, kept, target);
            }
        }
        course.refused = course.refused.or_else(|| self.admit_claims(&workload, kept, target));
        let goes_on = (changed && course.refused.is_some()).then_some(course.reached == target);
        let stage = StageFit {
            stage: Stage::Now,
            wanted: target,
            admitted: course.reached,
            fits: course.refused.is_none(),
            goes_on,
            refusal: course.refused.map(|(replica, refused)| refusal(refused, Some(replica))),
        };
        let surge = if workload.rollout.rolling { workload.rollout.of(target).0 } else { 0 };
        let nodes = match (&new, &mut self.room) {
            (Charged::Pod(pod), Some(room)) => {
                let wanted = target - kept.min(target) + surge;
                let wanted = if changed { surge } else { wanted };
                let placed = room.place(pod, wanted);
                Some(Placed { wanted, placed, more: room.more(pod) })
            }
            _ => None,
        };
        let most = wanted.autoscaler.as_ref().map(|scaler| scaler.most);
        self.later.push(Later { index: self.fits.len(), workload, pod: new, reached: course.reached, most });
        self.fits.push(ObjectFit { object: key, existing, each, stages: vec![stage], nodes, notes });
    }

    /// The claims that each pod of a stateful set gets.
    fn admit_claims(&mut self, workload: &Workload, from: u32, to: u32) -> Option<(u32, Refused)> {
        let namespace = workload.key.namespace.to_string();
        let key = ObjectKey::new("", "PersistentVolumeClaim", namespace.as_str(), workload.key.name.clone());
        let mut first = None;
        for claim in &workload.claims {
            let by =
                self.ranges(&namespace).iter().find_map(|range| range.refuses_claim(claim)).map(by_range);
            let Some(charged) = self.charged(&key, claim.clone()) else { continue };
            self.needed.charge(&namespace, &charged, to.saturating_sub(from));
            let refused = match by {
                Some(by) if from < to => Some((from + 1, by)),
                _ => rollout::grow(&mut self.ledger, &namespace, &charged, from, to).refused,
            };
            first = first.or(refused);
        }
        first
    }

    fn ranges(&self, namespace: &str) -> Vec<&'a LimitRange> {
        self.world.limit_ranges.iter().filter(|range| range.namespace == namespace).collect()
    }

    /// Makes of a pod what the API server would.
    fn prepare(&self, object: &mut Value) -> Result<(), Refused> {
        let namespace =
            object.pointer("/metadata/namespace").and_then(Value::as_str).unwrap_or_default().to_owned();
        let ranges: Vec<LimitRange> = self.ranges(&namespace).into_iter().cloned().collect();
        admitted(&ranges, &self.world.classes, object).map_err(by_range)
    }

    fn charged(&mut self, key: &ObjectKey, object: Value) -> Option<Charged> {
        let resource = self.world.types.by_kind(&key.group, &key.kind)?;
        match Charged::from_json(resource, object) {
            Ok(charged) => Some(charged),
            Err(error) => {
                self.skipped.push(Skipped {
                    resource: resource.to_string(),
                    namespace: Some(key.namespace.to_string()).filter(|namespace| !namespace.is_empty()),
                    reason: "Invalid".to_owned(),
                    message: format!("{resource} {:?} is not what it should be: {error}", key.name),
                });
                None
            }
        }
    }

    /// Charges an object that is new, wherever objects of its type are counted.
    fn admit_new(&mut self, namespace: &str, object: &Value, key: &ObjectKey) -> Result<(), Refused> {
        let metadata = json!({"metadata": object.get("metadata")});
        let Some(charged) = self.charged(key, metadata) else { return Ok(()) };
        self.needed.charge(namespace, &charged, 1);
        self.ledger.admit(namespace, None, &charged)
    }

    /// The pods of a workload that are charged.
    fn pods_of(&self, key: &ObjectKey) -> Vec<&'a Charged> {
        let workload = peak::Workload::new(key.kind.as_ref(), key.name.as_ref());
        let mut found: Vec<(&str, &Charged)> = Vec::new();
        for object in self.world.objects {
            let (Charged::Pod(pod), Some(metadata)) = (object, object.metadata()) else { continue };
            let here = metadata.namespace == *key.namespace && metadata.controller().is_some();
            if here && !pod.has_ended(self.world.now) && self.world.owners.of(metadata) == workload {
                found.push((&metadata.name, object));
            }
        }
        found.sort_by_key(|(name, _)| *name);
        found.into_iter().map(|(_, object)| object).collect()
    }
}

/// What controllers make of a new workload before its pods, one of each.
fn made_by(key: &ObjectKey) -> &'static [(&'static str, &'static str)] {
    match (key.group.as_ref(), key.kind.as_ref()) {
        ("apps", "Deployment") => &[("apps", "ReplicaSet")],
        ("apps", "StatefulSet" | "DaemonSet") => &[("apps", "ControllerRevision")],
        ("batch", "CronJob") => &[("batch", "Job")],
        _ => &[],
    }
}

fn by_range(message: String) -> Refused {
    Refused { quota: String::new(), message, others: Vec::new() }
}

/// `replica` counts from 1; 0 is the workload itself.
pub(super) fn refusal(refused: Refused, replica: Option<u32>) -> Refusal {
    let Refused { quota, message, others } = refused;
    let replica = replica.filter(|replica| *replica > 0);
    Refusal { quota: (!quota.is_empty()).then_some(quota), replica, message, others }
}

fn key_of(object: &Value) -> Option<ObjectKey> {
    let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let group = group_of(text("/apiVersion"));
    let name =
        [text("/metadata/name"), text("/metadata/generateName")].into_iter().find(|name| !name.is_empty())?;
    Some(ObjectKey::new(group, text("/kind"), text("/metadata/namespace"), name))
}
