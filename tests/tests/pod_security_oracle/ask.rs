//! Asks the API server, and compares.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use http::Method;
use passmuster::audit::pod_security::{Policy, assess};
use passmuster_tests::{ControlPlane, api::Response};
use serde_json::Value;

use crate::{
    case::{Case, How},
    namespaces,
};

/// Connections.
const AT_ONCE: usize = 8;

/// What the API server said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Nothing, or the violations in its words.
    Said(Option<String>),
    /// It is no valid object; admission was not asked.
    Invalid(String),
}

/// What was compared.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) cases: usize,
    pub(crate) refused: usize,
    pub(crate) invalid: usize,
    /// Why objects were not valid, and how often.
    pub(crate) why: BTreeMap<String, usize>,
    /// By reason: how often it was given.
    pub(crate) violations: BTreeMap<String, usize>,
    pub(crate) disagreements: Vec<String>,
}

impl Tally {
    /// Notes one question.
    pub(crate) fn note(&mut self, ours: &[String], answer: &Answer) {
        match answer {
            Answer::Invalid(why) => {
                self.invalid += 1;
                *self.why.entry(why.chars().take(160).collect()).or_default() += 1;
            }
            Answer::Said(said) => {
                self.cases += 1;
                self.refused += usize::from(said.is_some());
                for check in ours {
                    *self.violations.entry(check.clone()).or_default() += 1;
                }
            }
        }
    }

    /// Adds another.
    pub(crate) fn add(&mut self, other: Self) {
        self.cases += other.cases;
        self.refused += other.refused;
        self.invalid += other.invalid;
        self.disagreements.extend(other.disagreements);
        for (why, count) in other.why {
            *self.why.entry(why).or_default() += count;
        }
        for (check, count) in other.violations {
            *self.violations.entry(check).or_default() += count;
        }
    }
}

/// What we say of a case: the ids of the checks, and the words that the API server has for it.
pub(crate) fn ours(case: &Case, object: &Value) -> (Vec<String>, Option<String>) {
    let assessment = assess(case.policy, object).unwrap().unwrap();
    let checks = assessment.violations.iter().map(|violation| violation.check.to_owned()).collect();
    let words = match case.how {
        How::Warn => warning(case.policy, assessment.detail()),
        How::Enforce => assessment.message().map(|message| format!("pods \"it\" is forbidden: {message}")),
    };
    (checks, words)
}

/// How the API server warns.
pub(crate) fn warning(policy: Policy, detail: Option<String>) -> Option<String> {
    detail.map(|detail| format!("would violate PodSecurity \"{policy}\": {detail}"))
}

/// What the API server says of a case.
pub(crate) fn theirs(plane: &ControlPlane, case: &Case, object: &Value) -> Answer {
    let path = case.kind.path(&namespaces::name(case.policy, case.how));
    let headers = [
        ("content-type", "application/json"),
        // Nobody reads what would have been stored.
        ("accept", "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json"),
    ];
    let path = format!("{path}?dryRun=All&fieldValidation=Ignore");
    read(plane.api().send(&Method::POST, &path, &headers, object.to_string()).unwrap(), 201)
}

/// Reads an answer that has this status when all went well.
pub(crate) fn read(response: Response, success: u16) -> Answer {
    let message = || response.json()["message"].as_str().unwrap_or_default().to_owned();
    match response.status {
        status if status == success => {
            let mut about = response.warnings.into_iter().filter(|text| text.contains("violate PodSecurity"));
            let said = about.next();
            assert_eq!(about.next(), None, "one warning at most");
            Answer::Said(said)
        }
        403 => Answer::Said(Some(message())),
        422 => Answer::Invalid(message()),
        status => panic!("{status}: {}", String::from_utf8_lossy(&response.body)),
    }
}

/// Whether there is a disagreement over a case, and which.
pub(crate) fn disagreement(plane: &ControlPlane, case: &Case) -> Option<String> {
    let object = case.object();
    match theirs(plane, case, &object) {
        Answer::Said(said) => {
            let (_, words) = ours(case, &object);
            (said != words).then(|| format!("  API server: {said:?}\n  we:         {words:?}"))
        }
        Answer::Invalid(_) => None,
    }
}

/// Asks about many cases, made one after the other by their number, on several connections.
pub(crate) fn all(plane: &ControlPlane, count: usize, make: &(dyn Fn(usize) -> Case + Sync)) -> Tally {
    let (next, tally) = (AtomicUsize::new(0), Mutex::new(Tally::default()));
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                let mut own = Tally::default();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= count {
                        break;
                    }
                    one(plane, &make(number), number, &mut own);
                }
                tally.lock().unwrap().add(own);
            });
        }
    });
    tally.into_inner().unwrap()
}

fn one(plane: &ControlPlane, case: &Case, number: usize, tally: &mut Tally) {
    let object = case.object();
    let (checks, words) = ours(case, &object);
    let answer = theirs(plane, case, &object);
    tally.note(&checks, &answer);
    let differs = matches!(&answer, Answer::Said(said) if *said != words);
    // A few are enough to see what is wrong.
    if differs && tally.disagreements.len() < 3 {
        tally.disagreements.push(format!("case {number}\n{}", smallest(plane, case)));
    } else if differs {
        tally.disagreements.push(format!("case {number}"));
    }
}

/// Leaves out what is not needed for the disagreement.
fn smallest(plane: &ControlPlane, case: &Case) -> String {
    let mut case = case.clone();
    let mut told = disagreement(plane, &case);
    loop {
        let fewer_sets = (0..case.sets.len()).map(|at| {
            let mut fewer = case.clone();
            fewer.sets.remove(at);
            fewer
        });
        let fewer_containers = (0..case.containers.len()).map(|at| {
            let mut fewer = case.clone();
            fewer.containers.remove(at);
            fewer
        });
        let smaller = fewer_containers
            .chain(fewer_sets)
            .find_map(|fewer| disagreement(plane, &fewer).map(|told| (fewer, told)));
        let Some((fewer, words)) = smaller else {
            break;
        };
        (case, told) = (fewer, Some(words));
    }
    let told = told.unwrap_or_else(|| "  gone when asked again".to_owned());
    format!("  {} {:?}\n  {}\n{told}", case.policy, case.how, case.object())
}
