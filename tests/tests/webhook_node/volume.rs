//! Certificates of others, in a Secret that is mounted: the kubelet exchanges the files, and the webhook notices.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use passmuster_tests::controlplane::{Authority, Identity};
use passmuster_tests::eventually;
use serde_json::{Value, json};

use crate::cluster::{
    LONG, SYSTEM, apply, asking, await_calls, await_enforcing, configuration, figure, node, overlay, pods,
    timed,
};

fn secret(authority: &Authority, identity: &Identity) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Secret", "type": "kubernetes.io/tls",
        "metadata": {"name": "passmuster-certificates", "namespace": SYSTEM},
        "stringData": {
            "ca.crt": authority.pem(), "tls.crt": identity.certificate, "tls.key": identity.key,
        },
    })
}

fn bundle(configuration: &Value) -> String {
    let text = configuration["webhooks"][0]["clientConfig"]["caBundle"].as_str().unwrap_or_default();
    String::from_utf8(STANDARD.decode(text).unwrap()).unwrap()
}

#[test]
fn a_mounted_secret_that_changes_is_served_without_a_failed_call() {
    let Some(node) = node() else { return };
    // As the overlay for cert-manager, with somebody else's hand in cert-manager's place.
    let kustomization = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n\
        resources: [MANIFESTS/base]\ncomponents: [MANIFESTS/components/given-certificates]\n\
        patches:\n- target: {kind: Deployment, name: passmuster}\n  patch: |\n    \
        - {op: add, path: /spec/template/spec/containers/0/env/-, value: {name: PASSMUSTER_FAILURE_POLICY, value: Fail}}\n";
    let service = format!("passmuster.{SYSTEM}.svc");
    let sign = |authority: &Authority| authority.server_named(&[&service]).unwrap();
    let first = Authority::new().unwrap();
    apply(&node, &overlay(&node, kustomization));
    node.checked(&["apply", "-f", "-"], &secret(&first, &sign(&first)).to_string()).unwrap();
    await_enforcing(&node);
    await_calls(&node);
    assert_eq!(bundle(&configuration(&node).unwrap()).trim(), first.pem().trim());

    let second = Authority::new().unwrap();
    let (asked, failed) = asking(&node, || {
        node.checked(&["apply", "-f", "-"], &secret(&second, &sign(&second)).to_string()).unwrap();
        timed("the mounted Secret's change is served by every replica", || {
            eventually(LONG, "another certificate of each replica", || {
                let reloads =
                    |pod: &String| figure(&node, pod, "certificate_reloads_total").unwrap_or_default();
                pods(&node).iter().all(|pod| reloads(pod) >= 2.0).then_some(())
            });
        });
    });
    assert_eq!(failed, [""; 0], "of {asked} calls");
    let trusted = bundle(&configuration(&node).unwrap());
    assert!(trusted.contains(second.pem().trim()) && trusted.contains(first.pem().trim()), "{trusted}");
    await_calls(&node);
}
