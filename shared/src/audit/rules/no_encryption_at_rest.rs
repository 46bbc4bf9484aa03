use crate::audit::{
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::ContainerView,
    world::{POD_KINDS, Unknown},
};

rule! {
    /// The API server stores secrets unencrypted.
    ///
    /// ## Why it matters
    ///
    /// Whoever gets at a disk, a snapshot or a backup of etcd reads every secret of the cluster. This can be told only
    /// where the API server runs as a pod; clusters whose control plane is kept by a provider encrypt by a switch of
    /// their own.
    ///
    /// ## Remediation
    ///
    /// Write an `EncryptionConfiguration` with a KMS provider, name it in `--encryption-provider-config` of each API
    /// server, and store all secrets anew with `kubectl get secrets -A -o json | kubectl replace -f -`.
    severity: High,
    category: Secrets,
    admission: Never,
    needs: Status,
    reads: [
        POD, DEPLOYMENT, REPLICA_SET, REPLICATION_CONTROLLER, STATEFUL_SET, DAEMON_SET, JOB, CRON_JOB,
    ],
    references: ["CIS 1.2.27", "CIS 1.2.28", "NSA encryption"],
    check: [Check::Cluster(check)],
    cases: [
        Case::pass(
            "it has a configuration for it",
            "{apiVersion: v1, kind: Pod, metadata: {name: kube-apiserver-n1, namespace: kube-system, annotations: {kubernetes.io/config.mirror: x}}, spec: {nodeName: n1, containers: [{name: kube-apiserver, image: x, command: [kube-apiserver, --secure-port=6443, --encryption-provider-config=/etc/kubernetes/enc.yaml]}]}}",
        ),
        Case::fail(
            "one of two has none",
            "{apiVersion: v1, kind: Pod, metadata: {name: kube-apiserver-n1, namespace: kube-system, annotations: {kubernetes.io/config.mirror: x}}, spec: {nodeName: n1, containers: [{name: kube-apiserver, image: x, command: [/usr/local/bin/kube-apiserver], args: [--encryption-provider-config, /etc/kubernetes/enc.yaml]}]}}\n---\n{apiVersion: v1, kind: Pod, metadata: {name: kube-apiserver-n2, namespace: kube-system, annotations: {kubernetes.io/config.mirror: x}}, spec: {nodeName: n1, containers: [{name: kube-apiserver, image: x, command: [kube-apiserver, --secure-port=6443]}]}}",
            &["Pod/kube-system/kube-apiserver-n2 [kube-apiserver] spec.containers[0].command: --encryption-provider-config is not set"],
        ),
        Case::unknown(
            "the API server is none of the pods",
            "{apiVersion: v1, kind: Pod, metadata: {name: kube-apiserver-exporter, namespace: kube-system}, spec: {containers: [{name: a, image: x, command: [exporter, kube-apiserver]}]}}",
            &[],
            &["? no pod of kube-apiserver is visible: the control plane runs outside of the cluster"],
        ),
    ],
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let mut seen = false;
    for unit in cx.units() {
        for container in unit.containers().filter(is_api_server) {
            seen = true;
            let words = container.command.iter().chain(&container.args);
            let mut flags = words.filter_map(|word| word.strip_prefix("--encryption-provider-config"));
            if !flags.any(|rest| rest.is_empty() || rest.starts_with('=')) {
                let message = "--encryption-provider-config is not set";
                out.about(&unit.owner, container.path("command"), message).container(&container.name);
            }
        }
    }
    if seen {
        return Ok(());
    }
    POD_KINDS.iter().try_for_each(|kind| cx.covered(*kind, "kube-system"))?;
    Err(Unknown(
        "no pod of kube-apiserver is visible: the control plane runs outside of the cluster".to_owned(),
    ))
}

fn is_api_server(container: &ContainerView<'_>) -> bool {
    let program = container.command.first().or_else(|| container.args.first());
    program.is_some_and(|program| program.rsplit('/').next() == Some("kube-apiserver"))
}
