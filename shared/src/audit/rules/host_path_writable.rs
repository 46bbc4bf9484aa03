use crate::audit::{
    case::{Case, deployment, pod},
    context::Context,
    findings::Findings,
    host_paths,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A directory of the node is mounted so that it can be written to.
    ///
    /// ## Why it matters
    ///
    /// What a container writes to the node stays after the pod is gone, is seen by whatever else reads it there, and
    /// can be a program that the node runs. It also fills a disk that no limit of the pod counts.
    ///
    /// ## Remediation
    ///
    /// Set `readOnly: true` on the volume mount, or use a persistent volume or an `emptyDir` in place of the
    /// `hostPath`.
    severity: High,
    category: Security,
    admission: Deny,
    needs: Object,
    reads: [],
    references: ["CIS 5.2.12", "NSA pod-security"],
    check: [Check::Pods(check)],
    cases: [
        Case::pass(
            "read-only, or not mounted at all",
            pod!("containers: [{name: a, image: x, volumeMounts: [{name: v, mountPath: /v, readOnly: true}]}], volumes: [{name: v, hostPath: {path: /data}}, {name: unused, hostPath: {path: /data}}]"),
        ),
        Case::pass(
            "another volume of the pod is written to",
            pod!("containers: [{name: a, image: x, volumeMounts: [{name: tmp, mountPath: /tmp}]}], volumes: [{name: v, hostPath: {path: /data}}, {name: tmp, emptyDir: {}}]"),
        ),
        Case::pass(
            "a socket and a device are not written to as files are",
            pod!("containers: [{name: a, image: x, volumeMounts: [{name: s, mountPath: /s}, {name: d, mountPath: /d}]}], volumes: [{name: s, hostPath: {path: /data/s, type: Socket}}, {name: d, hostPath: {path: /dev/fuse, type: CharDevice}}]"),
        ),
        Case::fail(
            "in one of two containers, and in an init container",
            deployment!("initContainers: [{name: i, image: x, volumeMounts: [{name: v, mountPath: /v}]}], containers: [{name: a, image: x, volumeMounts: [{name: v, mountPath: /v, readOnly: true}]}, {name: b, image: x, volumeMounts: [{name: v, mountPath: /w, subPath: sub}]}], volumes: [{name: v, hostPath: {path: /data}}]"),
            &[
                "Deployment.apps/shop/web [b] spec.template.spec.containers[1].volumeMounts[0].readOnly: /data of the node is mounted writable at /w",
                "Deployment.apps/shop/web [i] spec.template.spec.initContainers[0].volumeMounts[0].readOnly: /data of the node is mounted writable at /v",
            ],
        ),
    ],
}

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for (_, volume, path) in host_paths::of(pods) {
        let kind = volume.source.host_path.as_ref().and_then(|it| it.r#type.as_deref()).unwrap_or_default();
        if matches!(kind, "Socket" | "CharDevice" | "BlockDevice") {
            continue;
        }
        for container in pods.containers() {
            for (index, mount) in container.volume_mounts.iter().enumerate() {
                if mount.name == volume.name && !mount.read_only {
                    let message = format!("{path} of the node is mounted writable at {}", mount.mount_path);
                    out.fail_in(&container, &format!("volumeMounts[{index}].readOnly"), message);
                }
            }
        }
    }
    Ok(())
}
