//! Every cluster asked, and the rows of all.

use anyhow::Result;
use passmuster::{
    cli::{Session, now},
    cluster::{InventoryQuestion, fleet::Member, inventory},
    quota::{
        QuotaUsage,
        daily::Daily,
        inventory::{Inventory, Wanted},
        rows::{Read, assemble},
    },
};

use super::{Settings, peaks::Asking};
use crate::{args::Common, clusters};

/// Asks every cluster and puts the rows together.
pub(crate) async fn read(settings: &Settings, common: &Common, session: &Session) -> Result<QuotaUsage> {
    let now = now();
    let wanted = Wanted::by(&settings.rows.by);
    let several = clusters::several(common);
    let asked = clusters::ask(common, &settings.config, session, false, async |member: Member| {
        let connection = &member.connection;
        let namespace = settings
            .namespace
            .as_ref()
            .map(|name| if name.is_empty() { connection.namespace.clone() } else { name.clone() });
        let question = InventoryQuestion {
            by: settings.rows.by.clone(),
            namespace: namespace.clone(),
            selector: settings.selector.clone(),
            project_mark: settings.project_mark.clone(),
            metrics: settings.metrics,
            pods: settings.peaks.is_some(),
            now,
        };
        let asking = Asking::of(settings, &member, namespace.as_deref(), now, session).transpose();
        let peaks = async {
            match &asking {
                Ok(Some(asking)) => asking.peaks().await.map(Some),
                Ok(None) => Ok(None),
                Err(error) => Err(error.clone()),
            }
        };
        let (read, peaks) = futures::join!(inventory(connection, &question), peaks);
        let mut read = read?;
        let days = settings.daily.iter().filter(|day| !several || day.is_of(&member.name));
        read.add_peaks(&Daily::highest(days), wanted);
        match peaks {
            Ok(None) => {}
            Ok(Some(peaks)) => {
                for warning in &peaks.warnings {
                    tracing::warn!("{}: {warning}", member.name);
                }
                read.add_peaks(&peaks, wanted);
                if let Ok(Some(asking)) = &asking {
                    read.skipped.extend(asking.doubt(&member.name, &read).await);
                }
            }
            // Everything else is still right.
            Err(error) => read.skipped.push(error.skipped(namespace.as_deref())),
        }
        Ok(read)
    })
    .await?;
    let clusters: Vec<Read> = asked
        .into_iter()
        .map(|asked| {
            let mut entry = clusters::entry(&asked);
            let known = settings.config.cluster(&entry.context);
            entry.number = known.and_then(|cluster| cluster.number.clone());
            let mut inventory = asked.answer.unwrap_or_default();
            only_projects(&mut inventory, &settings.projects);
            Read { entry, inventory }
        })
        .collect();
    let mut usage = assemble(&clusters, &settings.rows);
    usage.at = Some(timestamp(now));
    let has_peaks = usage.rows.iter().any(|row| row.peak.is_some());
    usage.period = settings.peaks.as_ref().filter(|_| has_peaks).map(|peaks| peaks.period.to_string());
    Ok(usage)
}

/// Leaves what belongs to these projects.
fn only_projects(inventory: &mut Inventory, projects: &[String]) {
    if projects.is_empty() {
        return;
    }
    let of_project = |inventory: &Inventory, namespace: &str| {
        let facts = inventory.namespaces.get(namespace);
        facts.and_then(|facts| facts.project.as_ref()).is_some_and(|project| projects.contains(project))
    };
    let quotas = std::mem::take(&mut inventory.quotas);
    inventory.quotas = quotas.into_iter().filter(|quota| of_project(inventory, &quota.namespace)).collect();
    let pods = std::mem::take(&mut inventory.pods);
    inventory.pods = pods.filter(|key| of_project(inventory, &key.namespace));
    inventory.projects.retain(|project| projects.contains(&project.name));
}

/// RFC 3339, to the second.
fn timestamp(now: passmuster::model::Time) -> String {
    jiff::Timestamp::from_second(now.seconds).map(|time| time.to_string()).unwrap_or_default()
}
