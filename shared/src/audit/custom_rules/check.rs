//! What a rule must be to run; everything that is wrong with it is told at once.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    CompiledRule, CustomRule, Related, RelatedNamespace,
    cel::{Names, Node, Program, RESERVED, is_type},
    kinds::{Target, kind},
};
use crate::{
    audit::{
        catalogue::find,
        policy::{AuditPolicySpec, PolicyProblem},
    },
    jsonpath::Template,
};

/// Reads all rules of a policy, sorted by id.
pub(super) fn compile(spec: &AuditPolicySpec) -> Result<Vec<Arc<CompiledRule>>, Vec<PolicyProblem>> {
    let params = Arc::new(serde_json::Value::Object(spec.custom_parameters.clone()));
    let (mut rules, mut problems) = (Vec::new(), Vec::new());
    let mut ids = BTreeSet::new();
    for (at, rule) in spec.custom_rules.iter().enumerate() {
        let mut check = Check { at: format!("spec.customRules[{at}]"), problems: Vec::new() };
        if !ids.insert(rule.id.as_str()) {
            check.wrong("id", format!("there is a rule {:?} before this one", rule.id));
        }
        if let Some(compiled) = check.rule(rule, &params) {
            rules.push(Arc::new(compiled));
        }
        problems.append(&mut check.problems);
    }
    rules.sort_by(|one, other| one.id().cmp(other.id()));
    if problems.is_empty() { Ok(rules) } else { Err(problems) }
}

/// One rule, and what is wrong with it.
struct Check {
    at: String,
    problems: Vec<PolicyProblem>,
}

impl Check {
    fn wrong(&mut self, field: &str, message: impl Into<String>) {
        self.problems.push(PolicyProblem { field: format!("{}.{field}", self.at), message: message.into() });
    }

    /// What is right; what is wrong is noted.
    fn taken<T>(&mut self, field: &str, result: Result<T, String>) -> Option<T> {
        result.map_err(|message| self.wrong(field, message)).ok()
    }

    fn rule(&mut self, rule: &CustomRule, params: &Arc<serde_json::Value>) -> Option<CompiledRule> {
        self.words(rule);
        let targets = self.targets(rule);
        let pods = !targets.is_empty() && targets.iter().all(|target| *target == Target::Workloads);
        let (related, variables, names) = (self.related(rule, pods), self.variables(rule, pods), rule);
        let (lists, parts) = names_of(names);
        let names = Names { related: &lists, variables: &parts, pods, it: false };
        let matching = self.optional("match", rule.matching.as_deref(), &names);
        let expression = self.taken("expression", Program::compile(&rule.expression, &names));
        for (field, program) in [("match", matching.as_ref()), ("expression", expression.as_ref())] {
            if program.is_some_and(|program| never_boolean(&program.node)) {
                self.wrong(field, "it is neither true nor false");
            }
        }
        let message_expression =
            self.optional("messageExpression", rule.message_expression.as_deref(), &names);
        let message =
            rule.message.as_deref().map(|text| Template::parse(text).map_err(|error| error.to_string()));
        let message = message.and_then(|template| self.taken("message", template));
        if rule.path.starts_with("podSpec") && !pods {
            self.wrong("path", "podSpec is there for the kind Workload alone");
        }
        self.cases(rule);
        let (related, variables) = (related?, variables?);
        Some(CompiledRule {
            rule: rule.clone(),
            targets,
            related,
            variables,
            matching,
            expression: expression?,
            message,
            message_expression,
            params: Arc::clone(params),
        })
    }

    fn words(&mut self, rule: &CustomRule) {
        let id = rule.id.as_str();
        let kebab = |part: &str| {
            !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        };
        if !id.split('-').all(kebab) {
            self.wrong("id", format!("{id:?} is no id: expected words of small letters with - between them"));
        } else if find(id).is_some() {
            self.wrong("id", format!("{id:?} is a rule that is built in"));
        } else if crate::audit::selection::check_words([&rule.id], &[]).is_ok() {
            self.wrong("id", format!("{id:?} is a category, a severity or a framework"));
        }
        for (field, text, what) in [
            ("title", &rule.title, "say what is wrong, in one sentence"),
            ("why", &rule.why, "say why it matters"),
            ("remediation", &rule.remediation, "say what to do"),
        ] {
            if text.trim().is_empty() {
                self.wrong(field, what);
            }
        }
    }

    fn targets(&mut self, rule: &CustomRule) -> Vec<Target> {
        if rule.kinds.is_empty() {
            self.wrong("kinds", "say which kinds it looks at");
        }
        let mut targets: Vec<Target> = Vec::new();
        for (at, text) in rule.kinds.iter().enumerate() {
            if let Some(target) = self.taken(&format!("kinds[{at}]"), Target::parse(text)) {
                if targets.contains(&target) {
                    self.wrong(&format!("kinds[{at}]"), format!("{text} is there already"));
                }
                targets.push(target);
            }
        }
        targets
    }

    fn related(&mut self, rule: &CustomRule, pods: bool) -> Option<Vec<Related>> {
        let mut all = Vec::new();
        let mut seen: Vec<&str> = Vec::new();
        for (at, related) in rule.related.iter().enumerate() {
            let field = |name: &str| format!("related[{at}].{name}");
            let name = related.name.as_str();
            if !is_name(name) || RESERVED.contains(&name) || is_type(name) {
                self.wrong(&field("name"), format!("{name:?} can't name a list"));
            } else if seen.contains(&name) {
                self.wrong(&field("name"), format!("there is a list {name:?} before this one"));
            }
            seen.push(name);
            let kind = self.taken(&field("kind"), kind(&related.kind));
            if related.namespace == RelatedNamespace::Named(String::new()) {
                self.wrong(&field("namespace"), "expected same, any or the name of a namespace");
            }
            let names = Names { it: true, pods, ..Names::default() };
            let condition = self.optional(&field("where"), related.condition.as_deref(), &names);
            if condition.as_ref().is_some_and(|program| never_boolean(&program.node)) {
                self.wrong(&field("where"), "it is neither true nor false");
            }
            if let Some(kind) = kind {
                all.push(Related { kind, namespace: related.namespace.clone(), condition });
            }
        }
        (all.len() == rule.related.len()).then_some(all)
    }

    fn variables(&mut self, rule: &CustomRule, pods: bool) -> Option<Vec<Program>> {
        let (lists, parts) = names_of(rule);
        let mut all = Vec::new();
        for (at, variable) in rule.variables.iter().enumerate() {
            let field = |name: &str| format!("variables[{at}].{name}");
            let before = parts.get(..at).unwrap_or_default();
            if !is_name(&variable.name) {
                self.wrong(&field("name"), format!("{:?} can't name a variable", variable.name));
            } else if before.contains(&variable.name.as_str()) {
                self.wrong(
                    &field("name"),
                    format!("there is a variable {:?} before this one", variable.name),
                );
            }
            let names = Names { related: &lists, variables: before, pods, it: false };
            all.extend(self.taken(&field("expression"), Program::compile(&variable.expression, &names)));
        }
        (all.len() == rule.variables.len()).then_some(all)
    }

    fn optional(&mut self, field: &str, text: Option<&str>, names: &Names<'_>) -> Option<Program> {
        text.and_then(|text| self.taken(field, Program::compile(text, names)))
    }

    fn cases(&mut self, rule: &CustomRule) {
        for (at, case) in rule.cases.iter().enumerate() {
            let field = |name: &str| format!("cases[{at}].{name}");
            if case.name.trim().is_empty() {
                self.wrong(&field("name"), "say what it shows");
            }
            for (place, object) in case.objects.iter().enumerate() {
                let is_there = |name: &str| object.get(name).is_some_and(serde_json::Value::is_string);
                if !is_there("apiVersion") || !is_there("kind") {
                    self.wrong(&field(&format!("objects[{place}]")), "an object has apiVersion and kind");
                }
            }
            if case.does_not_apply && !(case.fails.is_empty() && case.not_evaluated.is_empty()) {
                self.wrong(&field("doesNotApply"), "a rule that does not apply says nothing");
            }
            if let Some(now) = &case.now
                && now.parse::<jiff::Timestamp>().is_err()
            {
                self.wrong(&field("now"), format!("{now:?} is no time such as 2026-11-28T12:00:00Z"));
            }
            for (place, text) in case.unread.iter().enumerate() {
                let _ = self.taken(&field(&format!("unread[{place}]")), kind(text));
            }
        }
    }
}

/// The names of a rule's lists and variables.
fn names_of(rule: &CustomRule) -> (Vec<&str>, Vec<&str>) {
    let lists = rule.related.iter().map(|related| related.name.as_str()).collect();
    (lists, rule.variables.iter().map(|variable| variable.name.as_str()).collect())
}

/// Whether a text can name something in an expression.
fn is_name(text: &str) -> bool {
    /// What means something to the language.
    const WORDS: &[&str] = &[
        "as",
        "break",
        "const",
        "continue",
        "else",
        "false",
        "for",
        "function",
        "if",
        "import",
        "in",
        "let",
        "loop",
        "namespace",
        "null",
        "package",
        "return",
        "true",
        "var",
        "void",
        "while",
    ];
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(inner)
        && !WORDS.contains(&text)
}

/// Whether an expression can't be true or false, whatever the object.
fn never_boolean(node: &Node) -> bool {
    node.never_boolean()
}
