//! After any changes and any faults, the watched graph equals a fresh one.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use passmuster_tests::{
    ControlPlane, Options, Plugin, Proxy,
    plugin::Running,
    proxy::{Fault, Rule},
};

use super::{
    mirror::{Mirror, canonical},
    world::{Random, World},
};

/// Rounds, and changes in each: thousands in all.
const ROUNDS: u64 = 60;
const CHANGES: u64 = 50;

/// A watch, what its lines add up to, and the arguments that a fresh run takes.
struct Watched {
    args: Vec<String>,
    running: Running,
    mirror: Mirror,
}

impl Watched {
    fn start(proxy: &Proxy, args: &[&str]) -> Self {
        let running = Plugin::new("kubectl-graph")
            .kubeconfig(proxy.kubeconfig())
            .args(args)
            .args(["-w", "-o", "json"])
            .spawn();
        let mirror = Mirror::start(&running);
        Self { args: args.iter().map(|arg| (*arg).to_owned()).collect(), running, mirror }
    }

    /// Waits until the lines add up to what a fresh run prints.
    fn equals_fresh(&mut self, plane: &ControlPlane) -> Result<(), String> {
        let deadline = Instant::now() + Duration::from_secs(45);
        loop {
            while self.mirror.step(&self.running, Duration::from_millis(250)) {}
            let fresh = Plugin::new("kubectl-graph").on(plane).args(&self.args).args(["-o", "json"]).run();
            let fresh = canonical(&fresh.success().json());
            let watched = self.mirror.canonical();
            if fresh == watched {
                return Ok(());
            }
            if Instant::now() > deadline {
                return Err(difference(&fresh, &watched));
            }
        }
    }
}

/// What only one of the two has.
fn difference(fresh: &str, watched: &str) -> String {
    let parts = |text: &str| -> BTreeSet<String> { text.split("},").map(str::to_owned).collect() };
    let (fresh, watched) = (parts(fresh), parts(watched));
    let gained = fresh.difference(&watched).map(|part| format!("+ {part}"));
    let lost = watched.difference(&fresh).map(|part| format!("- {part}"));
    gained.chain(lost).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_watched_graph_equals_a_fresh_one_after_any_changes_and_faults() {
    let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_121);
    println!("SEED={seed}");
    let plane = ControlPlane::start(Options::bare()).unwrap();
    let proxy = Proxy::start(&plane);
    let namespaces: Vec<String> = ["left", "right"].map(|name| plane.namespace(name)).to_vec();
    let mut world = World { api: plane.api(), random: Random(seed), namespaces, done: Vec::new() };
    for _ in 0..CHANGES {
        world.change();
    }
    let here = world.namespaces[0].clone();
    let mut all = [Watched::start(&proxy, &["-A"]), Watched::start(&proxy, &["-n", &here])];
    for round in 0..ROUNDS {
        world.done.clear();
        for n in 0..CHANGES {
            if n == CHANGES / 2 {
                fault(&proxy, &mut world.random, round);
            }
            world.change();
        }
        proxy.clear();
        for watched in &mut all {
            if let Err(difference) = watched.equals_fresh(&plane) {
                panic!(
                    "SEED={seed} round {round}: {:?} is not what is there\n{difference}\nafter\n{}\nstderr: {}",
                    watched.args,
                    world.done.join("\n"),
                    watched.running.errors()
                );
            }
        }
    }
}

/// Something goes wrong while the world changes.
fn fault(proxy: &Proxy, random: &mut Random, round: u64) {
    match random.below(6) {
        0 => drop(proxy.drop_watches()),
        1 => drop(proxy.expire_watches()),
        2 => drop(proxy.end_watches()),
        3 => {
            proxy.add(Rule::new(Fault::Gone).query_contains("watch=true").chance(0.5, round));
            proxy.drop_watches();
        }
        4 => {
            proxy.add(Rule::new(Fault::Status(503)).path_contains("/api").first(20));
            proxy.drop_watches();
        }
        _ => {}
    }
}
