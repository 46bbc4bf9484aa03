//! What another product's objects say of projects.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use passmuster::{
    cli::UsageError,
    cluster::{Connection, List, Listed, Metadata, Typed, projects},
    model::{ObjectMeta, Skipped, discovery::Discovery},
    quota::{
        Amounts, ResourceQuota,
        project::{Flavour, Note, Wanted, flavour, flavours, marked, name, wanted},
    },
};

use super::found::Found;

/// What the objects of a product say.
pub(super) async fn of_product(
    product: &str,
    connection: &Connection,
    discovery: &Discovery,
) -> Result<Found> {
    let known =
        || flavours().map(|flavour| flavour.name).filter(|name| *name != "passmuster").collect::<Vec<_>>();
    let Some(flavour) = flavour(product).filter(|_| known().contains(&product)) else {
        let message = format!("--from takes one of {}, not {product:?}", known().join(", "));
        return Err(UsageError::new(message).into());
    };
    let namespaces = namespaces(connection, discovery).await?;
    let kinds = flavour.readers.iter().map(|reader| reader.kind);
    if !kinds.clone().any(|kind| discovery.by_kind(kind.group, kind.kind).is_some()) {
        return by_marks(flavour, &namespaces, connection, discovery).await;
    }
    let (all, skipped) = projects(connection, discovery).await;
    let of_product: Vec<_> = all.into_iter().filter(|project| project.flavour == flavour.name).collect();
    let resources: Vec<String> =
        kinds.filter_map(|kind| discovery.by_kind(kind.group, kind.kind)).map(ToString::to_string).collect();
    let skipped: Vec<Skipped> =
        skipped.into_iter().filter(|skipped| resources.contains(&skipped.resource)).collect();
    let (wanted, notes) = wanted(&of_product, &namespaces);
    let place = |wanted: &Wanted| {
        let object =
            of_product.iter().find(|project| name::of_text(&project.name).as_ref() == Some(&wanted.name));
        object.map_or_else(String::new, |project| project.source.to_string())
    };
    let projects = wanted.into_iter();
    let projects = projects.map(|wanted| (wanted.name.clone(), (wanted.clone(), place(&wanted)))).collect();
    Ok(Found { projects, notes, skipped })
}

/// Where a product's objects are in another cluster, what marks on namespaces tell: a project has what its namespaces
/// are given together.
async fn by_marks(
    flavour: &Flavour,
    namespaces: &[ObjectMeta],
    connection: &Connection,
    discovery: &Discovery,
) -> Result<Found> {
    let Some(resource) = discovery.by_kind("", "ResourceQuota") else {
        bail!("the server has no resource quotas")
    };
    let (mut hard, mut skipped) = (BTreeMap::<String, Amounts>::new(), Vec::new());
    let mut take = |listed: Listed<ResourceQuota>| match listed {
        Listed::Object(quota)
            if quota
                .spec
                .as_ref()
                .is_some_and(|spec| spec.scopes.is_empty() && spec.scope_selector.is_none()) =>
        {
            let namespace =
                quota.metadata.as_ref().map(|metadata| metadata.namespace.clone()).unwrap_or_default();
            hard.entry(namespace).or_default().add_all(&quota.spec.unwrap_or_default().hard);
        }
        Listed::Object(_) => {}
        Listed::Unreadable(message) => skipped.push(Skipped {
            resource: resource.to_string(),
            namespace: None,
            reason: "Decode".to_owned(),
            message,
        }),
        Listed::Anew => hard.clear(),
    };
    List::of(Typed::<ResourceQuota>::new(resource), None).read(connection, &mut take).await?;
    let (found, wrong) = marked(flavour, namespaces, &hard);
    if found.is_empty() {
        let kinds: Vec<String> = flavour.readers.iter().map(|reader| reader.kind.to_string()).collect();
        bail!(
            "the server has none of {}'s kinds ({}), and no namespace is marked",
            flavour.title,
            kinds.join(", ")
        );
    }
    skipped.extend(wrong.into_iter().map(|(namespace, error)| Skipped {
        resource: "namespaces".to_owned(),
        reason: "Invalid".to_owned(),
        message: format!("namespace {namespace:?}: {error}"),
        namespace: Some(namespace),
    }));
    let (wanted, mut notes) = wanted(&found, namespaces);
    notes.push(Note {
        object: flavour.title.to_owned(),
        message:
            "its objects are not in this cluster: each project has what its namespaces are given together"
                .to_owned(),
        left_out: false,
    });
    let place = format!("namespaces marked by {}", flavour.title);
    let projects = wanted.into_iter().map(|wanted| (wanted.name.clone(), (wanted, place.clone()))).collect();
    Ok(Found { projects, notes, skipped })
}

async fn namespaces(connection: &Connection, discovery: &Discovery) -> Result<Vec<ObjectMeta>> {
    let Some(resource) = discovery.by_kind("", "Namespace") else { bail!("the server has no namespaces") };
    let mut namespaces = Vec::new();
    let mut take = |listed: Listed<ObjectMeta>| match listed {
        Listed::Object(namespace) => namespaces.push(namespace),
        Listed::Unreadable(_) => {}
        Listed::Anew => namespaces.clear(),
    };
    List::of(Metadata(resource.clone()), None).read(connection, &mut take).await?;
    Ok(namespaces)
}
