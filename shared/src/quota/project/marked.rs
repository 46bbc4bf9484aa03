//! Projects that only marks on namespaces tell of: where a product's objects are in another cluster.

use std::collections::BTreeMap;

use super::{FieldError, Flavour, MarkOn, Members, Model, Project, Selected};
use crate::{
    model::{ObjectKey, ObjectMeta},
    quota::Amounts,
};

/// The projects of a product by the marks of namespaces, sorted by name. What a project has is what its namespaces are
/// given together: by the product's word on the namespace, or else by the ResourceQuotas of the namespace, `hard` by
/// namespace. What a namespace says that can't be read is told with its name; the others count.
pub fn marked(
    flavour: &Flavour,
    namespaces: &[ObjectMeta],
    hard: &BTreeMap<String, Amounts>,
) -> (Vec<Project>, Vec<(String, FieldError)>) {
    let (mut projects, mut wrong) = (BTreeMap::<String, Project>::new(), Vec::new());
    for namespace in namespaces {
        let found = flavour.marks.iter().find_map(|mark| Some((mark, mark.of(namespace)?)));
        let Some((mark, name)) = found else { continue };
        let said = flavour.given.as_ref().and_then(|given| {
            let text = namespace.annotations.get(given.annotation)?;
            Some((given.read)(text).map_err(|mut error| {
                error.field = format!("metadata.annotations[{}] {}", given.annotation, error.field);
                error
            }))
        });
        let given = match said {
            Some(Ok(given)) => given,
            Some(Err(error)) => {
                wrong.push((namespace.name.clone(), error));
                continue;
            }
            None => hard.get(&namespace.name).cloned().unwrap_or_default(),
        };
        let project = projects.entry(name.to_owned()).or_insert_with(|| {
            let source = ObjectKey::new("", "Namespace", "", namespace.name.as_str());
            let (marks, select): (_, fn(&str, &str) -> Selected) = match mark.on {
                MarkOn::Label => (&namespace.labels, Selected::label),
                MarkOn::Annotation => (&namespace.annotations, Selected::annotation),
            };
            let value = marks.get(mark.key).map_or("", String::as_str);
            Project {
                model: Model::Allocation,
                external_id: Some(value.to_owned()),
                members: Members::selected(select(mark.key, value)),
                ..Project::new(name, flavour.name, source)
            }
        });
        project.hard.add_all(&given);
    }
    (projects.into_values().collect(), wrong)
}
