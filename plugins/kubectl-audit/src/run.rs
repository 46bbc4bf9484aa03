//! One run of the plugin.

use std::{
    fs,
    io::{self, Write as _},
};

use anyhow::{Context as _, Result};
use passmuster::{
    audit::{
        AuditPolicy, AuditReport, Entry, KubernetesVersion, Settings, World, kinds_needed, run as evaluate,
        select,
    },
    cli::{Exit, Session, block_on, now, output},
    model::Skipped,
};

use crate::{
    args::{AuditArgs, Cli, Command, Common},
    catalogue, clusters, enforce, files, gate,
    outputs::Outputs,
    scope::Scope,
};

/// What is asked of every world.
pub(crate) struct Question {
    pub(crate) rules: Vec<&'static Entry>,
    pub(crate) policy: Option<(String, AuditPolicy)>,
    version: Option<KubernetesVersion>,
}

/// Runs what the arguments ask for.
pub(crate) fn run(cli: Cli, session: &Session) -> Result<Exit> {
    let Cli { command, audit: args, common } = cli;
    match command {
        Some(Command::Rules { select }) => return catalogue::list(&select, &common, session),
        Some(Command::Explain { rule }) => return catalogue::explain(&rule, session),
        Some(Command::Enforce(args)) => return enforce::run(&args, &common, session),
        None => {}
    }
    let outputs = Outputs::parse(&common)?;
    let gate = gate::Gate::of(&args)?;
    let question = Question::of(&args)?;
    let mut report = if !args.filename.is_empty() || args.kustomize.is_some() {
        let (world, cluster, skipped) = files::manifests(&args, &common)?;
        question.answer(&world, cluster, skipped, &Scope::of_files(&args, &common, &world)?)
    } else if let Some(file) = &args.snapshot {
        let (world, cluster, skipped) = files::snapshot(file)?;
        question.answer(&world, cluster, skipped, &Scope::of_files(&args, &common, &world)?)
    } else {
        block_on(clusters::audit(&question, &args, &common, session))??
    };
    gate.baseline(&mut report);
    outputs.write(&report, &common, session)?;
    let skipped = &report.skipped;
    if let Some(line) = output::partial(skipped) {
        writeln!(io::stderr(), "{line}")?;
    }
    gate.write(&report)?;
    Ok(gate.exit(&report, common.strict))
}

impl Question {
    fn of(args: &AuditArgs) -> Result<Self> {
        let policy = match &args.policy {
            None => None,
            Some(path) => {
                let name = path.display().to_string();
                let text = fs::read_to_string(path).with_context(|| format!("reading the policy {name}"))?;
                let policy = AuditPolicy::parse(&text).with_context(|| name.clone())?;
                Some((name, policy))
            }
        };
        let mut rules = select(&args.select, &args.ignore)?;
        if let Some((name, policy)) = &policy {
            let named = policy.spec.selected().with_context(|| name.clone())?;
            rules.retain(|entry| named.iter().any(|other| other.id == entry.id));
        }
        let version = args.kubernetes_version.as_deref().map(str::parse).transpose()?;
        Ok(Self { rules, policy, version })
    }

    /// The kinds that a cluster must be asked for.
    pub(crate) fn kinds(&self) -> std::collections::BTreeSet<passmuster::model::Kind> {
        kinds_needed(&self.rules)
    }

    /// What the rules say of a world.
    pub(crate) fn answer(
        &self,
        world: &World,
        cluster: String,
        skipped: Vec<Skipped>,
        scope: &Scope,
    ) -> AuditReport {
        let version = self.version.or(world.version).unwrap_or(KubernetesVersion::NEWEST);
        let mut settings = Settings { now: Some(now()), version, ..Settings::default() };
        if let Some((_, policy)) = &self.policy {
            settings.parameters = policy.spec.parameters.clone();
        }
        let asked = |key: &_, metadata: &_| scope.has(key, metadata);
        let mut outcomes = evaluate(world, &settings, &self.rules, &asked);
        if let Some((name, policy)) = &self.policy {
            policy.spec.apply(name, &mut outcomes, None, settings.now);
            policy.spec.tell_of_exemptions(name, world, &asked, &mut outcomes, settings.now);
        }
        AuditReport::new(cluster, &version, outcomes, skipped)
    }
}

/// What an output may know of the terminal.
pub(crate) fn options(common: &Common, session: &Session) -> passmuster::report::Options {
    let passmuster::cli::Terminal { color, width, .. } = session.stdout.measured_again();
    passmuster::report::Options { colour: color, headers: !common.no_headers, width, now: None }
}
