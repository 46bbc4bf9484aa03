//! What becomes of requests when what is reserved can't be written: never a denial as if there were no room, and an
//! admission only where a quota is advice.

use std::time::Duration;

use passmuster_tests::{
    Plugin, Proxy, eventually,
    proxy::{Fault, Rule},
};
use serde_json::json;

use crate::{
    replicas::Replicas,
    world::{namespaces, pod, quota, reserved, said, shared, status},
};

/// A replica that reaches the API server by a proxy.
fn behind_a_proxy(project: &str, enforcement: &str) -> (Vec<String>, Proxy, Replicas<'static>) {
    let plane = shared();
    quota(plane, project, &json!({"hard": {"pods": "5"}, "enforcement": enforcement}));
    let names = namespaces(plane, project, 1);
    let proxy = Proxy::start(plane);
    let replicas =
        Replicas::start(plane, &[proxy.kubeconfig()], &["--log", "off,passmuster_webhook::run=info"]);
    replicas.register(project, ("project", project), &["pods"], 3);
    eventually(Duration::from_secs(20), "a quota that is counted", || {
        (!status(plane, project)["used"].is_null()).then_some(())
    });
    (names, proxy, replicas)
}

fn no_ledgers(proxy: &Proxy, fault: Fault) {
    for method in ["PUT", "POST", "GET"] {
        proxy.add(Rule::new(fault).method(method).path_contains("quotaledgers"));
    }
}

#[test]
fn enforced_the_call_fails_and_the_policy_for_failures_decides() {
    let plane = shared();
    let (names, proxy, _replicas) = behind_a_proxy("unwritten", "enforce");
    let collection = format!("/api/v1/namespaces/{}/pods", names[0]);
    let create = |name: &str| plane.api().create(&collection, &pod(&names[0], name, "1m"));
    create("before").unwrap();
    for fault in [Fault::Status(503), Fault::Stall] {
        no_ledgers(&proxy, fault);
        let message = said(&create("meanwhile"));
        assert!(message.contains("failed calling webhook"), "{fault:?}: {message}");
        assert!(!message.contains("exceeded quota"), "{fault:?}: {message}");
        proxy.clear();
    }
    eventually(Duration::from_secs(20), "reservations again", || create("after").ok());
    eventually(Duration::from_secs(20), "they are confirmed", || {
        reserved(plane, "unwritten").is_empty().then_some(())
    });
}

#[test]
fn as_advice_it_is_admitted_with_a_warning() {
    let plane = shared();
    let (names, proxy, _replicas) = behind_a_proxy("unadvised", "advisory");
    no_ledgers(&proxy, Fault::Status(503));
    let object = pod(&names[0], "p", "1m").to_string();
    let run = Plugin::through_kubectl("create").on(plane).args(["-f", "-"]).stdin(object).run().success();
    assert!(
        run.stderr.contains("Warning: status unknown for quota: ProjectQuota/unadvised, resources: pods"),
        "{run}"
    );
}
