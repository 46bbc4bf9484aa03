//! Runs rules over objects.

mod run;

use std::{
    borrow::Cow,
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
};

use run::{AnyRule, Run};

use super::{
    catalogue::{Entry, find},
    context::Context,
    document::RuleCount,
    exemption::annotation,
    exemptions::Exemptions,
    finding::{Finding, Verdict, order},
    overlap,
    rule::Check,
    rule_set::{RuleDescription, Rules},
    settings::Settings,
    world::{POD_KINDS, World},
};
use crate::{
    model::{Kind, ObjectKey, ObjectMeta},
    parallel,
};

/// As many threads as are worth their memory.
const MOST_THREADS: usize = 8;
/// Objects for which one thread is enough.
const FEW: usize = 200;

/// Which objects a run is about. Others are still read, where a rule needs them.
pub type Scope<'a> = &'a (dyn Fn(&ObjectKey, &ObjectMeta) -> bool + Sync);

/// What rules say of the objects: every finding, sorted, and how often each rule passed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outcomes {
    /// Defects, and what could not be evaluated.
    pub findings: Vec<Finding>,
    /// For each rule that ran, how it went.
    pub rules: BTreeMap<Cow<'static, str>, RuleCount>,
    /// What those of them say of themselves that are not built in; sorted by id.
    pub custom_rules: Vec<RuleDescription>,
}

/// The kinds that must be read for these rules to be evaluated.
pub fn kinds_needed(rules: &[&'static Entry]) -> BTreeSet<Kind> {
    let mut kinds = BTreeSet::new();
    for entry in rules {
        kinds.extend(entry.rule.reads);
        for check in entry.rule.checks {
            match check {
                Check::Pods(_) => kinds.extend(POD_KINDS),
                _ => kinds.extend(check.kind()),
            }
        }
    }
    kinds
}

/// Runs these rules over the objects of a world that are in scope. What only live objects can tell is not asked of
/// files.
pub fn run(world: &World, settings: &Settings, rules: &[&'static Entry], scope: Scope<'_>) -> Outcomes {
    run_rules(world, settings, &Rules::built_in(rules), scope)
}

/// The same, with the rules of a policy among them.
pub fn run_rules(world: &World, settings: &Settings, rules: &Rules, scope: Scope<'_>) -> Outcomes {
    let cx = Context::new(world, settings);
    // Of few objects a thread has looked at all before another has begun.
    let threads = if world.len() < FEW { 1 } else { MOST_THREADS };
    let ran = run_on(threads, &cx, &cx, rules, true, scope);
    let mut outcomes = Outcomes {
        findings: ran.findings,
        rules: ran.rules.iter().map(AnyRule::id).zip(ran.counts).collect(),
        custom_rules: rules.custom().iter().map(|rule| rule.describe()).collect(),
    };
    overlap::settle(&mut outcomes);
    outcomes
}

/// What rules find in the objects of one context, asking another about everything else. On admission the first holds the
/// one object of the request, the second what is cached of the cluster.
pub(super) fn find_in(subjects: &Context<'_>, cx: &Context<'_>, rules: &Rules) -> Vec<Finding> {
    run_on(1, subjects, cx, rules, exempts(subjects), &|_, _| true).findings
}

/// Whether any of these objects, which came as documents, has exemptions: it or its template.
fn exempts(subjects: &Context<'_>) -> bool {
    let says = |metadata: &ObjectMeta| annotation(&metadata.annotations).is_some();
    subjects.world().records().any(|record| says(&record.metadata))
        || subjects.units().iter().any(|view| says(view.metadata))
}

/// The rules that ran, how each went, and all that they found, sorted.
struct Ran<'r> {
    rules: Vec<AnyRule<'r>>,
    counts: Vec<RuleCount>,
    findings: Vec<Finding>,
}

/// Rules share nothing but what a context makes once for all of them, and run on as many threads as there are
/// processors for. `exempts`: whether there may be exemptions on objects.
fn run_on<'r>(
    threads: usize,
    subjects: &Context<'_>,
    cx: &Context<'_>,
    rules: &'r Rules,
    exempts: bool,
    scope: Scope<'_>,
) -> Ran<'r> {
    let live = subjects.world().live;
    let built_in = rules.entries().iter().filter(|entry| live || !entry.rule.needs.is_live());
    let all: Vec<AnyRule<'_>> = built_in
        .map(|entry| AnyRule::BuiltIn(entry))
        .chain(rules.custom().iter().map(|rule| AnyRule::Custom(rule)))
        .collect();
    let exemptions = || Exemptions::new(cx.settings().now, rules.names()).expecting(exempts);
    let (ran, exemptions) = parallel::in_turn(threads, &all, exemptions, |rule, exemptions| {
        let mut run = Run::new(*rule, exemptions);
        run.go(subjects, cx, scope);
        run.finish()
    });
    let exemptions = exemptions.into_iter().reduce(|mut all, others| {
        all.merge(others);
        all
    });
    let (mut counts, mut findings) = (Vec::with_capacity(ran.len()), Vec::new());
    for (count, found) in ran {
        counts.push(count);
        // Most rules find nothing.
        if !found.is_empty() {
            findings.push(found);
        }
    }
    let place = |id: &str| all.iter().position(|rule| rule.id() == id);
    let told: Vec<_> =
        exemptions.into_iter().flat_map(|exemptions| exemptions.told(&|id| place(id).is_some())).collect();
    for (id, found) in told {
        let (Some(entry), Some(count)) = (find(id), place(id).and_then(|at| counts.get_mut(at))) else {
            continue;
        };
        let mut exemptions = Exemptions::new(None, rules.names());
        let mut run = Run::new(AnyRule::BuiltIn(entry), &mut exemptions).counting_on(*count);
        for (object, path, message) in &found {
            run.subject(Some(object), &[], |findings| {
                findings.fail(path.as_str(), message.as_str());
                Ok(())
            });
        }
        let (counted, found) = run.finish();
        *count = counted;
        findings.push(found);
    }
    Ran { rules: all, counts, findings: sorted(findings) }
}

/// All findings, sorted, of what each rule found, sorted: a rule has one severity.
fn sorted(of_rules: Vec<Vec<Finding>>) -> Vec<Finding> {
    let mut parts = Vec::with_capacity(of_rules.len());
    for mut defects in of_rules {
        let unknown = defects.split_off(defects.partition_point(|finding| finding.verdict == Verdict::Fail));
        parts.extend([defects, unknown].into_iter().filter(|part| !part.is_empty()));
    }
    parts.sort_by(|one, other| {
        one.first().zip(other.first()).map_or(Ordering::Equal, |(one, other)| order(one, other))
    });
    let mut all = Vec::with_capacity(parts.iter().map(Vec::len).sum());
    for part in parts {
        all.extend(part);
    }
    all
}
