//! The ledger by hand: what is counted, what is said, what is written.

use std::sync::Arc;

use super::*;
use crate::{
    model::Time,
    quota::{Amounts, QuotaSpec, project::Model},
};

fn amounts(pairs: &[(&str, &str)]) -> Amounts {
    pairs.iter().map(|(key, amount)| ((*key).to_owned(), amount.parse().unwrap())).collect()
}

fn account(hard: &Amounts) -> Account {
    Account {
        name: "ProjectQuota/shop".into(),
        model: Model::Usage,
        spec: QuotaSpec { hard: hard.clone(), ..QuotaSpec::default() },
        scope: ScopeId::default(),
        namespaces: ["a", "b"].into_iter().map(Arc::from).collect(),
    }
}

fn book(hard: &Amounts) -> Book {
    Book { hard: hard.clone(), ..Book::default() }
}

fn observed(objects: &[(&str, &str, &Amounts)]) -> Observed {
    let mut observed = Observed::default();
    observed.listing("pods");
    for (n, (namespace, name, usage)) in objects.iter().enumerate() {
        let sighting = Sighting {
            uid: format!("uid-{name}"),
            version: n as u64 + 1,
            usage: (*usage).clone(),
            scopes: 1,
            later: None,
        };
        observed.seen(&Slot::new("pods", *namespace, *name), sighting);
    }
    observed.listed("pods", 10);
    observed
}

fn ask(namespace: &str, name: &str, usage: &Amounts) -> Ask {
    Ask {
        slot: Slot::new("pods", namespace, name),
        uid: format!("uid-{name}").into(),
        usage: usage.clone(),
        more: usage.clone(),
        after: 0,
    }
}

const LATER: Time = Time { seconds: 120, nanos: 0 };

#[test]
fn all_that_is_exceeded_is_told_at_once_in_the_servers_words() {
    let hard = amounts(&[("pods", "1"), ("requests.cpu", "1"), ("requests.memory", "1Gi")]);
    let pod = amounts(&[("pods", "1"), ("requests.cpu", "800m"), ("requests.memory", "256Mi")]);
    let (account, observed) = (account(&hard), observed(&[("a", "one", &pod)]));
    let book = book(&hard);
    let charged = book.charged(&account, &observed);
    let refused = book.check(&account, &observed, &charged, &ask("b", "two", &pod)).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "exceeded quota: ProjectQuota/shop, requested: pods=1,requests.cpu=800m, used: pods=1,requests.cpu=800m, \
         limited: pods=1,requests.cpu=1"
    );
}

#[test]
fn what_is_asked_for_twice_is_counted_once() {
    let hard = amounts(&[("pods", "1")]);
    let pod = amounts(&[("pods", "1")]);
    let (account, observed) = (account(&hard), observed(&[]));
    let mut book = book(&hard);
    let first = ask("a", "one", &pod);
    for _ in 0..3 {
        let charged = book.charged(&account, &observed);
        book.check(&account, &observed, &charged, &first).unwrap();
        book.reserve(&observed, &first, LATER);
    }
    assert_eq!(book.charged(&account, &observed), pod);
    // The same name again, by a user who tries again: it has its place, and another place it does not get.
    let again = Ask { uid: "another".into(), ..first };
    let charged = book.charged(&account, &observed);
    book.check(&account, &observed, &charged, &again).unwrap();
    book.reserve(&observed, &again, LATER);
    assert_eq!(book.charged(&account, &observed), pod);
    let charged = book.charged(&account, &observed);
    book.check(&account, &observed, &charged, &ask("a", "two", &pod)).unwrap_err();
}

#[test]
fn a_change_is_charged_by_what_it_adds() {
    let hard = amounts(&[("requests.cpu", "3")]);
    let (one, two) = (amounts(&[("requests.cpu", "1")]), amounts(&[("requests.cpu", "2")]));
    let (account, observed) = (account(&hard), observed(&[("a", "one", &one), ("b", "two", &one)]));
    let mut book = book(&hard);
    let grown = Ask { more: one.clone(), usage: two.clone(), after: 5, ..ask("a", "one", &two) };
    let charged = book.charged(&account, &observed);
    assert_eq!(book.check(&account, &observed, &charged, &grown).unwrap(), one);
    book.reserve(&observed, &grown, LATER);
    assert_eq!(book.charged(&account, &observed), hard);
    // Seen as it was, it may still grow; seen in a later version, it has or it can't any more.
    assert_eq!(book.confirm(&observed), 0);
    let mut observed = observed;
    observed.seen(
        &Slot::new("pods", "a", "one"),
        Sighting { uid: "uid-one".into(), version: 6, usage: one.clone(), scopes: 1, later: None },
    );
    assert_eq!(book.confirm(&observed), 1);
}

#[test]
fn who_has_not_seen_what_was_confirmed_does_not_decide() {
    let hard = amounts(&[("pods", "1")]);
    let pod = amounts(&[("pods", "1")]);
    let account = account(&hard);
    let (blind, mut sees) = (observed(&[]), observed(&[]));
    let mut book = book(&hard);
    book.reserve(&blind, &ask("a", "one", &pod), LATER);
    sees.seen(
        &Slot::new("pods", "a", "one"),
        Sighting { uid: "uid-one".into(), version: 12, usage: pod.clone(), scopes: 1, later: None },
    );
    sees.reached("pods", 12);
    assert_eq!(book.confirm(&sees), 1);
    assert_eq!(book.behind(&sees), None);
    assert_eq!(book.behind(&blind), Some("pods"));
    assert_eq!(book.charged(&account, &sees), pod);
}

#[test]
fn an_older_quota_does_not_come_back() {
    let version = |generation| QuotaVersion { uid: "q".into(), generation };
    let mut book = Book::default();
    assert!(book.agree(&version(2), &amounts(&[("pods", "2")])));
    assert!(!book.agree(&version(1), &amounts(&[("pods", "9")])));
    assert_eq!(book.hard, amounts(&[("pods", "2")]));
}

#[test]
fn of_several_quotas_of_a_namespace_the_smallest_is_handed_out() {
    let hard = amounts(&[("requests.cpu", "10")]);
    let account = Account { model: Model::Allocation, ..account(&hard) };
    let cpu = |amount: &str| amounts(&[("requests.cpu", amount)]);
    let mut observed = Observed::default();
    observed.listing(ALLOCATED);
    let mut see = |namespace: &str, name: &str, amount: &str| {
        let sighting = Sighting { uid: name.into(), version: 1, usage: cpu(amount), scopes: 0, later: None };
        observed.seen(&Slot::new(ALLOCATED, namespace, name), sighting);
    };
    see("a", "large", "9");
    see("a", "small", "4");
    see("b", "only", "3");
    see("elsewhere", "other", "99");
    observed.listed(ALLOCATED, 5);
    let mut book = book(&hard);
    assert_eq!(book.charged(&account, &observed), cpu("7"));

    // One that is larger than what holds already hands out nothing; raising the one that holds does.
    let larger = Ask::of_allocation(&account, ("b", "second", "u2"), &cpu("8"), None);
    let charged = book.charged(&account, &observed);
    assert_eq!(book.check(&account, &observed, &charged, &larger).unwrap(), Amounts::new());
    let old = crate::model::ObjectMeta { resource_version: "1".into(), ..Default::default() };
    let raised = Ask::of_allocation(&account, ("b", "only", "only"), &cpu("6"), Some(&old));
    assert_eq!(book.check(&account, &observed, &charged, &raised).unwrap(), cpu("3"));
    let too_much = Ask::of_allocation(&account, ("b", "only", "only"), &cpu("7"), Some(&old));
    book.check(&account, &observed, &charged, &too_much).unwrap_err();
    book.reserve(&observed, &raised, LATER);
    assert_eq!(book.charged(&account, &observed), cpu("10"));
}

#[test]
fn a_namespace_on_its_way_is_charged_until_it_is_a_member() {
    let hard = amounts(&[("pods", "2")]);
    let pod = amounts(&[("pods", "1")]);
    let mut account = account(&hard);
    let mut observed = observed(&[("a", "one", &pod), ("c", "two", &pod)]);
    observed.listing(NAMESPACES);
    observed.listed(NAMESPACES, 10);
    let mut book = book(&hard);
    let moving = Ask::of_namespace(&account, &observed, ("c", "uid-c"), None);
    let charged = book.charged(&account, &observed);
    book.check(&account, &observed, &charged, &moving).unwrap();
    book.reserve(&observed, &moving, LATER);
    assert_eq!(book.charged(&account, &observed), hard);
    account.namespaces.insert("c".into());
    observed.seen(
        &Slot::new(NAMESPACES, "", "c"),
        Sighting { uid: "uid-c".into(), version: 11, ..Sighting::default() },
    );
    assert_eq!(book.charged(&account, &observed), hard);
    assert_eq!(book.confirm(&observed), 1);
    assert_eq!((book.charged(&account, &observed), book.floors[NAMESPACES]), (hard, 11));
}

#[test]
fn the_store_is_asked_before_what_is_overdue_goes() {
    let hard = amounts(&[("pods", "2")]);
    let pod = amounts(&[("pods", "1")]);
    let observed = observed(&[]);
    let mut book = book(&hard);
    for name in ["stored", "lost"] {
        book.reserve(&observed, &ask("a", name, &pod), LATER);
    }
    let slot = |name: &str| Slot::new("pods", "a", name);
    assert!(!book.expire(&slot("lost"), None, LATER), "not yet");
    let after = Time { seconds: 121, nanos: 0 };
    assert_eq!(book.overdue(after).count(), 2);
    assert!(book.expire(&slot("lost"), None, after));
    assert!(book.expire(&slot("stored"), Some(77), after));
    assert_eq!(book.behind(&observed), Some("pods"), "the object is there, and was not seen");
}

#[test]
fn stored_and_read_back_it_is_the_same() {
    let hard = amounts(&[("pods", "2"), ("requests.memory", "1Gi")]);
    let observed = observed(&[]);
    let mut book = book(&hard);
    book.agree(&QuotaVersion { uid: "q".into(), generation: 7 }, &hard);
    book.floors.insert("pods".into(), 99);
    book.reserve(&observed, &ask("a", "one", &hard), LATER);
    book.reserve(&observed, &Ask { after: 5, uid: "x".into(), ..ask("a", "one", &hard) }, LATER);
    let text = serde_json::to_string(&LedgerSpec::from(&book)).unwrap();
    let read: LedgerSpec = serde_json::from_str(&text).unwrap();
    assert_eq!(Book::from(read), book);
}

#[test]
fn pods_past_their_grace_are_charged_no_more_without_an_event() {
    let mut observed = observed(&[]);
    let usage = amounts(&[("pods", "1"), ("count/pods", "1")]);
    let later = Some((Time { seconds: 50, nanos: 0 }, amounts(&[("count/pods", "1")])));
    observed.seen(
        &Slot::new("pods", "a", "one"),
        Sighting { uid: "u".into(), version: 11, usage: usage.clone(), scopes: 1, later },
    );
    let sum = |observed: &Observed, key: &str| observed.sum("a", ScopeId::default()).of(key).to_string();
    observed.pass(Time { seconds: 50, nanos: 0 });
    assert_eq!(sum(&observed, "pods"), "1");
    observed.pass(Time { seconds: 51, nanos: 0 });
    assert_eq!((sum(&observed, "pods"), sum(&observed, "count/pods")), ("0".into(), "1".into()));
    assert_eq!(observed.recount(), Drift::default());
}
