//! The objects that a rule looks at.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{CompiledRule, kinds::Target};
use crate::{
    audit::{context::Context, engine::Scope, world::LivePod, world::Object as _},
    model::{ObjectKey, ObjectMeta},
};

/// One object that a rule looks at.
#[derive(Debug)]
pub(crate) struct Subject<'w> {
    /// Whom findings are about.
    pub(crate) key: ObjectKey,
    /// Where its exemptions stand.
    pub(crate) said: Vec<&'w ObjectMeta>,
    /// The object, if it was kept.
    pub(super) object: Option<&'w Value>,
    /// Where the spec of its pods stands, as `spec.template.spec`; empty when it is not looked at for its pods.
    pub(super) pods_at: &'static str,
}

/// Finds the objects that a rule looks at.
#[derive(Debug)]
pub(crate) struct Subjects;

impl Subjects {
    /// Those in scope, each once.
    pub(crate) fn of<'w>(rule: &CompiledRule, subjects: &Context<'w>, scope: Scope<'_>) -> Vec<Subject<'w>> {
        let world = subjects.world();
        let (mut all, mut seen) = (Vec::new(), BTreeSet::new());
        for target in &rule.targets {
            match target {
                Target::Objects(kind) => {
                    for (key, whole) in world.whole(*kind) {
                        if scope(key, &whole.metadata) && seen.insert(key.clone()) {
                            let said = vec![&whole.metadata];
                            all.push(Subject {
                                key: key.clone(),
                                said,
                                object: Some(&whole.value),
                                pods_at: "",
                            });
                        }
                    }
                }
                Target::Workloads => {
                    for view in subjects.units() {
                        let asked = |pod: &&LivePod| scope(&pod.key(), &pod.metadata);
                        let metadata = view.workload.metadata();
                        if !(scope(&view.owner, metadata) || view.pods.iter().any(asked))
                            || !seen.insert(view.owner.clone())
                        {
                            continue;
                        }
                        let whole = world.whole_named(&view.workload.key());
                        all.push(Subject {
                            key: view.owner.clone(),
                            said: vec![metadata, view.metadata],
                            object: whole.map(|whole| &whole.value),
                            pods_at: view.at(),
                        });
                    }
                }
            }
        }
        all
    }
}

impl Subject<'_> {
    /// Whether it is looked at for the pods that it makes or is.
    fn has_pods(&self) -> bool {
        !self.pods_at.is_empty()
    }

    /// The path of a field, `podSpec` being where it is in this object.
    pub(super) fn path(&self, path: &str) -> String {
        let inner =
            path.strip_prefix("podSpec").filter(|rest| rest.is_empty() || rest.starts_with(['.', '[']));
        match inner {
            Some(rest) if self.has_pods() => format!("{}{rest}", self.pods_at),
            _ => path.to_owned(),
        }
    }
}

impl<'w> Subject<'w> {
    /// The spec of its pods.
    pub(super) fn pod_spec(&self) -> Option<&'w Value> {
        self.object?.pointer(&pointer(self.pods_at))
    }

    /// The metadata of its pods.
    pub(super) fn pod_metadata(&self) -> Option<&'w Value> {
        let at = self.pods_at.strip_suffix("spec")?;
        self.object?.pointer(&pointer(&format!("{at}metadata")))
    }
}

fn pointer(path: &str) -> String {
    format!("/{}", path.replace('.', "/"))
}
