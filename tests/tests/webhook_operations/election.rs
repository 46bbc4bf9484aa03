//! One replica writes, whatever happens to it.

use passmuster_tests::eventually;
use passmuster_tests::signal::Signal;

use crate::replica::Replica;
use crate::world::{LONG, World};

/// The one that leads, when exactly one does.
fn leader(replicas: &[Replica]) -> Option<usize> {
    let leading: Vec<usize> = (0..replicas.len()).filter(|&index| replicas[index].leads()).collect();
    assert!(leading.len() <= 1, "two lead at one time");
    leading.first().copied()
}

#[test]
fn when_the_leader_dies_another_takes_over() {
    let world = World::new("election-dies");
    let start = |name| Replica::start(&world, name, &[]);
    let mut replicas = vec![start("one"), start("two"), start("three")];
    let first = eventually(LONG, "a leader", || leader(&replicas));
    let dead = replicas.remove(first);
    assert_eq!(world.lease().unwrap()["spec"]["holderIdentity"], dead.name.as_str());
    let transitions = world.lease().unwrap()["spec"]["leaseTransitions"].as_i64().unwrap();

    dead.signal(Signal::Kill);
    let second = eventually(LONG, "another leader", || leader(&replicas));
    let lease = world.lease().unwrap();
    assert_eq!(lease["spec"]["holderIdentity"], replicas[second].name.as_str());
    assert_eq!(lease["spec"]["leaseTransitions"], transitions + 1);
    // What only a leader does is done by the new one.
    let address = format!("https://{}/validate", replicas[second].address);
    eventually(LONG, "the new leader's address in the configuration", || {
        (world.configuration()?["webhooks"][0]["clientConfig"]["url"] == address.as_str()).then_some(())
    });
}

#[test]
fn who_ends_in_good_order_gives_the_lease_back() {
    let world = World::new("election-ends");
    // So long that nobody would take over by waiting.
    let start = |name| Replica::start(&world, name, &["--lease-duration=600s"]);
    let mut one = start("one");
    eventually(LONG, "the only one leads", || one.leads().then_some(()));
    one.signal(Signal::Term);
    assert!(one.ends_well());
    assert_eq!(world.lease().unwrap()["spec"]["holderIdentity"], "");
    let two = start("two");
    eventually(LONG, "the next one leads", || two.leads().then_some(()));
}

#[test]
fn who_can_not_renew_stops_to_lead() {
    let world = World::new("election-stops");
    let [one, two] = ["one", "two"].map(|name| Replica::start(&world, name, &[]));
    let leads = |replica: &Replica, what: &str| eventually(LONG, what, || replica.leads().then_some(()));
    let replicas = vec![one, two];
    let first = eventually(LONG, "a leader", || leader(&replicas));
    let (paused, other) = (&replicas[first], &replicas[1 - first]);
    paused.signal(Signal::Stop);
    leads(other, "the other leads");
    paused.signal(Signal::Cont);
    // It knows by its own clock that its time is up, before it asks anybody.
    eventually(LONG, "it leads no more", || (!paused.leads()).then_some(()));
    assert!(other.leads());
    assert_eq!(world.lease().unwrap()["spec"]["holderIdentity"], other.name.as_str());
}
