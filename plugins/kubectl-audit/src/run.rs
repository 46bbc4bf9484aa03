//! One run of the plugin.

use std::{
    io::{self, Write as _},
    mem::ManuallyDrop,
};

use anyhow::Result;
use passmuster::{
    audit::{AuditPolicy, AuditReport, KubernetesVersion, Rules, Settings, World, run_rules},
    cli::{Exit, Session, block_on, now, output},
    model::Skipped,
};

use crate::{
    args::{AuditArgs, Cli, Command, Common},
    catalogue, clusters, enforce, files, gate,
    outputs::Outputs,
    policy,
    scope::Scope,
    test,
};

/// What is asked of every world.
pub(crate) struct Question {
    pub(crate) rules: Rules,
    pub(crate) policy: Option<(String, AuditPolicy)>,
    version: Option<KubernetesVersion>,
}

/// Runs what the arguments ask for.
pub(crate) fn run(cli: Cli, session: &Session) -> Result<Exit> {
    let Cli { command, audit: args, common } = cli;
    match command {
        Some(Command::Rules { select, policy }) => {
            return catalogue::list(&select, policy.as_deref(), &common);
        }
        Some(Command::Explain { rule, policy }) => return catalogue::explain(&rule, policy.as_deref()),
        Some(Command::Test { policies }) => return test::run(&policies, &common),
        Some(Command::Enforce(args)) => return enforce::run(&args, &common, session),
        None => {}
    }
    let outputs = Outputs::parse(&common)?;
    let gate = gate::Gate::of(&args)?;
    let question = Question::of(&args)?;
    let mut report = if !args.filename.is_empty() || args.kustomize.is_some() {
        let (world, cluster, skipped) = files::manifests(&args, &common, question.rules.whole())?;
        // The program ends with its answer, sooner than every object could be given back.
        let world = ManuallyDrop::new(world);
        question.answer(&world, cluster, skipped, &Scope::of_files(&args, &common, &world)?)
    } else if let Some(file) = &args.snapshot {
        let (world, cluster, skipped) = files::snapshot(file, question.rules.whole())?;
        let world = ManuallyDrop::new(world);
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
        let policy = args.policy.as_deref().map(policy::read).transpose()?;
        let rules = policy::rules(policy.as_ref(), &args.select, &args.ignore)?;
        let version = args.kubernetes_version.as_deref().map(str::parse).transpose()?;
        Ok(Self { rules, policy, version })
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
        let mut outcomes = run_rules(world, &settings, &self.rules, &asked);
        if let Some((name, policy)) = &self.policy {
            policy.spec.apply(name, &mut outcomes.findings, None, settings.now);
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
