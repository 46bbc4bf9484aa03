//! Runs rules over objects.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use super::{
    catalogue::{Entry, find},
    context::Context,
    custom_rules::{CompiledRule, Judged, Subjects},
    document::RuleCount,
    exemptions::Exemptions,
    finding::{Finding, Verdict, fingerprint, order},
    findings::Findings,
    overlap,
    rule::{Check, Outcome},
    rule_set::{RuleDescription, Rules},
    settings::Settings,
    severity::Severity,
    world::{LivePod, Object as _, POD_KINDS, World},
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
    let mut outcomes = run_on(threads, &cx, &cx, rules, scope);
    overlap::settle(&mut outcomes);
    outcomes
}

/// Runs rules over the objects of one context, asking another about everything else. On admission the first holds the
/// one object of the request, the second what is cached of the cluster.
pub(super) fn run_in(subjects: &Context<'_>, cx: &Context<'_>, rules: &Rules, scope: Scope<'_>) -> Outcomes {
    run_on(1, subjects, cx, rules, scope)
}

/// Rules share nothing but what a context makes once for all of them, and run on as many threads as there are
/// processors for.
fn run_on(
    threads: usize,
    subjects: &Context<'_>,
    cx: &Context<'_>,
    rules: &Rules,
    scope: Scope<'_>,
) -> Outcomes {
    let live = subjects.world().live;
    let built_in = rules.entries().iter().filter(|entry| live || !entry.rule.needs.is_live());
    let all: Vec<AnyRule<'_>> = built_in
        .map(|entry| AnyRule::BuiltIn(entry))
        .chain(rules.custom().iter().map(|rule| AnyRule::Custom(rule)))
        .collect();
    let exemptions = || Exemptions::new(cx.settings().now, rules.names());
    let (ran, exemptions) = parallel::in_turn(threads, &all, exemptions, |rule, exemptions| match rule {
        AnyRule::BuiltIn(entry) => {
            let mut run = Run::new(entry, exemptions);
            for check in entry.rule.checks {
                run.check(check, subjects, cx, scope);
            }
            run.finish()
        }
        AnyRule::Custom(rule) => {
            let mut run = Run::of_custom(rule, exemptions);
            run.custom(rule, subjects, cx, scope);
            run.finish()
        }
    });
    let exemptions = exemptions.into_iter().reduce(|mut all, others| {
        all.merge(others);
        all
    });
    let mut outcomes = Outcomes::default();
    let ids = all.iter().map(|rule| match rule {
        AnyRule::BuiltIn(entry) => Cow::Borrowed(entry.id),
        AnyRule::Custom(rule) => Cow::Owned(rule.id().to_owned()),
    });
    let (counts, findings): (Vec<_>, Vec<_>) = ran.into_iter().unzip();
    outcomes.rules = ids.zip(counts).collect();
    outcomes.findings = findings.into_iter().flatten().collect();
    outcomes.custom_rules = rules.custom().iter().map(|rule| rule.describe()).collect();
    let ran = |rule: &str| outcomes.rules.contains_key(rule);
    let told: Vec<_> = exemptions.into_iter().flat_map(|exemptions| exemptions.told(&ran)).collect();
    for (id, found) in told {
        let (Some(entry), Some(count)) = (find(id), outcomes.rules.get_mut(id)) else {
            continue;
        };
        let mut exemptions = Exemptions::new(None, rules.names());
        let mut run = Run { count: *count, ..Run::new(entry, &mut exemptions) };
        for (object, path, message) in &found {
            run.subject(Some(object), &[], |findings| {
                findings.fail(path.as_str(), message.as_str());
                Ok(())
            });
        }
        let (counted, findings) = run.finish();
        *count = counted;
        outcomes.findings.extend(findings);
    }
    outcomes.findings.sort_by(order);
    outcomes
}

/// A rule of either kind. It says what to do, and is asked only when there is something to be done.
enum AnyRule<'e> {
    BuiltIn(&'static Entry),
    Custom(&'e CompiledRule),
}

/// One rule's way through the objects.
struct Run<'e> {
    rule: Cow<'static, str>,
    severity: Severity,
    remedy: AnyRule<'e>,
    count: RuleCount,
    findings: Vec<Finding>,
    exemptions: &'e mut Exemptions,
}

impl<'e> Run<'e> {
    fn new(entry: &'static Entry, exemptions: &'e mut Exemptions) -> Self {
        Self {
            rule: Cow::Borrowed(entry.id),
            severity: entry.severity(),
            remedy: AnyRule::BuiltIn(entry),
            count: RuleCount::default(),
            findings: Vec::new(),
            exemptions,
        }
    }

    fn of_custom(rule: &'e CompiledRule, exemptions: &'e mut Exemptions) -> Self {
        let (count, findings, remedy) = (RuleCount::default(), Vec::new(), AnyRule::Custom(rule));
        let id = Cow::Owned(rule.id().to_owned());
        Self { rule: id, severity: rule.severity(), remedy, count, findings, exemptions }
    }

    /// Looks at every object that a rule of a policy is about.
    fn custom(&mut self, rule: &CompiledRule, subjects: &Context<'_>, cx: &Context<'_>, scope: Scope<'_>) {
        for kind in rule.kinds_of_subjects() {
            self.unread(subjects, kind);
        }
        for subject in Subjects::of(rule, subjects, scope) {
            // What the rule does not apply to has neither passed nor failed.
            let judged = rule.judge(&subject, subjects, cx);
            if judged != Judged::DoesNotApply {
                self.subject(Some(&subject.key), &subject.said, |findings| match judged {
                    Judged::Fail { path, message } => {
                        findings.fail(path, message);
                        Ok(())
                    }
                    Judged::Unknown(unknown) => Err(unknown),
                    Judged::Pass | Judged::DoesNotApply => Ok(()),
                });
            }
        }
    }

    fn check(&mut self, check: &Check, subjects: &Context<'_>, cx: &Context<'_>, scope: Scope<'_>) {
        match check {
            Check::Pods(check) => {
                for kind in POD_KINDS {
                    self.unread(subjects, *kind);
                }
                for view in subjects.units() {
                    let asked = |pod: &&LivePod| scope(&pod.key(), &pod.metadata);
                    if scope(&view.owner, view.workload.metadata()) || view.pods.iter().any(asked) {
                        let said = [view.workload.metadata(), view.metadata];
                        self.subject(Some(&view.owner), &said, |findings| check(view, cx, findings));
                    }
                }
            }
            Check::Records(check) => {
                for record in subjects.world().records() {
                    if scope(&record.key, &record.metadata) {
                        let said = [&record.metadata];
                        self.subject(Some(&record.key), &said, |findings| check(record, cx, findings));
                    }
                }
            }
            Check::Cluster(check) => self.subject(None, &[], |findings| {
                let outcome = check(cx, findings);
                findings.retain(|object| scope(object, &ObjectMeta::default()));
                outcome
            }),
            Check::Exemptions => {}
            _ => {
                if let Some(kind) = check.kind() {
                    self.unread(subjects, kind);
                }
                check.each_of_kind(subjects, cx, &mut |key, metadata, check| {
                    if scope(key, metadata) {
                        self.subject(Some(key), &[metadata], check);
                    }
                });
            }
        }
    }

    /// A kind that was asked for and could not be read may hold defects that nobody sees.
    fn unread(&mut self, cx: &Context<'_>, kind: Kind) {
        if let Some(unknown) = cx.world().coverage.missed(kind) {
            let mut findings = Findings::new(&self.rule, self.severity, None);
            findings.unknown(&unknown);
            self.count.not_evaluated += 1;
            self.count.unread = true;
            self.findings.extend(findings.into_found());
        }
    }

    /// Looks at one subject; `said` is where its exemptions stand.
    fn subject(
        &mut self,
        key: Option<&ObjectKey>,
        said: &[&ObjectMeta],
        check: impl FnOnce(&mut Findings<'_>) -> Outcome,
    ) {
        let mut findings = Findings::new(&self.rule, self.severity, key);
        if let Err(unknown) = check(&mut findings) {
            findings.unknown(&unknown);
        }
        let mut found = findings.into_found();
        if let Some(key) = key {
            self.exemptions.apply(&self.rule, key, said, &mut found);
        }
        if found.iter().any(|finding| finding.verdict == Verdict::Fail) {
            self.count.failed += 1;
        } else if found.is_empty() {
            self.count.passed += 1;
        } else {
            self.count.not_evaluated += 1;
        }
        self.findings.extend(found);
    }

    /// The findings, each told apart from those that are the same but for the message.
    fn finish(mut self) -> (RuleCount, Vec<Finding>) {
        if self.findings.is_empty() {
            return (self.count, Vec::new());
        }
        self.findings.sort_by(order);
        self.findings.dedup();
        let remediation = match self.remedy {
            AnyRule::BuiltIn(entry) => Cow::Borrowed(entry.remediation()),
            AnyRule::Custom(rule) => Cow::Owned(rule.describe().remediation),
        };
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for finding in &mut self.findings {
            if finding.remediation.is_empty() {
                finding.remediation.clone_from(&remediation);
            }
            let print = |nth| {
                let (object, container) = (finding.object.as_ref(), finding.container.as_deref());
                fingerprint(&self.rule, object, container, &finding.path, nth)
            };
            let first = print(0);
            if let Some(nth) = seen.get_mut(&first) {
                *nth += 1;
                finding.fingerprint = print(*nth);
            } else {
                seen.insert(first.clone(), 0);
                finding.fingerprint = first;
            }
        }
        (self.count, self.findings)
    }
}
