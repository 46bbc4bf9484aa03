//! The examples are good: a real API server takes them as they are, and they run.

use std::path::Path;
use std::time::Duration;

use passmuster_tests::{ControlPlane, eventually};

#[test]
fn the_shop_opens() {
    let plane = ControlPlane::shared();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../manifests/examples");
    // `apply` sends `fieldValidation=Strict`: an unknown field would be an error.
    plane.kubectl(&["apply", "-R", "-f", &examples.to_string_lossy()]);
    eventually(Duration::from_secs(60), "the shop's pods run and its disks are bound", || {
        let pods = plane.kubectl(&["get", "pods", "-n", "shop", "-o", "jsonpath={.items[*].status.phase}"]);
        let disks = plane.kubectl(&["get", "pvc", "-n", "shop", "-o", "jsonpath={.items[*].status.phase}"]);
        (pods == "Running Running Running Running" && disks == "Bound Bound").then_some(())
    });
}
