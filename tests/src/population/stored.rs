//! Pods that are stored and nothing more: no node runs them.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde_json::{Value, json};

use crate::ControlPlane;

/// Clients that create pods at the same time.
const PARALLEL: usize = 8;

/// Stores pods of these numbers, 200 to a namespace, which is made where its first pod is among them.
///
/// # Panics
/// When the API server refuses one.
pub fn store(plane: &ControlPlane, numbers: Range<usize>) {
    let next = AtomicUsize::new(numbers.start);
    for namespace in numbers.start.div_ceil(200)..numbers.end.div_ceil(200) {
        let namespace = json!({"metadata": {"name": format!("team-{namespace:03}")}});
        plane.api().create("/api/v1/namespaces", &namespace).unwrap_or_else(|error| panic!("{error}"));
    }
    thread::scope(|scope| {
        for _ in 0..PARALLEL {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= numbers.end {
                        return;
                    }
                    let path = format!("/api/v1/namespaces/team-{:03}/pods", number / 200);
                    plane.api().create(&path, &pod(number)).unwrap_or_else(|error| panic!("{error}"));
                }
            });
        }
    });
}

fn pod(number: usize) -> Value {
    let resources = json!({"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "256Mi"}});
    let containers = json!([{"name": "main", "image": "registry.example/app:1.0", "resources": resources}]);
    let labels = json!({"app": format!("app-{:02}", number % 10), "tier": "web"});
    json!({"metadata": {"name": format!("pod-{number}"), "labels": labels}, "spec": {"containers": containers}})
}
