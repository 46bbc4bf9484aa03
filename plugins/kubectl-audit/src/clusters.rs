//! Live clusters, one or several.

use std::io::Write as _;

use anyhow::{Result, anyhow};
use passmuster::{
    audit::{AuditReport, ClusterScore, Needs},
    cli::{Session, UsageError},
    cluster::{
        self, AuditQuestion, Connection, Error,
        fleet::{Asked, DEADLINE, Fleet, Member, Which},
        parse_timeout,
    },
    manifest::{Covered, SnapshotWriter},
    model::discovery::Discovery,
    text::neutral,
};

use crate::{
    args::{AuditArgs, Common},
    run::Question,
    scope::Scope,
};

/// Audits the clusters that the arguments name.
pub(crate) async fn audit(
    question: &Question,
    args: &AuditArgs,
    common: &Common,
    session: &Session,
) -> Result<AuditReport> {
    let which = match (args.all_clusters, &args.contexts[..]) {
        (true, _) => Which::All,
        (_, []) => Which::Current,
        (_, contexts) => Which::Contexts(contexts.to_vec()),
    };
    let several = which != Which::Current;
    let deadline = match &args.cluster_timeout {
        Some(text) => parse_timeout(text).map_err(|_| {
            UsageError::new(format!("--cluster-timeout takes a duration such as 10s or 2m, not {text:?}"))
        })?,
        None => several.then_some(DEADLINE),
    };
    let config = session.config(common.config.as_deref())?;
    let options = session.prepare(&common.options.connect, false);
    let fleet = Fleet {
        options: &options,
        env: &session.env,
        which: &which,
        deadline,
        names: &|context| config.cluster_name(context).map(str::to_owned),
    };
    let failed = std::cell::RefCell::new(None);
    let asked = fleet
        .ask(async |member: Member| {
            let Member { connection, name, .. } = member;
            match one(question, args, &connection, name).await {
                Ok(report) => Ok(report),
                // Wrong arguments are wrong for every cluster: the run's own failure.
                Err(error) => Err(match error.downcast::<Error>() {
                    Ok(error) => error,
                    Err(error) => {
                        let told = Error::Request(format!("{error:#}"));
                        failed.borrow_mut().get_or_insert(error);
                        told
                    }
                }),
            }
        })
        .await?;
    if !several {
        if let Some(error) = failed.into_inner() {
            return Err(error);
        }
        let only = asked.into_iter().next().ok_or_else(|| anyhow!("no cluster was asked"))?;
        return Ok(only.answer?);
    }
    let mut reports = Vec::new();
    for asked in asked {
        let Asked { name, context, answer, .. } = asked;
        if let Err(error) = &answer {
            let text = error.to_kubectl();
            let first = text.lines().next().unwrap_or_default();
            let first = first.strip_prefix("error: ").unwrap_or(first);
            writeln!(std::io::stderr(), "{}", neutral(&format!("warning: cluster {name:?}: {first}")))?;
        }
        let error = answer.as_ref().err().map(Error::to_kubectl);
        reports.push((ClusterScore { name, context, score: None, grade: None, error }, answer.ok()));
    }
    Ok(AuditReport::together(reports))
}

async fn one(
    question: &Question,
    args: &AuditArgs,
    connection: &Connection,
    name: String,
) -> Result<AuditReport> {
    let discovery = Discovery::fetch(connection).await?;
    let scope = Scope::of_cluster(args, &discovery, &connection.namespace)?;
    let namespaces = scope.namespace().map(str::to_owned).into_iter().collect();
    let usage = question.rules.entries().iter().any(|entry| entry.needs() == Needs::Usage);
    let mut built_in = question.rules.entries().iter();
    let volumes = built_in.any(|entry| entry.id == "volume-nearly-full") && args.kubelets;
    let (kinds, whole) = (question.rules.kinds(), question.rules.whole());
    unserved(question, &discovery)?;
    let asked = AuditQuestion { kinds, whole, namespaces, usage, volumes };
    let audited = match &args.save {
        None => cluster::audit(connection, &discovery, &asked, None).await,
        Some(path) => {
            let mut writer = SnapshotWriter::new(path, &connection.cluster, scope.namespace())?;
            let mut failed = None;
            let mut save = |object| {
                if let Err(error) = writer.item(object) {
                    failed.get_or_insert(error);
                }
            };
            let audited = cluster::audit(connection, &discovery, &asked, Some(&mut save)).await;
            if let Some(error) = failed {
                return Err(error.into());
            }
            let covered = audited.world.coverage.covered();
            let covered = covered.map(|(group, kind, namespace)| Covered {
                group: group.to_owned(),
                kind: kind.to_owned(),
                namespace: namespace.map(str::to_owned),
            });
            writer.finish(covered.collect(), audited.skipped.clone())?;
            audited
        }
    };
    for key in scope.named() {
        let read = audited.world.keys().any(|other| scope.is(key, &other));
        if !read {
            let resource =
                discovery.by_kind(&key.group, &key.kind).map(ToString::to_string).unwrap_or_default();
            return Err(anyhow!("Error from server (NotFound): {resource} {:?} not found", key.name));
        }
    }
    Ok(question.answer(&audited.world, name, audited.skipped, &scope))
}

/// Tells which kinds of a policy's own rules the cluster does not have: that is likely a slip of the pen.
fn unserved(question: &Question, discovery: &Discovery) -> Result<()> {
    for rule in question.rules.custom() {
        for kind in rule.kinds() {
            if discovery.by_kind(kind.group, kind.kind).is_none() {
                let text =
                    format!("warning: rule {} is about {kind}, which this cluster does not have", rule.id());
                writeln!(std::io::stderr(), "{}", neutral(&text))?;
            }
        }
    }
    Ok(())
}
