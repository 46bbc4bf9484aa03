//! What a rule says of one object.

use std::cell::RefCell;

use serde_json::Value as Json;

use super::{
    CompiledRule, Related, RelatedNamespace,
    cel::{Error, Global, Globals, Machine, Program, Value},
    subjects::Subject,
};
use crate::{
    audit::{
        context::Context,
        world::{Custom, Unknown, World},
    },
    jsonpath::{Style, Template},
    model::{ObjectKey, Time},
};

/// Steps that a rule may take for one object: a step is one part of an expression, one item gone through, or sixteen
/// bytes of text looked at.
const STEPS: u64 = 2_000_000;
/// Steps for telling what is wrong.
const STEPS_OF_MESSAGE: u64 = 100_000;
/// Longest message, in bytes.
const LONGEST_MESSAGE: usize = 4 * 1024;

/// What a rule says of one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Judged {
    /// Nothing: it is not about this object.
    DoesNotApply,
    Pass,
    Fail {
        path: String,
        message: String,
    },
    Unknown(Unknown),
}

impl CompiledRule {
    /// Judges one object. Related objects are looked up in `cx`, those of `subjects` first: at admission the object that
    /// is to be stored stands for the one that is cached.
    pub(crate) fn judge(&self, subject: &Subject<'_>, subjects: &Context<'_>, cx: &Context<'_>) -> Judged {
        let Some(object) = subject.object else {
            return Judged::Unknown(Unknown(format!("{} was not read as a whole", subject.key)));
        };
        let around = Around {
            rule: self,
            subject,
            object,
            own: subjects.world(),
            cached: cx.world(),
            now: cx.now(),
            variables: RefCell::new(vec![None; self.variables.len()]),
            related: RefCell::new(vec![None; self.related.len()]),
            it: RefCell::new(None),
        };
        let mut machine = Machine::new(&around, STEPS);
        if let Some(program) = &self.matching {
            match boolean(&mut machine, program) {
                Ok(true) => {}
                Ok(false) => return Judged::DoesNotApply,
                Err(error) => return Judged::Unknown(Unknown(format!("match: {error}"))),
            }
        }
        match boolean(&mut machine, &self.expression) {
            Ok(true) => Judged::Pass,
            Ok(false) => {
                Judged::Fail { path: subject.path(&self.rule.path), message: self.told(&around, object) }
            }
            Err(error) => Judged::Unknown(Unknown(format!("expression: {error}"))),
        }
    }

    /// What is wrong with an object.
    fn told<'v>(&'v self, around: &Around<'v>, object: &Json) -> String {
        let plain = || match &self.message {
            Some(template) => filled(template, object).unwrap_or_else(|| self.rule.title.trim().to_owned()),
            None => self.rule.title.trim().to_owned(),
        };
        let Some(program) = &self.message_expression else {
            return plain();
        };
        let mut machine = Machine::new(around, STEPS_OF_MESSAGE);
        let why = match machine.run(&program.node) {
            Ok(Value::Text(text)) if text.as_str().len() > LONGEST_MESSAGE => "it is too long".to_owned(),
            Ok(Value::Text(text)) if !text.as_str().trim().is_empty() => {
                return in_one_line(text.as_str());
            }
            Ok(Value::Text(_)) => "it is empty".to_owned(),
            Ok(_) => "it is no text".to_owned(),
            Err(error) => error.to_string(),
        };
        format!("{} (messageExpression: {why})", plain())
    }
}

fn boolean<'v>(machine: &mut Machine<'_, 'v>, program: &'v Program) -> Result<bool, Error> {
    match machine.run(&program.node)? {
        Value::Bool(it) => Ok(it),
        _ => Err(Error::new("it is neither true nor false")),
    }
}

/// A message with what the object has.
fn filled(template: &Template, object: &Json) -> Option<String> {
    let mut out = Vec::new();
    template.write(object, Style::Text, &mut out).ok()?;
    let text = in_one_line(&String::from_utf8_lossy(&out));
    (!text.is_empty() && text.len() <= LONGEST_MESSAGE).then_some(text)
}

fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What is around an expression. Variables and related objects are found once for each object, when they are asked for.
struct Around<'v> {
    rule: &'v CompiledRule,
    subject: &'v Subject<'v>,
    object: &'v Json,
    own: &'v World,
    cached: &'v World,
    now: Result<Time, Unknown>,
    variables: RefCell<Vec<Option<Result<Value<'v>, Error>>>>,
    related: RefCell<Vec<Option<Result<Value<'v>, Error>>>>,
    it: RefCell<Option<Value<'v>>>,
}

impl<'v> Globals<'v> for Around<'v> {
    fn global(&self, global: Global, machine: &mut Machine<'_, 'v>) -> Result<Value<'v>, Error> {
        let there = |part: Option<&'v Json>, name: &str| {
            part.map(Value::of_json).ok_or_else(|| Error::new(format!("no such key: {name}")))
        };
        match global {
            Global::Object => Ok(Value::of_json(self.object)),
            Global::PodSpec => there(self.subject.pod_spec(), "podSpec"),
            Global::PodMetadata => there(self.subject.pod_metadata(), "podMetadata"),
            Global::Params => Ok(Value::of_json(&self.rule.params)),
            Global::It => self.it.borrow().clone().ok_or_else(|| Error::new("there is no candidate")),
            Global::Now => {
                let Time { seconds, nanos } = self.now.clone().map_err(|unknown| Error::new(unknown.0))?;
                let moment = jiff::Timestamp::new(seconds, nanos);
                moment.map(Value::Timestamp).map_err(|_| Error::new("timestamp overflow"))
            }
            Global::Variable(at) => {
                if let Some(Some(known)) = self.variables.borrow().get(at) {
                    return known.clone();
                }
                let program = self.rule.variables.get(at).ok_or_else(|| Error::new("no such variable"))?;
                let value = machine.run(&program.node);
                remember(&self.variables, at, &value);
                value
            }
            Global::Related(at) => {
                if let Some(Some(known)) = self.related.borrow().get(at) {
                    return known.clone();
                }
                let related = self.rule.related.get(at).ok_or_else(|| Error::new("no such list"))?;
                let value = self.find(related, machine);
                remember(&self.related, at, &value);
                value
            }
        }
    }
}

fn remember<'v>(
    all: &RefCell<Vec<Option<Result<Value<'v>, Error>>>>,
    at: usize,
    value: &Result<Value<'v>, Error>,
) {
    if let Some(place) = all.borrow_mut().get_mut(at) {
        *place = Some(value.clone());
    }
}

impl<'v> Around<'v> {
    /// The list of related objects, sorted by namespace and name.
    fn find(&self, related: &'v Related, machine: &mut Machine<'_, 'v>) -> Result<Value<'v>, Error> {
        let namespace = match &related.namespace {
            RelatedNamespace::Same => Some(&*self.subject.key.namespace),
            RelatedNamespace::Any => None,
            RelatedNamespace::Named(name) => Some(name.as_str()),
        };
        let covered = namespace.filter(|_| related.kind.namespaced);
        self.cached.coverage.check(related.kind, covered).map_err(|unknown| Error::new(unknown.0))?;
        let is_there = |key: &ObjectKey| {
            key.namespace.is_empty() || namespace.is_none_or(|namespace| namespace == &*key.namespace)
        };
        let mut items = Vec::new();
        for (key, candidate) in self.candidates(related) {
            machine.charge(1)?;
            if !is_there(key) {
                continue;
            }
            let value = Value::of_json(&candidate.value);
            if let Some(condition) = &related.condition {
                *self.it.borrow_mut() = Some(value.clone());
                match machine.run(&condition.node) {
                    Ok(Value::Bool(true)) => {}
                    Ok(Value::Bool(false)) => continue,
                    Ok(_) => {
                        return Err(Error::new(format!("where, of {key}: it is neither true nor false")));
                    }
                    Err(error) if error.is_cost() => return Err(error),
                    Err(error) => return Err(Error::new(format!("where, of {key}: {error}"))),
                }
            }
            items.push(value);
        }
        Ok(Value::list(items))
    }

    /// All objects of a kind. The one that is judged stands for itself.
    fn candidates(&self, related: &Related) -> Vec<(&'v ObjectKey, &'v Custom)> {
        let (own, cached) = (self.own, self.cached);
        let mut all: Vec<_> = own.whole(related.kind).map(|(key, whole)| (key, &**whole)).collect();
        if !std::ptr::eq(own, cached) {
            let others = cached.whole(related.kind).filter(|(key, _)| own.whole_named(key).is_none());
            all.extend(others.map(|(key, whole)| (key, &**whole)));
            all.sort_by(|one, other| one.0.cmp(other.0));
        }
        all
    }
}
