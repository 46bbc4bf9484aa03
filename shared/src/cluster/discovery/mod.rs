//! The server's resource types, fetched.
//!
//! Two aggregated documents tell everything; a server that does not know them answers with the old ones, which name
//! the groups and make one request per group version necessary.

#[cfg(test)]
mod tests;
mod wire;

use futures::{StreamExt, stream};

use self::wire::{Group, LegacyGroup, LegacyResources, Root};
use super::{connect::Connection, error::Error};
use crate::model::{
    discovery::Discovery,
    resource::{Resource, group_version},
};

/// client-go's, so that proxies and caches see what they know.
const ACCEPT: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,\
                      application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";
/// Group versions asked for at once on servers without aggregated discovery.
const AT_ONCE: usize = 8;

impl Discovery {
    /// Asks the server for its types. Groups that it can't tell are in [`Discovery::stale`]; only a server that tells
    /// nothing is an error.
    pub async fn fetch(connection: &Connection) -> Result<Self, Error> {
        let (core, groups) = futures::join!(root(connection, "/api"), root(connection, "/apis"));
        let mut discovery = Self::default();
        // Gateways exist that serve only one of the two.
        let (core, groups) = match (core, groups) {
            (Err(error), Err(_)) => return Err(error),
            (Err(Error::Api(_)), Ok(groups)) => (Root::default(), groups),
            (core, Err(Error::Api(_))) => (core?, Root::default()),
            (core, groups) => (core?, groups?),
        };
        for part in [core, groups] {
            for group in part.items {
                discovery.add_group(group);
            }
            discovery.add_legacy(connection, part.versions, part.groups).await;
        }
        discovery.stale.sort();
        discovery.stale.dedup();
        Ok(discovery)
    }

    fn add_group(&mut self, group: Group) {
        let group_name = group.metadata.name;
        for version in group.versions {
            if version.freshness == "Stale" {
                // Whatever it lists is from before its backend went away.
                self.stale.push(group_version(&group_name, &version.name));
                continue;
            }
            self.resources.extend(version.resources.into_iter().filter_map(|resource| {
                let kind =
                    resource.response_kind.map(|response| response.kind).filter(|kind| !kind.is_empty())?;
                Some(Resource {
                    group: group_name.clone(),
                    version: version.name.clone(),
                    singular: singular(resource.singular_resource, &kind),
                    kind,
                    plural: resource.resource,
                    short_names: resource.short_names,
                    categories: resource.categories,
                    namespaced: resource.scope == "Namespaced",
                    verbs: resource.verbs,
                })
            }));
        }
    }

    /// The types of servers that don't aggregate: `versions` of the core group, and `groups`.
    async fn add_legacy(&mut self, connection: &Connection, versions: Vec<String>, groups: Vec<LegacyGroup>) {
        let core = versions.into_iter().map(|version| (String::new(), version));
        let named = groups.into_iter().flat_map(|mut group| {
            let preferred = group.preferred_version.map(|preferred| preferred.version);
            // Stable: the others keep the server's order behind the preferred one.
            group.versions.sort_by_key(|version| preferred.as_ref() != Some(&version.version));
            let name = group.name;
            group.versions.into_iter().map(move |version| (name.clone(), version.version))
        });
        let mut lists = stream::iter(core.chain(named))
            .map(|(group, version)| async move {
                let root = if group.is_empty() { "/api" } else { "/apis" };
                let path = format!("{root}/{}", group_version(&group, &version));
                (connection.get_json::<LegacyResources>(&path).await, group, version)
            })
            .buffered(AT_ONCE);
        while let Some((list, group, version)) = lists.next().await {
            match list {
                Ok(list) => self.resources.extend(list.resources.into_iter().filter_map(|resource| {
                    // A slash makes it a subresource.
                    (!resource.name.contains('/')).then(|| Resource {
                        group: group.clone(),
                        version: version.clone(),
                        singular: singular(resource.singular_name, &resource.kind),
                        kind: resource.kind,
                        plural: resource.name,
                        short_names: resource.short_names,
                        categories: resource.categories,
                        namespaced: resource.namespaced,
                        verbs: resource.verbs,
                    })
                })),
                Err(error) => {
                    tracing::debug!(group, version, %error, "discovery of one group version failed");
                    self.stale.push(group_version(&group, &version));
                }
            }
        }
    }
}

async fn root(connection: &Connection, path: &str) -> Result<Root, Error> {
    let answer = connection.get_bytes(path, ACCEPT).await?;
    serde_json::from_slice(&answer.body).map_err(|error| Error::decode(path, error))
}

/// The singular name; servers that don't tell it mean the kind in lower case.
fn singular(name: String, kind: &str) -> String {
    if name.is_empty() { kind.to_lowercase() } else { name }
}
