//! The day that everything is asked of.

use crate::world::{DAY, Range2, State, Use, World, flat};

const WHOLE: Range2 = (0, DAY);

/// A day with a rollout, an autoscaler, a CronJob, StatefulSets of one name in two namespaces, and pods whose own
/// series are missing.
pub(crate) fn day(state: State) -> World {
    let mut world = World::new(state);
    for node in ["node-0000", "node-0001", "node-0002"] {
        world.node(node);
    }
    rollout(&mut world);
    autoscaler(&mut world);
    cron_job(&mut world);
    stateful_sets(&mut world);
    split(&mut world);
    pair(&mut world);
    world.pod("shop", "alone", WHOLE, flat(10), flat(8));
    world
}

/// Two pods until noon, two others from noon on, and a surge between.
fn rollout(world: &mut World) {
    let (old, new) = ("web-5d8f9c7b6d", "web-6c7d8b9f5d");
    for (set, suffix, life, cpu, memory) in [
        (old, "b2c4d", (0, 725), 400, 100),
        (old, "f5g6h", (0, 722), 300, 120),
        (new, "j7k8l", (715, DAY), 500, 90),
        (new, "m9n2p", (718, DAY), 200, 130),
    ] {
        let pod = format!("{set}-{suffix}");
        let spike = [((life.0 + 30, life.0 + 60), cpu)];
        let grown = [((life.0 + 100, life.0 + 101), memory)];
        world.pod("shop", &pod, life, Use { base: 100, spikes: &spike }, Use { base: 50, spikes: &grown });
        world.owned("shop", &pod, life, "ReplicaSet", set);
    }
    for set in [old, new] {
        world.above("shop", ("ReplicaSet", set), WHOLE, ("Deployment", "web"));
        let replicas = move |minute| if (set == old) == (minute < 720) { 2 } else { 0 };
        world.state(
            "kube_replicaset_spec_replicas",
            &[("namespace", "shop"), ("replicaset", set)],
            WHOLE,
            replicas,
        );
    }
    world.state(
        "kube_deployment_spec_replicas",
        &[("namespace", "shop"), ("deployment", "web")],
        WHOLE,
        |_| 2,
    );
}

/// One pod, three from minute 300 to 400 and from 800 to 900: five pods, never more than three.
fn autoscaler(world: &mut World) {
    let set = "api-7b9c6d5f48";
    for (suffix, life, cpu, memory) in [
        ("q2r4s", WHOLE, 250, 64),
        ("t5v6w", (300, 400), 700, 80),
        ("x7z8b", (300, 400), 650, 81),
        ("c9d2f", (800, 900), 600, 82),
        ("g4h5j", (800, 900), 710, 83),
    ] {
        let pod = format!("{set}-{suffix}");
        let spike = [((life.0 + 20, life.0 + 25), cpu)];
        world.pod("shop", &pod, life, Use { base: 50, spikes: &spike }, flat(memory));
        world.owned("shop", &pod, life, "ReplicaSet", set);
    }
    let busy = |minute| if (300..400).contains(&minute) || (800..900).contains(&minute) { 3 } else { 1 };
    world.above("shop", ("ReplicaSet", set), WHOLE, ("Deployment", "api"));
    world.state(
        "kube_deployment_spec_replicas",
        &[("namespace", "shop"), ("deployment", "api")],
        WHOLE,
        busy,
    );
}

/// A run every hour, twenty minutes long, each a little greedier than the one before.
fn cron_job(world: &mut World) {
    for hour in 0..24_i64 {
        let job = format!("backup-{}", 28_333_200 + hour * 60);
        let (pod, life) = (
            format!("{job}-k{}", ["b2c4", "d5f6"][usize::from(hour % 2 == 1)]),
            (hour * 60 + 2, hour * 60 + 22),
        );
        let more = hour.unsigned_abs();
        world.pod("shop", &pod, life, flat(100 + more), flat(50 + more));
        world.owned("shop", &pod, life, "Job", &job);
        world.above("shop", ("Job", &job), (life.0, DAY), ("CronJob", "backup"));
        let labels = [("namespace", "shop"), ("job_name", job.as_str())];
        world.state("kube_job_spec_parallelism", &labels, (life.0, DAY), |_| 1);
    }
    let active = |minute: i64| u64::from((2..22).contains(&(minute % 60)));
    world.state("kube_cronjob_status_active", &[("namespace", "shop"), ("cronjob", "backup")], WHOLE, active);
}

/// `redis-0` in two namespaces; in one it was made anew at noon.
fn stateful_sets(world: &mut World) {
    for (namespace, pod, life, cpu, memory) in [
        ("shop", "redis-0", (0, 700), 300, 256),
        ("shop", "redis-0", (703, DAY), 320, 250),
        ("shop", "redis-1", WHOLE, 350, 300),
        ("stage", "redis-0", WHOLE, 50, 32),
    ] {
        world.pod(namespace, pod, life, flat(cpu), flat(memory));
    }
    for (namespace, pods) in [("shop", 2), ("stage", 1)] {
        for pod in 0..pods {
            world.owned(namespace, &format!("redis-{pod}"), WHOLE, "StatefulSet", "redis");
        }
        let labels = [("namespace", namespace), ("statefulset", "redis")];
        world.state("kube_statefulset_replicas", &labels, WHOLE, move |_| pods);
    }
}

/// Two containers that are busy at different times, and no series of the pod's own.
fn split(world: &mut World) {
    let (early, late) = ([((100, 200), 400)], [((600, 700), 300)]);
    let (early_bytes, late_bytes) = ([((100, 200), 200)], [((600, 700), 150)]);
    let containers = [
        ("one", Use { base: 100, spikes: &early[..] }, Use { base: 100, spikes: &early_bytes[..] }),
        ("two", Use { base: 100, spikes: &late[..] }, Use { base: 50, spikes: &late_bytes[..] }),
    ];
    world.containers("split", "duo-x2k4z", WHOLE, &containers);
    world.owned("split", "duo-x2k4z", WHOLE, "DaemonSet", "duo");
    let labels = [("namespace", "split"), ("daemonset", "duo")];
    world.state("kube_daemonset_status_desired_number_scheduled", &labels, WHOLE, |_| 1);
}

/// Two pods that are busy at different times.
fn pair(world: &mut World) {
    let (early, late) = ([((100, 200), 600)], [((300, 400), 500)]);
    let (early_bytes, late_bytes) = ([((100, 200), 64)], [((150, 160), 100)]);
    world.pod("pair", "a", WHOLE, Use { base: 100, spikes: &early }, Use { base: 32, spikes: &early_bytes });
    world.pod("pair", "b", WHOLE, Use { base: 50, spikes: &late }, Use { base: 16, spikes: &late_bytes });
}
