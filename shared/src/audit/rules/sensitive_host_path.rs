use crate::audit::{
    case::{Case, deployment, pod},
    context::Context,
    findings::Findings,
    host_paths,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A directory of the node that gives the node away is mounted.
    ///
    /// ## Why it matters
    ///
    /// `/etc`, `/root` and the kubelet's directory hold keys and the tokens of every pod on the node; `/proc` and
    /// `/sys` reach into other processes and the kernel; `/` is all of it. Reading is enough to become the node, and
    /// from there often the cluster.
    ///
    /// ## Remediation
    ///
    /// Mount the one file that is needed, read-only, or use a volume that is no `hostPath`. Agents that really have to
    /// see the node belong in a namespace of their own, with an exemption that says why.
    severity: High,
    category: Security,
    admission: Deny,
    needs: Object,
    reads: [],
    references: ["CIS 5.2.12", "NSA pod-security"],
    check: [Check::Pods(check)],
    cases: [
        Case::pass(
            "the time zone, public certificates and a device",
            pod!("containers: [{name: a, image: x}], volumes: [{name: tz, hostPath: {path: /etc/localtime}}, {name: ca, hostPath: {path: /etc/ssl/certs}}, {name: tun, hostPath: {path: /dev/net/tun}}]"),
        ),
        Case::pass(
            "a directory of its own",
            pod!("containers: [{name: a, image: x}], volumes: [{name: data, hostPath: {path: /etc-of-mine/data}}]"),
        ),
        Case::pass(
            "the socket of the runtime is for another rule to tell",
            pod!("containers: [{name: a, image: x}], volumes: [{name: one, hostPath: {path: /run/containerd/containerd.sock}}]"),
        ),
        Case::fail(
            "the whole disk, and a part of a sensitive directory",
            deployment!("containers: [{name: a, image: x}], volumes: [{name: root, hostPath: {path: /}}, {name: pki, hostPath: {path: /etc/kubernetes/pki/}}]"),
            &[
                "Deployment.apps/shop/web spec.template.spec.volumes[0].hostPath.path: volume \"root\" mounts / of the node",
                "Deployment.apps/shop/web spec.template.spec.volumes[1].hostPath.path: volume \"pki\" mounts /etc/kubernetes/pki/ of the node",
            ],
        ),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for (index, volume, path) in host_paths::of(pods) {
        if host_paths::is_sensitive(path) && !host_paths::is_runtime_socket(path) {
            let message = format!("volume {:?} mounts {path} of the node", volume.name);
            out.fail(pods.path(&format!("volumes[{index}].hostPath.path")), message);
        }
    }
    Ok(())
}
