//! The cases of a rule, run as the objects of files are.

use super::{CompiledRule, CustomCase, kinds::kind};
use crate::{
    audit::{Rules, Settings, Verdict, World, engine::run_rules},
    manifest::{self, Inputs, Scopes},
    model::{Skipped, Time},
};

/// How a case went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseResult {
    /// Id of the rule.
    pub rule: String,
    /// What the case shows.
    pub case: String,
    /// What is wrong, a line each; none: it went as it should.
    pub wrong: Vec<String>,
}

impl CompiledRule {
    /// Runs its cases, in their order.
    pub fn run_cases(self: &std::sync::Arc<Self>) -> Vec<CaseResult> {
        let run = |case: &CustomCase| CaseResult {
            rule: self.id().to_owned(),
            case: case.name.clone(),
            wrong: self.run_case(case).unwrap_or_else(|why| vec![why]),
        };
        self.rule.cases.iter().map(run).collect()
    }

    fn run_case(self: &std::sync::Arc<Self>, case: &CustomCase) -> Result<Vec<String>, String> {
        let rules = Rules::of_custom(self);
        let mut world = World::of_files().keeping(rules.whole());
        let objects: Vec<String> =
            case.objects.iter().map(|object| serde_json::Value::Object(object.clone()).to_string()).collect();
        let text = objects.join("\n---\n");
        let inputs = Inputs { files: vec!["-".to_owned()], keep_data: true, ..Inputs::default() };
        let mut refused = None;
        let mut sink = |document: manifest::Document| {
            let taken = world.take_document(&document.api_version, &document.kind, document.object);
            if let Err(error) = taken {
                refused.get_or_insert(format!("an object can't be read: {}: {error}", document.kind));
            }
        };
        let skipped = manifest::read(&inputs, &mut text.as_bytes(), Scopes::new("default"), &mut sink)
            .map_err(|error| error.to_string())?;
        if let Some(why) =
            refused.or_else(|| skipped.first().map(|it| format!("an object can't be read: {}", it.message)))
        {
            return Err(why);
        }
        world.coverage.cover_everything();
        for kind in case.unread.iter().filter_map(|text| kind(text).ok()) {
            let (reason, message) = ("Forbidden".to_owned(), "no permission".to_owned());
            let skipped = Skipped { resource: kind.kind.to_owned(), namespace: None, reason, message };
            world.coverage.miss(kind.group, kind.kind, &skipped);
        }
        let now = case.now.as_deref().and_then(|now| now.parse::<jiff::Timestamp>().ok());
        let now = now.map(|now| Time { seconds: now.as_second(), nanos: now.subsec_nanosecond() });
        let settings = Settings { now, ..Settings::default() };
        let outcomes = run_rules(&world, &settings, &rules, &|_, _| true);
        let told = |verdict| -> Vec<&str> {
            let of = outcomes.findings.iter().filter(|finding| finding.verdict == verdict);
            of.map(|finding| finding.message.as_str()).collect()
        };
        let mut wrong = Vec::new();
        wrong.extend(differs("fails", &case.fails, &told(Verdict::Fail)));
        wrong.extend(differs("notEvaluated", &case.not_evaluated, &told(Verdict::NotEvaluated)));
        let count = outcomes.rules.get(self.id()).copied().unwrap_or_default();
        let looked = count.passed + count.failed + count.not_evaluated > 0;
        match (case.does_not_apply, looked) {
            (true, true) => wrong.push("doesNotApply: the rule looked at an object".to_owned()),
            (false, false) => {
                wrong.push("the rule looked at none of the objects: say so with doesNotApply".to_owned());
            }
            _ => {}
        }
        Ok(wrong)
    }
}

fn differs(field: &str, expected: &[String], found: &[&str]) -> Option<String> {
    (expected != found).then(|| format!("{field}: expected {expected:?}, found {found:?}"))
}
