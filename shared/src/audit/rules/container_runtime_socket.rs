use crate::audit::{
    case::{Case, deployment, pod},
    context::Context,
    findings::Findings,
    host_paths,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// The socket of the container runtime is mounted.
    ///
    /// ## Why it matters
    ///
    /// Who can write to the socket starts containers past Kubernetes: privileged ones, with the disk of the node
    /// mounted. It is root on the node without any exploit, and no admission or audit log of the cluster sees it. A
    /// read-only mount does not help, since a socket is not written to as a file is.
    ///
    /// ## Remediation
    ///
    /// Remove the volume. Build images with a tool that needs no runtime (BuildKit rootless, Buildah), read metrics
    /// and logs from the kubelet, and give the few node agents that need the socket an exemption with a reason.
    severity: Critical,
    category: Security,
    admission: Deny,
    needs: Object,
    reads: [],
    references: ["CIS 5.2.12", "NSA pod-security"],
    check: [Check::Pods(check)],
    cases: [
        Case::pass(
            "a file of a similar name",
            pod!("containers: [{name: a, image: x}], volumes: [{name: v, hostPath: {path: /data/docker.sock}}]"),
        ),
        Case::fail(
            "by either of its paths, or the directory that it is in",
            deployment!("containers: [{name: a, image: x}], volumes: [{name: one, hostPath: {path: /var/run/docker.sock, type: Socket}}, {name: two, hostPath: {path: /run/containerd}}]"),
            &[
                "Deployment.apps/shop/web spec.template.spec.volumes[0].hostPath.path: volume \"one\" mounts the socket of the container runtime: /var/run/docker.sock",
                "Deployment.apps/shop/web spec.template.spec.volumes[1].hostPath.path: volume \"two\" mounts the socket of the container runtime: /run/containerd",
            ],
        ),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for (index, volume, path) in host_paths::of(pods).filter(|(.., path)| host_paths::is_runtime_socket(path))
    {
        let message = format!("volume {:?} mounts the socket of the container runtime: {path}", volume.name);
        out.fail(pods.path(&format!("volumes[{index}].hostPath.path")), message);
    }
    Ok(())
}
