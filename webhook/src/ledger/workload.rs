//! Warnings to who applies or scales a workload whose pods will not find room. The pods are denied later, and then only
//! a controller is told.

use passmuster::{
    model::{builtin_kinds::builtin, resource::Resource},
    quota::{
        fit::{Classes, Workload, admitted, workload},
        ledger::{Change, Forecast, Pods, forecast},
        usage::Charged,
    },
};
use serde_json::Value;

use crate::clock::now;

use super::{Ledger, Question};

/// Workloads that make pods when they are applied.
const WORKLOADS: [&str; 5] =
    ["deployments.apps", "statefulsets.apps", "replicasets.apps", "jobs.batch", "replicationcontrollers"];

/// A workload and what one of its pods is like.
struct Planned {
    workload: Workload,
    pod: Charged,
}

/// What will not find room, in one or two short lines for each project.
pub(super) async fn warnings(ledger: &Ledger, question: &Question<'_>) -> Vec<String> {
    let resource = question.resource.group_resource();
    let concerned = WORKLOADS.contains(&resource.as_str())
        && ledger.view.read(|state| !state.projects_of(question.namespace).is_empty());
    if !concerned {
        return Vec::new();
    }
    let scaled;
    let (new, old) = match question.subresource {
        "" => (&question.object, question.old_object.as_ref()),
        "scale" => match scaled_workload(ledger, question).await {
            Some(both) => {
                scaled = both;
                (&scaled.0, Some(&scaled.1))
            }
            None => return Vec::new(),
        },
        _ => return Vec::new(),
    };
    let Some(planned) = planned(new).filter(|_| !is_controlled(new)) else { return Vec::new() };
    let before = old.and_then(self::planned);
    told(ledger, question, &planned, before.as_ref())
}

fn told(ledger: &Ledger, question: &Question<'_>, new: &Planned, old: Option<&Planned>) -> Vec<String> {
    let replaced =
        old.is_some_and(|old| old.workload.pod.pointer("/spec") != new.workload.pod.pointer("/spec"));
    let (surge, _) = if new.workload.rollout.rolling && replaced {
        new.workload.rollout.of(new.workload.replicas)
    } else {
        (0, 0)
    };
    let change = Change {
        old: old.map(|old| Pods { pod: &old.pod, count: old.workload.replicas }),
        new: Pods { pod: &new.pod, count: new.workload.replicas },
        surge,
    };
    let name = new.workload.key.short();
    let replicas = new.workload.replicas;
    ledger.view.read(|state| {
        let mut told = Vec::new();
        for project in state.projects_of(question.namespace) {
            let Some(tracked) = state.tracked.get(project) else { continue };
            if state.unseen(tracked).next().is_some() {
                continue;
            }
            let book = state.books.get(project).map(|seen| seen.book.clone()).unwrap_or_default();
            let charged = book.charged(&tracked.account, &state.observed);
            let quota = &tracked.account.name;
            match forecast(&tracked.account, &charged, change, &state.devices, now()) {
                None => {}
                Some(Forecast::Never(denied)) => told.push(denied.to_string()),
                Some(Forecast::Pods { fit, denied }) => {
                    told.push(format!("{name}: only {fit} of its {replicas} pods will fit {quota}"));
                    told.push(denied.to_string());
                }
                Some(Forecast::Surge { fit, denied }) => {
                    told.push(format!(
                        "{name}: only {fit} of the {surge} pods of its rollout's surge will fit {quota}"
                    ));
                    told.push(denied.to_string());
                }
            }
        }
        told
    })
}

/// What a workload makes, its pods as the API server makes them before it asks quotas.
fn planned(object: &Value) -> Option<Planned> {
    // How many nodes there are nobody asks here: what depends on that is not looked at.
    let mut workload = workload(object, &|_| 0)?;
    if admitted(&[], &Classes::default(), &mut workload.pod).is_err() {
        return None;
    }
    let pod = Charged::from_json(builtin().by_kind("", "Pod")?, workload.pod.clone()).ok()?;
    Some(Planned { workload, pod })
}

/// Whoever owns it was warned already.
fn is_controlled(object: &Value) -> bool {
    let owners = object.pointer("/metadata/ownerReferences").and_then(Value::as_array);
    owners
        .is_some_and(|owners| owners.iter().any(|owner| owner.get("controller") == Some(&Value::Bool(true))))
}

/// The workload that is scaled, as it would be and as it is.
async fn scaled_workload(ledger: &Ledger, question: &Question<'_>) -> Option<(Value, Value)> {
    let replicas = |scale: &Value| scale.pointer("/spec/replicas").and_then(Value::as_u64);
    let wanted = replicas(&question.object).unwrap_or_default();
    if question.old_object.as_ref().and_then(replicas).is_some_and(|before| wanted <= before) {
        return None;
    }
    let resource = Resource { namespaced: true, ..question.resource.clone() };
    let path = resource.object_path(Some(question.namespace), &question.name);
    let until = tokio::time::Instant::from_std(question.deadline);
    let asked = tokio::time::timeout_at(until, ledger.store.object(&path)).await.ok()?;
    // To warn is a courtesy: without the workload there is none.
    let old = asked.ok().flatten()?;
    let mut new = old.clone();
    *new.pointer_mut("/spec")?.as_object_mut()?.entry("replicas").or_insert(Value::Null) = wanted.into();
    Some((new, old))
}
