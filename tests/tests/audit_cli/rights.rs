//! Who may read less: what can't be known is not evaluated, never a pass, and never a better score.

use passmuster_tests::{ControlPlane, Plugin, controlplane::Rule};
use serde_json::{Value, json};

fn world(plane: &ControlPlane) -> String {
    let namespace = plane.namespace("rights");
    let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "bad", "namespace": namespace},
        "spec": {"containers": [{"name": "main", "image": "x", "securityContext": {"privileged": true},
            "envFrom": [{"secretRef": {"name": "gone"}}]}]}});
    plane.create(&pod).unwrap();
    namespace
}

#[test]
fn less_permission_never_raises_the_score() {
    let plane = ControlPlane::shared();
    let namespace = world(plane);
    let args = ["-n", &namespace, "-o", "json"];
    let whole = Plugin::new("kubectl-audit").on(plane).args(args).run().success().json();
    let everything = ["pods", "services", "serviceaccounts", "persistentvolumeclaims", "configmaps"];
    for kinds in [&everything[..], &everything[..1], &[]] {
        let rules: Vec<Rule> =
            if kinds.is_empty() { Vec::new() } else { vec![Rule::new("get,list", &kinds.join(","))] };
        let user = plane.restricted_kubeconfig(&namespace, &rules).unwrap();
        let run = Plugin::new("kubectl-audit").kubeconfig(&user).args(args).run().success();
        let report = run.json();
        assert!(report["score"].as_f64() <= whole["score"].as_f64(), "{kinds:?}: {report}");
        assert!(report["summary"]["notEvaluated"].as_u64().unwrap() > 0, "{report}");
        assert!(run.stderr.starts_with("warning: not everything could be read: Forbidden: "), "{run}");
        Plugin::new("kubectl-audit").kubeconfig(&user).args(args).arg("--strict").run().exits(4);
        let passes = |report: &Value| report["summary"]["passed"].as_u64().unwrap();
        assert!(passes(&report) <= passes(&whole));
    }
}
