//! Whether a Prometheus speaks of the cluster that it was said to speak of.

use std::{collections::BTreeSet, fmt};

use crate::prometheus::Sample;

/// What the names of nodes say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mapping {
    /// It is the cluster's.
    Right,
    /// It speaks of the cluster's nodes, and of others as well.
    Mixed {
        /// Nodes that the cluster does not have.
        foreign: BTreeSet<String>,
    },
    /// It speaks of other nodes only.
    Wrong {
        /// Nodes that it speaks of.
        seen: BTreeSet<String>,
        /// Nodes of the cluster.
        nodes: BTreeSet<String>,
    },
    /// It speaks of no node at all.
    Silent,
}

/// How many names a message has room for.
const SHOWN: usize = 3;

impl Mapping {
    /// Compares the nodes that Prometheus speaks of with those that the cluster has.
    pub fn judge(seen: &BTreeSet<String>, nodes: &BTreeSet<String>) -> Self {
        let foreign: BTreeSet<String> = seen.difference(nodes).cloned().collect();
        if seen.is_empty() {
            Self::Silent
        } else if foreign.is_empty() {
            Self::Right
        } else if foreign.len() < seen.len() {
            Self::Mixed { foreign }
        } else {
            Self::Wrong { seen: seen.clone(), nodes: nodes.clone() }
        }
    }

    /// Of several ways to name the scraped nodes, the names that the cluster knows most of.
    pub fn names(samples: &[Sample], nodes: &BTreeSet<String>) -> BTreeSet<String> {
        let by_label = ["node", "exported_node", "kubernetes_io_hostname", "instance"].map(|label| {
            let names = samples.iter().map(|sample| sample.label(label)).filter(|name| !name.is_empty());
            names.map(str::to_owned).collect::<BTreeSet<_>>()
        });
        let known = |names: &BTreeSet<String>| names.intersection(nodes).count();
        // Of equals the last is the largest; the first label is to be preferred.
        by_label.into_iter().rev().max_by_key(|names| (known(names), !names.is_empty())).unwrap_or_default()
    }

    /// One sentence for people; `None` when there is nothing to say.
    pub fn warning(&self, url: &str, cluster: &str) -> Option<String> {
        let advice = "check url and matchers in the configuration file";
        Some(match self {
            Self::Right => return None,
            Self::Silent => format!(
                "Prometheus {url} has no series of nodes, so whether it is the one of cluster {cluster} can't be told: \
                 {advice}"
            ),
            Self::Mixed { foreign } => format!(
                "Prometheus {url} speaks of nodes that cluster {cluster} does not have ({}): {advice}",
                Names(foreign)
            ),
            Self::Wrong { seen, nodes } => format!(
                "Prometheus {url} is not the one of cluster {cluster}: it speaks of the nodes {}, and the cluster has \
                 {}: {advice}",
                Names(seen),
                Names(nodes)
            ),
        })
    }
}

struct Names<'a>(&'a BTreeSet<String>);

impl fmt::Display for Names<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first: Vec<_> = self.0.iter().take(SHOWN).map(String::as_str).collect();
        f.write_str(if first.is_empty() { "none" } else { "" })?;
        f.write_str(&first.join(", "))?;
        match self.0.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn nodes_tell_clusters_apart() {
        let nodes = set(&["a", "b"]);
        for (seen, expected) in [
            (set(&["a", "b"]), Mapping::Right),
            // Not every node need be scraped.
            (set(&["a"]), Mapping::Right),
            (set(&["a", "c"]), Mapping::Mixed { foreign: set(&["c"]) }),
            (set(&["c"]), Mapping::Wrong { seen: set(&["c"]), nodes: nodes.clone() }),
            (set(&[]), Mapping::Silent),
        ] {
            assert_eq!(Mapping::judge(&seen, &nodes), expected);
        }
    }

    #[test]
    fn warnings_name_both() {
        let wrong =
            Mapping::judge(&set(&["c", "d", "e", "f"]), &set(&["a"])).warning("http://p", "prod").unwrap();
        for part in ["http://p", "prod", "c, d, e and 1 more", "has a:"] {
            assert!(wrong.contains(part), "{wrong}");
        }
        assert_eq!(Mapping::Right.warning("http://p", "prod"), None);
    }

    #[test]
    fn the_label_that_fits_names_the_nodes() {
        let sample = |node: &str, instance: &str| Sample {
            labels: [("node", node), ("instance", instance)]
                .into_iter()
                .filter(|(_, value)| !value.is_empty())
                .map(|(label, value)| (label.to_owned(), value.to_owned()))
                .collect(),
            value: None,
        };
        let nodes = set(&["a", "b"]);
        assert_eq!(Mapping::names(&[sample("a", "10.0.0.1:10250")], &nodes), set(&["a"]));
        assert_eq!(Mapping::names(&[sample("", "a"), sample("", "b")], &nodes), set(&["a", "b"]));
        assert_eq!(Mapping::names(&[sample("x", "10.0.0.1")], &nodes), set(&["x"]));
        assert_eq!(Mapping::names(&[], &nodes), set(&[]));
    }
}
