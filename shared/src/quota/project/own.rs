//! Our own `ProjectQuota`.

use super::{
    Flavour, KindReader, Members, Model, Project, ProjectQuota, Selected, Slice, field::FieldError,
    flavour::Found,
};

pub(super) static FLAVOUR: Flavour = Flavour {
    name: "passmuster",
    title: "Passmuster",
    readers: &[KindReader { kind: ProjectQuota::KIND, read }],
    marks: &[],
    given: None,
};

fn read(found: &Found<'_>) -> Result<Vec<Project>, FieldError> {
    let spec = found.at(&["spec"])?;
    let mut members = Members::names(spec.field("namespaces")?.texts()?);
    let labels = spec.field("namespaceSelector")?.selector()?;
    members.selected.extend(labels.map(|labels| Selected { labels, ..Selected::default() }));
    let mut slices = Vec::new();
    for slice in spec.field("clusters")?.items()? {
        slices.push(Slice {
            cluster: slice.field("name")?.required()?,
            hard: slice.field("hard")?.amounts()?,
            used: None,
        });
    }
    let model = spec.field("model")?;
    Ok(vec![Project {
        display_name: spec.field("displayName")?.some_text()?,
        external_id: spec.field("externalId")?.some_text()?,
        model: match model.text()? {
            None | Some("usage") => Model::Usage,
            Some("allocation") => Model::Allocation,
            Some(other) => return Err(model.wrong(format!("{other:?} is none of usage, allocation"))),
        },
        hard: spec.field("hard")?.amounts()?,
        scopes: spec.field("scopes")?.texts()?,
        scope_selector: spec.field("scopeSelector")?.scope_selector()?,
        used: found.at(&["status", "used"])?.some_amounts()?,
        members,
        everywhere: !slices.is_empty(),
        slices,
        ..found.project(&*found.key.name)
    }])
}
