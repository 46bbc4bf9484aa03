//! Each rule of the catalogue fails exactly when its check does, at the newest version: of pods, and of whatever makes
//! the same pods.

use std::collections::BTreeSet;

use passmuster::audit::{
    Settings, World, find,
    pod_security::{Level, Policy, PolicyVersion, assess},
    run,
};
use serde_json::{Value, json};

use crate::{
    boundaries,
    case::{Case, How, Kind, List},
    combinations::Choices,
    fields::container,
    seed,
};

/// The rule of each check.
const RULES: [(&str, &str); 19] = [
    ("appArmorProfile", "app-armor-disabled"),
    ("capabilities_baseline", "capability-added"),
    ("hostNamespaces", "host-namespace-shared"),
    ("hostPathVolumes", "host-path-volume"),
    ("hostPorts", "host-port"),
    ("hostProbesAndHostLifecycle", "probe-of-another-host"),
    ("privileged", "privileged-container"),
    ("procMount", "unmasked-proc-mount"),
    ("seLinuxOptions", "custom-selinux-options"),
    ("seccompProfile_baseline", "seccomp-unconfined"),
    ("sysctls", "unsafe-sysctl"),
    ("windowsHostProcess", "windows-host-process"),
    ("allowPrivilegeEscalation", "privilege-escalation-allowed"),
    ("capabilities_restricted", "capabilities-not-dropped"),
    ("procMount_restricted", "proc-mount-not-default"),
    ("restrictedVolumes", "restricted-volume-type"),
    ("runAsNonRoot", "run-as-root-allowed"),
    ("runAsUser", "run-as-user-root"),
    ("seccompProfile_restricted", "seccomp-profile-missing"),
];

/// The checks that fail of a pod at any level.
fn checks(pod: &Value) -> BTreeSet<&'static str> {
    let levels = [Level::Baseline, Level::Restricted];
    let policies = levels.map(|level| Policy::new(level, PolicyVersion::Latest));
    let all = policies.into_iter().flat_map(|policy| assess(policy, pod).unwrap().unwrap().violations);
    all.map(|violation| violation.check).collect()
}

/// The checks whose rules fail of an object.
fn rules(object: &Value) -> BTreeSet<&'static str> {
    let api_version = object["apiVersion"].as_str().unwrap();
    let group = api_version.split_once('/').map_or("", |(group, _)| group);
    let mut world = World::of_files();
    world.take_json(group, object["kind"].as_str().unwrap(), object.clone()).unwrap();
    world.coverage.cover_everything();
    let entries: Vec<_> = RULES.iter().map(|(_, rule)| find(rule).unwrap()).collect();
    let outcomes = run(&world, &Settings::default(), &entries, &|_, _| true);
    let failed = |rule: &str| outcomes.rules[rule].failed > 0;
    RULES.iter().filter(|(_, rule)| failed(rule)).map(|(check, _)| *check).collect()
}

#[test]
fn each_rule_fails_exactly_when_its_check_does() {
    let (choices, seed) = (Choices::new(), seed());
    let newest = PolicyVersion::Latest;
    let single = boundaries::cases();
    let single = single.into_iter().filter(|case| case.policy == Policy::new(Level::Baseline, newest));
    // The API server takes no such pod; a file may hold it.
    let unmasked = Case {
        kind: Kind::Pod,
        containers: vec![(List::Main, "a")],
        sets: vec![container("a", "securityContext.procMount", json!("Unmasked"))],
        policy: Policy::new(Level::Baseline, newest),
        how: How::Warn,
    };
    let combined = (0..4000).map(|number| choices.case(seed, number)).chain([unmasked]);
    let (mut count, mut seen) = (0, BTreeSet::new());
    for (number, case) in single.chain(combined).enumerate() {
        let pod = Case { kind: Kind::Pod, ..case.clone() };
        let expected = checks(&pod.object());
        let kinds = [Kind::Pod, Kind::TEMPLATES[number % Kind::TEMPLATES.len()]];
        for kind in kinds {
            let object = Case { kind, ..case.clone() }.object();
            assert_eq!(rules(&object), expected, "seed {seed}: {object}");
            count += 1;
        }
        seen.extend(expected);
    }
    println!("{count} objects, {} checks", seen.len());
    assert_eq!(seen.len(), RULES.len(), "every check fails of some: {seen:?}");
}
