//! Quotas verified against a live cluster: read, and read again before a finding is believed.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use super::{
    Charges, ChargesQuestion, Connection, Error, charges, metadata_of, nudge::nudge, projects,
    resource_quotas,
};
use crate::{
    model::{ObjectMeta, Skipped, Time, builtin_kinds::builtin, discovery::Discovery, resource::Resource},
    quota::{
        ResourceQuota,
        counted::keys_of,
        project::{MarkOn, Membership, Project},
        verify::{Evidence, Finding, Names, ProjectEvidence, verify, verify_projects},
    },
};

/// How long to wait before a finding that may pass is looked at again; each time twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(500);

/// What to verify.
#[derive(Debug, Clone)]
pub struct VerifyQuestion<'a> {
    /// Quotas of one namespace, or all. Projects are looked at only with all.
    pub namespace: Option<&'a str>,
    /// What the cluster is called in slices of projects.
    pub names: &'a [&'a str],
    /// What tells the project of a namespace before its products do.
    pub project_mark: Option<(MarkOn, String)>,
    /// For how long a finding that may pass must stay.
    pub settle: Duration,
    /// Whether to make the quota controller count quotas anew whose usage is wrong.
    pub nudge: bool,
    /// The clock.
    pub clock: fn() -> Time,
}

/// What came of it.
#[derive(Debug, Clone, Default)]
pub struct Verified {
    /// What is wrong, sorted.
    pub findings: Vec<Finding>,
    /// How many quotas were looked at.
    pub quotas: usize,
    /// How many projects were looked at.
    pub projects: usize,
    /// What was done to make the controller count, a line for each quota.
    pub nudged: Vec<String>,
    /// What could not be read.
    pub skipped: Vec<Skipped>,
}

/// One reading: the quotas, and what they count.
struct Reading {
    quotas: Vec<ResourceQuota>,
    charges: Charges,
    /// Quotas whose status changed while their objects were read: what was counted is of another moment.
    moving: BTreeSet<Place>,
    now: Time,
}

/// Verifies the quotas of a cluster, and its projects.
pub async fn verify_quotas(
    connection: &Connection,
    question: &VerifyQuestion<'_>,
) -> Result<Verified, Error> {
    let discovery = Discovery::fetch(connection).await?;
    let mut verified = Verified::default();
    let (projects, namespaces) = if question.namespace.is_none() {
        read_projects(connection, &discovery, &mut verified.skipped).await
    } else {
        (Vec::new(), Vec::new())
    };
    let cluster = Cluster { connection, discovery: &discovery, question, projects: &projects };
    let (mut judged, mut reading) = cluster.judge(&mut verified.skipped).await?;
    let wrong: BTreeSet<Place> =
        judged.found.iter().filter(|finding| finding.problem.passes()).filter_map(place).collect();
    if question.nudge && !wrong.is_empty() {
        for (namespace, name) in &wrong {
            verified.nudged.push(nudge(connection, namespace, name).await);
        }
        (judged, reading) = cluster.judge(&mut verified.skipped).await?;
    }
    verified.skipped.extend(judged.unjudged());
    let mut membership = Membership::new(&projects);
    if let Some((on, key)) = &question.project_mark {
        membership = membership.by(*on, key.clone());
    }
    let mut found = judged.found;
    found.extend(verify_projects(&ProjectEvidence {
        projects: &projects,
        membership: &membership,
        namespaces: &namespaces,
        quotas: &reading.quotas,
        objects: &reading.charges.objects,
        devices: &reading.charges.devices,
        complete: &reading.charges.complete,
        types: &discovery,
        cluster: question.names,
        now: reading.now,
    }));
    found.sort();
    verified.findings = found;
    verified.quotas = reading.quotas.len();
    verified.projects = projects.len();
    verified.skipped.extend(reading.charges.skipped);
    verified.skipped.sort();
    verified.skipped.dedup();
    Ok(verified)
}

/// Namespace and name of a quota.
type Place = (String, String);

/// The quota that a finding is about.
fn place(finding: &Finding) -> Option<Place> {
    Some((finding.namespace.clone()?, finding.quota.clone()?))
}

/// A cluster that is read again and again.
struct Cluster<'a> {
    connection: &'a Connection,
    discovery: &'a Discovery,
    question: &'a VerifyQuestion<'a>,
    projects: &'a [Project],
}

/// What several readings agree on.
#[derive(Default)]
struct Judged {
    found: Vec<Finding>,
    /// How often each quota stood still while its objects were read.
    times: BTreeMap<Place, usize>,
}

impl Cluster<'_> {
    /// Reads until what may pass has passed, or has stayed long enough.
    async fn judge(&self, skipped: &mut Vec<Skipped>) -> Result<(Judged, Reading), Error> {
        let mut reading = self.read().await?;
        let names = read_names(self.connection, &reading.quotas, skipped).await;
        let mut judged = Judged::default();
        judged.hear(&reading, reading.findings(self.discovery, &names));
        let (mut wait, mut waited) = (FIRST_WAIT, Duration::ZERO);
        while waited < self.question.settle && judged.is_open() {
            let pause = wait.min(self.question.settle.saturating_sub(waited));
            tokio::time::sleep(pause).await;
            waited += pause;
            wait *= 2;
            reading = self.read().await?;
            judged.hear(&reading, reading.findings(self.discovery, &names));
        }
        Ok((judged, reading))
    }
}

impl Judged {
    /// Takes the findings of one more reading. What may pass counts while every reading of a quota that stood still
    /// says it.
    fn hear(&mut self, reading: &Reading, findings: Vec<Finding>) {
        let same = |one: &Finding, other: &Finding| {
            place(one) == place(other) && one.resource == other.resource && other.problem.passes()
        };
        let moves = |finding: &Finding| place(finding).is_some_and(|place| reading.moving.contains(&place));
        let first =
            |finding: &Finding| place(finding).is_some_and(|place| self.times.get(&place) == Some(&0));
        let new = |finding: &Finding| place(finding).is_some_and(|place| !self.times.contains_key(&place));
        let mut found: Vec<Finding> = findings
            .into_iter()
            .filter(|finding| {
                let again = || {
                    first(finding) || new(finding) || self.found.iter().any(|earlier| same(finding, earlier))
                };
                !finding.problem.passes() || (!moves(finding) && again())
            })
            .collect();
        // Of a quota that moves nothing new is known.
        found.extend(self.found.iter().filter(|finding| finding.problem.passes() && moves(finding)).cloned());
        found.sort();
        self.found = found;
        for quota in &reading.quotas {
            let metadata = quota.metadata.clone().unwrap_or_default();
            let place = (metadata.namespace, metadata.name);
            let stood = usize::from(!reading.moving.contains(&place));
            *self.times.entry(place).or_default() += stood;
        }
    }

    /// Whether another reading may change anything.
    fn is_open(&self) -> bool {
        self.found.iter().any(|finding| finding.problem.passes())
            || self.times.values().any(|times| *times == 0)
    }

    /// Quotas that changed whenever they were looked at.
    fn unjudged(&self) -> Vec<Skipped> {
        let never = self.times.iter().filter(|(_, times)| **times == 0);
        never
            .map(|((namespace, name), _)| Skipped {
                resource: "resourcequotas".to_owned(),
                namespace: Some(namespace.clone()),
                reason: "Changing".to_owned(),
                message: format!(
                    "resourcequotas {name:?} changes while it is read: its usage was not judged"
                ),
            })
            .collect()
    }
}

impl Reading {
    fn findings(&self, types: &Discovery, names: &Names) -> Vec<Finding> {
        verify(&Evidence {
            quotas: &self.quotas,
            objects: &self.charges.objects,
            devices: &self.charges.devices,
            complete: &self.charges.complete,
            types,
            names,
            now: self.now,
        })
    }
}

impl Cluster<'_> {
    /// Reads the quotas, what they count, and the quotas again.
    async fn read(&self) -> Result<Reading, Error> {
        let Self { connection, discovery, question, projects } = self;
        let before = resource_quotas(connection, question.namespace).await?;
        let mut keys = keys_of(&before);
        for project in *projects {
            keys.extend(project.hard.iter().map(|(key, _)| key.clone()));
        }
        let of = ChargesQuestion { namespace: question.namespace, ..ChargesQuestion::default() };
        let mut charges = charges(connection, discovery, &keys, of).await;
        let quotas = resource_quotas(connection, question.namespace).await?;
        let now = (question.clock)();
        charges.settle(now);
        let key = |quota: &ResourceQuota| {
            let metadata = quota.metadata.clone().unwrap_or_default();
            (metadata.namespace, metadata.name)
        };
        let unchanged = |quota: &&ResourceQuota| {
            before.iter().any(|earlier| {
                key(earlier) == key(quota) && earlier.status == quota.status && earlier.spec == quota.spec
            })
        };
        let moving = quotas.iter().filter(|quota| !unchanged(quota)).map(key).collect();
        Ok(Reading { quotas, charges, moving, now })
    }
}

async fn read_projects(
    connection: &Connection,
    discovery: &Discovery,
    skipped: &mut Vec<Skipped>,
) -> (Vec<Project>, Vec<ObjectMeta>) {
    let (projects, unread) = projects(connection, discovery).await;
    skipped.extend(unread);
    if projects.is_empty() {
        return (projects, Vec::new());
    }
    let namespaces = match builtin().by_kind("", "Namespace") {
        Some(resource) => metadata_of(connection, resource).await,
        None => Ok(Vec::new()),
    };
    match namespaces {
        Ok(namespaces) => (projects, namespaces),
        Err(error) => {
            // Without them nothing can be said of projects.
            skipped.push(error.skipped("namespaces", None));
            (Vec::new(), Vec::new())
        }
    }
}

/// Names of classes, as far as keys and scopes name any.
async fn read_names(connection: &Connection, quotas: &[ResourceQuota], skipped: &mut Vec<Skipped>) -> Names {
    let selects = |quota: &ResourceQuota| {
        let selector = quota.spec.as_ref().and_then(|spec| spec.scope_selector.as_ref());
        selector.is_some_and(|selector| {
            selector.match_expressions.iter().any(|one| one.scope_name == "PriorityClass")
        })
    };
    let by_class = keys_of(quotas).iter().any(|key| key.contains(".storageclass.storage.k8s.io/"));
    Names {
        priority_classes: if quotas.iter().any(selects) {
            names_of(connection, "scheduling.k8s.io", "PriorityClass", skipped).await
        } else {
            None
        },
        storage_classes: if by_class {
            names_of(connection, "storage.k8s.io", "StorageClass", skipped).await
        } else {
            None
        },
    }
}

async fn names_of(
    connection: &Connection,
    group: &str,
    kind: &str,
    skipped: &mut Vec<Skipped>,
) -> Option<BTreeSet<String>> {
    let resource: &Resource = builtin().by_kind(group, kind)?;
    match metadata_of(connection, resource).await {
        Ok(found) => Some(found.into_iter().map(|metadata| metadata.name).collect()),
        Err(error) => {
            skipped.push(error.skipped(resource.to_string(), None));
            None
        }
    }
}
