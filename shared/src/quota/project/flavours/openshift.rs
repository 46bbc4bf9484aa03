//! OpenShift's ClusterResourceQuota: namespaces by labels, by annotations, or by both; usage by admission.

use super::super::{Flavour, KindReader, Members, Project, Selected, field::FieldError, flavour::Found};
use crate::model::Kind;

pub(super) static FLAVOUR: Flavour = Flavour {
    name: "openshift",
    title: "OpenShift",
    readers: &[KindReader { kind: Kind::cluster("quota.openshift.io", "ClusterResourceQuota"), read }],
    marks: &[],
    given: None,
};

fn read(found: &Found<'_>) -> Result<Vec<Project>, FieldError> {
    let quota = found.at(&["spec", "quota"])?;
    let selector = found.at(&["spec", "selector"])?;
    let labels = selector.field("labels")?.selector()?;
    let annotations = selector.field("annotations")?.text_map()?;
    // With neither, the server would not have taken it.
    let members = match (labels, annotations) {
        (None, annotations) if annotations.is_empty() => Members::default(),
        (labels, annotations) => {
            Members::selected(Selected { labels: labels.unwrap_or_default(), annotations, depth: None })
        }
    };
    Ok(vec![Project {
        hard: quota.field("hard")?.amounts()?,
        scopes: quota.field("scopes")?.texts()?,
        scope_selector: quota.field("scopeSelector")?.scope_selector()?,
        used: found.at(&["status", "total", "used"])?.some_amounts()?,
        members,
        ..found.project(&*found.key.name)
    }])
}
