//! Any interleaving of requests, writes, views and crashes: no more is stored than the projects allow, and in the end
//! nothing is reserved.

mod replica;
mod world;

use proptest::prelude::*;

use world::{Step, World};

fn step() -> impl Strategy<Value = Step> {
    let replica = || 0..world::REPLICAS;
    let place = || (0..world::NAMESPACES.len(), 0_usize..4);
    prop_oneof![
        8 => (replica(), place(), 1_u8..4).prop_map(|(replica, place, size)| Step::Ask { replica, place, size }),
        6 => any::<prop::sample::Index>().prop_map(Step::Store),
        1 => any::<prop::sample::Index>().prop_map(Step::Fail),
        3 => place().prop_map(Step::Delete),
        1 => place().prop_map(Step::Shrink),
        6 => (replica(), 1_usize..6).prop_map(|(replica, events)| Step::Deliver { replica, events }),
        1 => replica().prop_map(Step::Relist),
        1 => replica().prop_map(Step::Crash),
        3 => replica().prop_map(Step::Tidy),
        2 => (1_i64..90).prop_map(Step::Pass),
        1 => replica().prop_map(Step::Expire),
        1 => (0_usize..2, 2_u8..7).prop_map(|(project, hard)| Step::Limit { project, hard }),
        2 => replica().prop_map(Step::SeeQuotas),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, max_shrink_iters: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn never_too_much_and_nothing_left_over(steps in prop::collection::vec(step(), 1..120)) {
        let mut world = World::new();
        for step in &steps {
            world.run(step);
            prop_assert_eq!(world.over(), None, "after {:?}", step);
        }
        world.settle();
        prop_assert_eq!(world.over(), None);
        prop_assert_eq!(world.left_over(), Vec::<String>::new());
    }
}

/// The simulation itself must be able to fail: a replica that decides whatever it has seen lets too much in.
#[test]
fn without_floors_too_much_is_found() {
    let strategy = prop::collection::vec(step(), 1..120);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 2_000,
        failure_persistence: None,
        max_shrink_iters: 0,
        ..ProptestConfig::default()
    });
    let found = runner.run(&strategy, |steps| {
        let mut world = World::new();
        world.heedless = true;
        for step in &steps {
            world.run(step);
            prop_assert_eq!(world.over(), None);
        }
        Ok(())
    });
    assert!(found.is_err(), "the floors make no difference to this simulation");
}
