//! The HierarchicalResourceQuota of the hierarchical namespace controller: a namespace and all below it.
//!
//! Each namespace has a label for each of its ancestors and for itself, whose value is the distance. An ancestor's
//! quota holds below a descendant's: a namespace is counted to the nearest project and charged to all.

use super::super::{Flavour, KindReader, Members, Project, Selected, field::FieldError, flavour::Found};
use crate::model::{Kind, LabelSelector, LabelSelectorRequirement};

pub(super) static FLAVOUR: Flavour = Flavour {
    name: "hnc",
    title: "Hierarchical Namespace Controller",
    readers: &[KindReader { kind: Kind::namespaced("hnc.x-k8s.io", "HierarchicalResourceQuota"), read }],
    marks: &[],
    given: None,
};

fn read(found: &Found<'_>) -> Result<Vec<Project>, FieldError> {
    let root = &found.key.namespace;
    let depth = format!("{root}.tree.hnc.x-k8s.io/depth");
    let below =
        LabelSelectorRequirement { key: depth.clone(), operator: "Exists".into(), values: Vec::new() };
    let mut members = Members::names([root.to_string()]);
    members.selected.push(Selected {
        labels: LabelSelector { match_expressions: vec![below], ..LabelSelector::default() },
        depth: Some(depth),
        ..Selected::default()
    });
    Ok(vec![Project {
        hard: found.at(&["spec", "hard"])?.amounts()?,
        used: found.at(&["status", "used"])?.some_amounts()?,
        members,
        ..found.project(&**root)
    }])
}
