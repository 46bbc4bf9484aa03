//! Pods and templates of several containers with many fields at once.

use passmuster_tests::population::Random;

use crate::{
    case::{Case, How, Kind, List, On, Set},
    fields::{self, Alternatives, container, hardened, spec},
    namespaces, random, volumes,
};

/// What can be set, made once.
pub(crate) struct Choices {
    pod: Alternatives,
    containers: Vec<(&'static str, Alternatives, Alternatives)>,
    volumes: Vec<serde_json::Value>,
}

/// Names that do not sort as they stand.
const MAIN: [&str; 3] = ["web", "api", "db-1"];
const INIT: [&str; 2] = ["setup", "proxy"];

impl Choices {
    pub(crate) fn new() -> Self {
        let names = MAIN.into_iter().chain(INIT);
        let containers =
            names.map(|name| (name, fields::of_container(name), fields::handlers(name))).collect();
        Self { pod: fields::of_pod(), containers, volumes: volumes::sources() }
    }

    /// The case of this number.
    pub(crate) fn case(&self, seed: u64, number: usize) -> Case {
        let random = &mut random(seed, number);
        let policy = namespaces::any(random);
        let how = if random.percent(25) { How::Enforce } else { How::Warn };
        let kind = if how == How::Enforce || random.percent(70) {
            Kind::Pod
        } else {
            Kind::TEMPLATES[random.range(0, Kind::TEMPLATES.len())]
        };
        let mut containers: Vec<_> =
            MAIN[..random.range(1, 4)].iter().map(|name| (List::Main, *name)).collect();
        containers.extend(INIT[..random.range(0, 3)].iter().map(|name| (List::Init, *name)));
        let mut sets = Vec::new();
        if random.percent(8) {
            let of_windows = fields::of_windows(MAIN[0]);
            sets.extend(of_windows[random.range(0, of_windows.len())].clone());
            return Case { kind, containers, sets, policy, how };
        }
        // Pods that nearly pass say more than pods with everything wrong.
        let care = random.range(40, 101);
        if random.percent(30) {
            sets.push(spec("securityContext.runAsNonRoot", serde_json::json!(true)));
            sets.push(spec("securityContext.seccompProfile", serde_json::json!({"type": "RuntimeDefault"})));
        }
        for (_, name) in &containers {
            sets.extend(hardened(name).into_iter().filter(|_| random.percent(care)));
        }
        let runs_on = |name: &str, sidecar: bool| MAIN.contains(&name) || sidecar;
        for (list, name) in &containers {
            let sidecar = *list == List::Init && random.percent(50);
            if sidecar {
                sets.push(container(name, "restartPolicy", serde_json::json!("Always")));
            }
            let Some((_, own, handlers)) = self.containers.iter().find(|(other, ..)| other == name) else {
                continue;
            };
            for _ in 0..random.range(0, 3) {
                take(random, own, &mut sets);
            }
            if runs_on(name, sidecar) && random.percent(25) {
                take(random, handlers, &mut sets);
            }
        }
        for _ in 0..random.range(0, 4) {
            take(random, &self.pod, &mut sets);
        }
        for at in 0..random.range(0, 7).saturating_sub(3) {
            let source = &self.volumes[random.range(0, self.volumes.len())];
            sets.push(spec("volumes[]", volumes::volume(&format!("v{}", 9 - at), source)));
        }
        make_valid(&mut sets);
        Case { kind, containers, sets, policy, how }
    }
}

fn take(random: &mut Random, all: &Alternatives, sets: &mut Vec<Set>) {
    sets.extend(all[random.range(0, all.len())].iter().cloned());
}

/// Leaves out what the API server would not take together with the rest.
fn make_valid(sets: &mut Vec<Set>) {
    let says = |sets: &[Set], path: &str, value: bool| {
        sets.iter()
            .rev()
            .find(|set| set.on == On::Spec && set.path == path)
            .is_some_and(|set| set.value == value)
    };
    if says(sets, "hostUsers", false) {
        let shares = ["hostNetwork", "hostPID", "hostIPC"];
        sets.retain(|set| set.on != On::Spec || !shares.contains(&set.path.as_str()));
    } else {
        sets.retain(|set| set.value != "Unmasked");
    }
    let (network, ipc) = (says(sets, "hostNetwork", true), says(sets, "hostIPC", true));
    let mut sysctls = std::collections::BTreeSet::new();
    sets.retain(|set| {
        if set.path == "securityContext.sysctls[]" {
            let name = set.value["name"].as_str().unwrap_or_default().replace('/', ".");
            let shared = (network && name.starts_with("net.")) || (ipc && name.starts_with("kernel."));
            return !shared && sysctls.insert(name);
        }
        !(network && set.path == "ports[]" && set.value["containerPort"] == 9000)
    });
    // A privileged container, and one with all capabilities, can't be kept from gaining privileges.
    let gaining: Vec<On> = sets
        .iter()
        .filter(|set| set.path == "securityContext.privileged" && set.value == true)
        .map(|set| set.on.clone())
        .collect();
    sets.retain(|set| {
        let held = set.path == "securityContext.allowPrivilegeEscalation" && set.value == false;
        !(held && gaining.contains(&set.on))
    });
}
