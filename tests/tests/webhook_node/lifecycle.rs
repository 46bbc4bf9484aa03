//! From nothing to enforcing, through losses, and away again.

use passmuster_tests::eventually;
use serde_json::json;

use crate::cluster::{
    LONG, SYSTEM, apply, ask, asking, await_calls, await_enforcing, configuration, figure, get, manifests,
    node, pods, telemetry, timed,
};

#[test]
fn it_installs_heals_and_goes() {
    let Some(node) = node() else { return };
    timed("from nothing to enforcing", || {
        apply(&node, &manifests("overlays/self-signed"));
        await_enforcing(&node);
    });
    await_calls(&node);
    let replicas = pods(&node);
    assert_eq!(replicas.len(), 2);

    // What Pod Security promises, as it runs.
    let running = get(&node, &["pods", "-n", SYSTEM]).unwrap();
    for pod in running["items"].as_array().unwrap() {
        let (of_pod, own) =
            (&pod["spec"]["securityContext"], &pod["spec"]["containers"][0]["securityContext"]);
        assert_eq!(of_pod["runAsUser"], 65_532);
        assert_eq!(own["readOnlyRootFilesystem"], true);
        assert_eq!(own["capabilities"]["drop"], json!(["ALL"]));
        assert_eq!(pod["status"]["containerStatuses"][0]["restartCount"], 0);
    }
    for pod in &replicas {
        assert_eq!(telemetry(&node, pod, "/readyz").unwrap(), "ok");
        eventually(LONG, "the figure of trust", || {
            (figure(&node, pod, "certificate_trusted") == Some(1.0)).then_some(())
        });
    }
    let owner = &configuration(&node).unwrap()["metadata"]["ownerReferences"][0];
    assert_eq!((owner["kind"].as_str(), owner["name"].as_str()), (Some("Namespace"), Some(SYSTEM)));

    // One replica goes: another takes over, and no call fails, though they would be seen to fail.
    let fail = json!([{"op": "add", "path": "/spec/template/spec/containers/0/env/-",
        "value": {"name": "PASSMUSTER_FAILURE_POLICY", "value": "Fail"}}]);
    let patch = ["patch", "deployment", "passmuster", "-n", SYSTEM, "--type=json", "-p", &fail.to_string()];
    node.kubectl(&patch);
    await_enforcing(&node);
    eventually(LONG, "failurePolicy Fail", || {
        (configuration(&node)?["webhooks"][0]["failurePolicy"] == "Fail").then_some(())
    });
    let (asked, failed) = asking(&node, || {
        timed("a replica is deleted and replaced", || {
            let gone = pods(&node).remove(0);
            node.kubectl(&["delete", "pod", &gone, "-n", SYSTEM]);
            await_enforcing(&node);
        });
        timed("all replicas are replaced by a rollout", || {
            node.kubectl(&["rollout", "restart", "deployment/passmuster", "-n", SYSTEM]);
            await_enforcing(&node);
        });
    });
    assert_eq!(failed, [""; 0], "of {asked} calls");
    assert!(asked > 10, "only {asked} calls were made");

    // All replicas go: with Fail what is judged waits for them, what is not goes on, and they come back by themselves.
    node.kubectl(&["delete", "pods", "-n", SYSTEM, "--all", "--grace-period=0", "--force"]);
    node.kubectl(&["create", "configmap", "meanwhile", "--from-literal=a=b"]);
    timed("all replicas at once are replaced", || {
        await_enforcing(&node);
        eventually(LONG, "calls that succeed", || ask(&node).ok());
    });
    await_calls(&node);

    // The Secret and the configuration come back.
    let secret = get(&node, &["secret", "passmuster-certificates", "-n", SYSTEM]).unwrap();
    let (_, failed) = asking(&node, || {
        node.kubectl(&["delete", "secret", "passmuster-certificates", "-n", SYSTEM]);
        let again = timed("the Secret is made again", || {
            eventually(LONG, "another Secret", || {
                get(&node, &["secret", "passmuster-certificates", "-n", SYSTEM])
            })
        });
        assert_ne!(again["data"]["tls.crt"], secret["data"]["tls.crt"]);
        timed("every replica serves what is in it", || {
            eventually(LONG, "another certificate of each replica", || {
                let reloads =
                    |pod: &String| figure(&node, pod, "certificate_reloads_total").unwrap_or_default();
                pods(&node).iter().all(|pod| reloads(pod) >= 2.0).then_some(())
            });
        });
    });
    assert_eq!(failed, [""; 0]);
    let before = configuration(&node).unwrap();
    node.kubectl(&["delete", "validatingwebhookconfiguration", "passmuster"]);
    timed("the configuration is made again", || {
        let again = eventually(LONG, "another configuration", || configuration(&node));
        assert_eq!(again["webhooks"], before["webhooks"]);
    });
    await_calls(&node);

    // Away: nothing is left that would call.
    timed("kubectl delete -k", || {
        node.kubectl(&["delete", "-k", &manifests("overlays/self-signed").display().to_string()]);
    });
    eventually(LONG, "the end of the configuration", || configuration(&node).is_none().then_some(()));
    ask(&node).unwrap();
    assert_eq!(get(&node, &["namespace", SYSTEM]), None);
    for kind in ["clusterrole", "clusterrolebinding"] {
        assert_eq!(get(&node, &[kind, "passmuster"]), None);
    }
    assert_eq!(node.kubectl(&["get", "customresourcedefinitions", "-o", "name"]), "");

    // And again, as if nothing had been.
    timed("from nothing to enforcing, once more", || {
        apply(&node, &manifests("overlays/self-signed"));
        await_enforcing(&node);
    });
    await_calls(&node);
    node.kubectl(&["scale", "deployment/passmuster", "-n", SYSTEM, "--replicas=0"]);
    eventually(LONG, "no configuration without replicas", || configuration(&node).is_none().then_some(()));
}
