//! Every value of every field by itself, on a pod that passes everything and on one that says nothing, at every level
//! and at every version at which anything changes.

use passmuster::audit::pod_security::{Level, Policy};

use crate::{
    case::{Case, How, Kind, List, Set},
    fields::{self, Alternatives, hardened, spec},
    namespaces::turns,
    volumes,
};

/// Where a field is tried.
struct Place {
    containers: Vec<(List, &'static str)>,
    base: Vec<Set>,
    alternatives: Alternatives,
}

fn places() -> Vec<Place> {
    use List::{Init, Main};
    let main = vec![(Main, "a")];
    let hard = hardened("a");
    let volumes = volumes::sources();
    let volumes =
        volumes.iter().map(|source| vec![spec("volumes[]", volumes::volume("v", source))]).collect();
    let sidecar = fields::container("i", "restartPolicy", serde_json::json!("Always"));
    let with_sidecar: Vec<Set> = hard.iter().cloned().chain(hardened("i")).chain([sidecar]).collect();
    let init_too: Vec<Set> = hard.iter().cloned().chain(hardened("i")).collect();
    let both = vec![(Init, "i"), (Main, "a")];
    vec![
        Place { containers: main.clone(), base: Vec::new(), alternatives: vec![Vec::new()] },
        Place { containers: main.clone(), base: hard.clone(), alternatives: fields::of_container("a") },
        Place { containers: main.clone(), base: Vec::new(), alternatives: fields::of_container("a") },
        Place { containers: main.clone(), base: hard.clone(), alternatives: fields::of_pod() },
        Place { containers: main.clone(), base: Vec::new(), alternatives: fields::of_pod() },
        Place { containers: main.clone(), base: hard.clone(), alternatives: fields::handlers("a") },
        Place { containers: main.clone(), base: hard, alternatives: volumes },
        Place { containers: main, base: Vec::new(), alternatives: fields::of_windows("a") },
        Place { containers: both.clone(), base: init_too, alternatives: fields::of_container("i") },
        Place { containers: both, base: with_sidecar, alternatives: fields::handlers("i") },
    ]
}

/// All of them.
pub(crate) fn cases() -> Vec<Case> {
    let mut all = Vec::new();
    for place in places() {
        for alternative in &place.alternatives {
            let sets: Vec<Set> = place.base.iter().chain(alternative).cloned().collect();
            for version in turns() {
                for level in [Level::Baseline, Level::Restricted] {
                    all.push(Case {
                        kind: Kind::Pod,
                        containers: place.containers.clone(),
                        sets: sets.clone(),
                        policy: Policy::new(level, version),
                        how: How::Warn,
                    });
                }
            }
        }
    }
    all
}
