//! What the API server's admission says to whoever asks for more is what we say, word by word.
//!
//! Each object is first made in a twin namespace that has no quota: there it gets its defaults. Of that we say whether
//! the quota admits it; then the server is asked.

use std::{collections::BTreeMap, sync::Mutex, thread};

use passmuster::{
    model::builtin_kinds::builtin,
    quantity::Quantity,
    quota::{
        Amounts, QuotaSpec, ResourceQuota,
        usage::{Charged, Denied, Devices, Operation, concerns, recount, request},
    },
};
use passmuster_tests::{ControlPlane, Error, eventually::PAUSE};
use serde_json::{Value, json};

use crate::{
    apply::{Item, Step},
    demands::{SORTS, item, step, tight},
    fixtures::plane,
    random,
    read::now,
    recounted::{quota, touch},
    seed,
};

/// Three of each sort.
const NAMESPACES: usize = 3 * SORTS;
const PARALLEL: usize = 4;
const REQUESTS: usize = 30;
/// How often a request is repeated that is denied otherwise than we say.
const ATTEMPTS: usize = 5;

/// A namespace with a quota, and its twin.
struct Pair<'a> {
    plane: &'a ControlPlane,
    namespace: String,
    twin: String,
    seed: u64,
    part: usize,
    /// What was admitted.
    objects: BTreeMap<String, Charged>,
}

/// What came of a request, to be counted.
type Outcome = &'static str;

impl Pair<'_> {
    /// The quota as the server has it, once it has counted what was admitted.
    fn quota(&self) -> (QuotaSpec, Amounts) {
        let path = format!("/api/v1/namespaces/{}/resourcequotas/q", self.namespace);
        for look in 1..=600 {
            let quota: ResourceQuota = serde_json::from_value(self.plane.api().get(&path).unwrap()).unwrap();
            let (spec, status) = (quota.spec.unwrap(), quota.status.unwrap_or_default());
            let ours = recount(&spec, self.objects.values(), &Devices::default(), now());
            if status.hard == spec.hard && ours == status.used {
                return (QuotaSpec { hard: status.hard, ..spec }, status.used);
            }
            assert!(look < 600, "SEED={}, namespace {}: {ours:?}\n{status:?}", self.seed, self.part);
            // Of most that needs less than before nobody tells the controller, nor when it overwrote a charge by what it
            // knew until then.
            if look % 25 == 0 {
                touch(self.plane, &self.namespace, "q", look);
            }
            thread::sleep(PAUSE);
        }
        unreachable!("the last look ends it")
    }

    /// Compares what we say of an object with what comes of asking the server.
    fn compare(
        &mut self,
        (old, subresource): (Option<&Value>, &str),
        new: &Value,
        ask: impl Fn() -> Result<(), Error>,
    ) -> Outcome {
        let (old, changed) = (old.map(charged), charged(new));
        let operation = if old.is_some() { Operation::Update } else { Operation::Create };
        for attempt in 1..=ATTEMPTS {
            let (spec, used) = self.quota();
            let ours = if concerns(operation, subresource, old.as_ref(), &changed) {
                request("q", &spec, &used, (old.as_ref(), &changed), &Devices::default(), now()).map(drop)
            } else {
                Ok(())
            };
            match (ours, ask()) {
                (Ok(()), Ok(())) => {
                    self.objects.insert(new["metadata"]["name"].to_string(), changed);
                    return if old.is_some() { "changed" } else { "created" };
                }
                (Err(ours), Err(theirs)) if canonical(&ours.to_string()) == canonical(&told(&theirs)) => {
                    return match ours {
                        Denied::Exceeded { .. } => "exceeded",
                        Denied::MustSpecify { .. } => "not specified",
                        Denied::Negative { .. } | Denied::Unknown { .. } => "otherwise denied",
                    };
                }
                // Admission may not have heard yet of what the controller has counted anew.
                (_, Err(Error::Status { status: 403, .. })) if attempt < ATTEMPTS => {
                    thread::sleep(10 * PAUSE);
                }
                (ours, theirs) => panic!(
                    "SEED={}, namespace {}: {:?}, the server: {:?}\n{new}\n{spec:?}",
                    self.seed,
                    self.part,
                    ours.map_err(|error| error.to_string()),
                    theirs.map_err(|error| told(&error)),
                ),
            }
        }
        unreachable!("the last attempt ends it")
    }

    /// An object is made.
    fn create(&mut self, item: &Item) -> Option<Outcome> {
        let new = item.create(self.plane, &self.twin).ok()?;
        let (plane, namespace) = (self.plane, self.namespace.clone());
        Some(self.compare((None, ""), &new, || item.create(plane, &namespace).map(drop)))
    }

    /// An object that is there is changed.
    fn change(&mut self, item: &Item, step: Step) -> Option<Outcome> {
        let subresource = if matches!(step, Step::Resize(_)) { "resize" } else { "" };
        let changed = Item { steps: vec![step], ..item.clone() };
        let get = |namespace: &str| {
            let mut object = item.object.clone();
            object["metadata"]["namespace"] = json!(namespace);
            self.plane.api().get(&self.plane.path_of(&object).ok()?).ok()
        };
        let old = get(&self.namespace)?;
        changed.happen(self.plane, &self.twin).pop()?.ok()?;
        let new = get(&self.twin)?;
        let (plane, namespace) = (self.plane, self.namespace.clone());
        Some(self.compare((Some(&old), subresource), &new, || changed.happen(plane, &namespace).remove(0)))
    }
}

/// An object as the server has it.
fn charged(object: &Value) -> Charged {
    let (api, kind) = (object["apiVersion"].as_str().unwrap(), object["kind"].as_str().unwrap());
    let group = api.split_once('/').map_or("", |(group, _)| group);
    let resource = builtin().resources.iter().find(|resource| resource.is_kind(group, kind)).unwrap();
    Charged::from_json(resource, object.clone()).unwrap()
}

/// Why the server denies a request.
fn told(error: &Error) -> String {
    let Error::Status { body, .. } = error else { return error.to_string() };
    let status: Value = serde_json::from_str(body).unwrap_or_default();
    let message = status["message"].as_str().unwrap_or(body);
    message.split_once(" is forbidden: ").map_or(message, |(_, told)| told).to_owned()
}

/// The message with all quantities in one form: the server repeats those that it only read as they came.
fn canonical(message: &str) -> String {
    let word = |word: &str| match word.split_once('=') {
        Some((key, amount)) => {
            format!(
                "{key}={}",
                amount.parse::<Quantity>().map_or(amount.to_owned(), |amount| amount.to_string())
            )
        }
        None => word.to_owned(),
    };
    let words = |part: &str| part.split(' ').map(word).collect::<Vec<_>>().join(" ");
    message.split(',').map(words).collect::<Vec<_>>().join(",")
}

/// Asks for objects and changes in one namespace, and tells how often what came of it.
fn ask(plane: &ControlPlane, seed: u64, part: usize) -> BTreeMap<Outcome, usize> {
    let mut random = random(seed, 1000 + part);
    let sort = part % SORTS;
    let (namespace, twin) = (plane.namespace("tight"), plane.namespace("twin"));
    plane.create(&quota(&namespace, "q", &tight(&mut random, sort))).unwrap();
    // Every namespace has one of each from its beginning.
    let own = ["configmaps", "serviceaccounts"].map(|name| (name, builtin().resolve(name).unwrap()));
    let objects = own.map(|(name, resource)| (name.to_owned(), Charged::other(resource, None))).into();
    let mut pair = Pair { plane, namespace, twin, seed, part, objects };
    plane.quotas_heard(&pair.namespace).unwrap();
    let (mut outcomes, mut there) = (BTreeMap::new(), Vec::new());
    for n in 0..REQUESTS {
        let outcome = if n % 3 == 2 && sort < 3 && !there.is_empty() {
            let chosen = there.swap_remove(random.range(0, there.len()));
            let outcome = pair.change(&chosen, step(&mut random, sort));
            // After a change that was denied the two are twins no more.
            if outcome.is_none_or(|outcome| outcome == "changed") {
                there.push(chosen);
            }
            outcome
        } else {
            let item = item(&mut random, sort, &format!("o{n}"));
            let outcome = pair.create(&item);
            if outcome == Some("created") {
                there.push(item);
            }
            outcome
        };
        *outcomes.entry(outcome.unwrap_or("invalid")).or_default() += 1;
    }
    outcomes
}

#[test]
fn admission_says_what_we_say() {
    let seed = seed();
    println!("SEED={seed}");
    let plane = plane();
    let (queue, outcomes) = (Mutex::new(0..NAMESPACES), Mutex::new(BTreeMap::<Outcome, usize>::new()));
    let next = || queue.lock().unwrap().next();
    thread::scope(|scope| {
        for _ in 0..PARALLEL {
            scope.spawn(|| {
                while let Some(part) = next() {
                    for (outcome, times) in ask(plane, seed, part) {
                        *outcomes.lock().unwrap().entry(outcome).or_default() += times;
                    }
                }
            });
        }
    });
    let outcomes = outcomes.into_inner().unwrap();
    println!("{outcomes:?}");
    for (outcome, least) in [("created", 100), ("changed", 20), ("exceeded", 40), ("not specified", 10)] {
        assert!(outcomes.get(outcome).is_some_and(|times| *times >= least), "SEED={seed}: {outcomes:?}");
    }
}
