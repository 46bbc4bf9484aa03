//! `kubectl quota-usage explain`.

use std::{
    collections::BTreeSet,
    fs,
    io::{self, Write as _},
};

use anyhow::{Result, bail};
use passmuster::{
    cli::{Exit, Session, block_on, now, output},
    cluster::{
        ChargesQuestion, Connection, Error, charges, fleet::Member, metadata_of, projects, resource_quotas,
    },
    model::{Skipped, Time, builtin_kinds::builtin, discovery::Discovery},
    quota::{
        ResourceQuota,
        counted::{canonical, keys_of},
        explain::{self, Holdings, ProjectBeside, QuotaExplanation, Replaced, Section},
        owner::Owners,
        project::{Membership, Model},
        verify::quota_spec,
    },
    report::Format,
};

use crate::{args::Common, clusters, config, usage::options};

#[derive(Debug, clap::Args)]
pub(crate) struct ExplainArgs {
    /// Key of a quota such as requests.cpu, or a short form: cpu, memory, storage, gpu, pods, deploy
    #[arg(value_name = "RESOURCE")]
    resource: String,
    /// In every namespace
    #[arg(short = 'A', long)]
    all_namespaces: bool,
    /// In the namespaces of this project
    #[arg(long, value_name = "NAME", conflicts_with = "all_namespaces")]
    project: Option<String>,
}

/// What one cluster answers.
#[derive(Default)]
struct Explained {
    sections: Vec<Section>,
    skipped: Vec<Skipped>,
    /// Why the resource is none.
    unknown: Option<String>,
}

pub(crate) fn run(args: &ExplainArgs, common: &Common, session: &Session) -> Result<Exit> {
    let format = Format::<QuotaExplanation>::parse(&common.output, |file| fs::read_to_string(file))?;
    let config = config::load(common, session)?;
    let given = common.options.connect.namespace.is_some();
    let everywhere = args.all_namespaces || (clusters::several(common) && !given && args.project.is_none());
    let now = now();
    let asked = block_on(clusters::ask(common, &config, session, false, async |member: Member| {
        explained(args, &member, everywhere, now).await
    }))??;
    let (mut entries, mut sections, mut unknown) = (Vec::new(), Vec::new(), Vec::new());
    for asked in asked {
        let mut entry = clusters::entry(&asked);
        let name = entry.name.clone();
        if let Ok(answer) = asked.answer {
            entry.skipped = answer.skipped;
            unknown.extend(answer.unknown);
            sections.extend(
                answer.sections.into_iter().map(|section| Section { cluster: Some(name.clone()), ..section }),
            );
        }
        entries.push(entry);
    }
    if let (true, Some(why)) = (sections.is_empty(), unknown.into_iter().next()) {
        bail!("{why}");
    }
    let failed = entries.iter().any(|entry| entry.error.is_some());
    let skipped: Vec<Skipped> = entries.iter().flat_map(|entry| entry.skipped.iter().cloned()).collect();
    let several = entries.len() > 1;
    let explanation = QuotaExplanation::new(Some(timestamp(now)), &args.resource, entries, sections);
    if explanation.sections.is_empty() && format.name() == "table" {
        writeln!(io::stderr(), "Nothing takes any {}, and no quota limits it.", args.resource)?;
    } else {
        let shown = shown(explanation, several, format.name());
        output::print(&format, &shown, &options(common, session))?;
    }
    if let Some(line) = output::partial(&skipped) {
        writeln!(io::stderr(), "{line}")?;
    }
    Ok(if common.strict && (failed || !skipped.is_empty()) { Exit::Partial } else { Exit::Ok })
}

/// People know which cluster they asked when it is one.
fn shown(mut explanation: QuotaExplanation, several: bool, format: &str) -> QuotaExplanation {
    if !several && format == "table" {
        explanation.sections.iter_mut().for_each(|section| section.cluster = None);
    }
    explanation
}

async fn explained(
    args: &ExplainArgs,
    member: &Member,
    everywhere: bool,
    now: Time,
) -> Result<Explained, Error> {
    let connection = &member.connection;
    let discovery = Discovery::fetch(connection).await?;
    let namespace = (!everywhere && args.project.is_none()).then_some(connection.namespace.as_str());
    let quotas = resource_quotas(connection, namespace).await?;
    let known = keys_of(&quotas);
    let keys = match explain::keys_of(&args.resource, &known, &discovery) {
        Ok(keys) => keys,
        Err(error) => return Ok(Explained { unknown: Some(error.to_string()), ..Explained::default() }),
    };
    let wanted: BTreeSet<String> = keys.iter().cloned().collect();
    let question = ChargesQuestion { namespace, owners: true, ..ChargesQuestion::default() };
    let mut charges = charges(connection, &discovery, &wanted, question).await;
    charges.settle(now);
    let mut owners = Owners::default();
    charges.owners.iter().for_each(|(_, owner)| owners.learn(owner));
    let sets = charges.owners.iter().filter(|(kind, _)| *kind == "ReplicaSet").map(|(_, set)| set);
    let holdings = Holdings {
        objects: &charges.objects,
        devices: &charges.devices,
        owners: &owners,
        replaced: &Replaced::among(sets),
        quotas: &quotas,
        types: &discovery,
        now,
    };
    let mut answer = Explained { skipped: charges.skipped.clone(), ..Explained::default() };
    if let Some(project) = &args.project {
        of_project(connection, &discovery, project, &holdings, &keys, member, &mut answer).await?;
        return Ok(answer);
    }
    let namespaces: BTreeSet<&str> = if let Some(namespace) = namespace {
        BTreeSet::from([namespace])
    } else {
        let of_objects =
            charges.objects.iter().filter_map(|object| Some(object.metadata()?.namespace.as_str()));
        of_objects.chain(quotas.iter().filter_map(namespace_of)).collect()
    };
    for key in &keys {
        answer
            .sections
            .extend(namespaces.iter().filter_map(|namespace| explain::namespace(&holdings, namespace, key)));
    }
    Ok(answer)
}

fn namespace_of(quota: &ResourceQuota) -> Option<&str> {
    Some(quota.metadata.as_ref()?.namespace.as_str())
}

/// Explains the keys in the namespaces of a project.
async fn of_project(
    connection: &Connection,
    discovery: &Discovery,
    name: &str,
    holdings: &Holdings<'_>,
    keys: &[String],
    member: &Member,
    answer: &mut Explained,
) -> Result<(), Error> {
    let (all, unread) = projects(connection, discovery).await;
    answer.skipped.extend(unread);
    let Some(resource) = builtin().by_kind("", "Namespace") else { return Ok(()) };
    let namespaces = metadata_of(connection, resource).await?;
    let membership = Membership::new(&all);
    let members: BTreeSet<&str> = namespaces
        .iter()
        .filter(|namespace| membership.project_of(namespace).is_some_and(|member| member.project == name))
        .map(|namespace| namespace.name.as_str())
        .collect();
    if members.is_empty() && !all.iter().any(|project| project.name == name) {
        answer.unknown =
            Some(format!("no project is called {name:?}, and no namespace belongs to one of that name"));
        return Ok(());
    }
    let names = [member.name.as_str(), member.context.as_str()];
    for key in keys {
        let of = |(_, hard): &(&passmuster::quota::project::Project, &passmuster::quota::Amounts)| {
            hard.iter().any(|(other, _)| canonical(other) == canonical(key))
        };
        let own = all.iter().filter(|project| project.name == name && project.model == Model::Usage);
        let beside: Vec<ProjectBeside> = own
            .filter_map(|project| Some((project, project.hard_in(&names)?)))
            .filter(of)
            .map(|(project, hard)| ProjectBeside {
                quota: project.quota(),
                spec: quota_spec(project, hard),
                used: project.used.as_ref().and_then(|used| used.get(key)),
            })
            .collect();
        let within = |namespace: &str| members.contains(namespace);
        answer.sections.push(explain::project(holdings, name, &within, &beside, key));
    }
    Ok(())
}

/// RFC 3339, to the second.
pub(crate) fn timestamp(now: Time) -> String {
    jiff::Timestamp::from_second(now.seconds).map(|time| time.to_string()).unwrap_or_default()
}
