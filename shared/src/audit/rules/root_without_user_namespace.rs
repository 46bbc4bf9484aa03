use crate::audit::{
    KubernetesVersion,
    case::{Case, deployment, pod},
    context::Context,
    effective::{self, Setting},
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

/// Since then user namespaces are on unless somebody switched them off.
const ON_BY_DEFAULT: KubernetesVersion = KubernetesVersion::of(33);

rule! {
    /// Pods that run as root, or with more rights than usual, could have a user namespace of their own.
    ///
    /// ## Why it matters
    ///
    /// In a user namespace root is root of the pod alone: its id and its capabilities mean nothing on the node, so
    /// that who leaves the container is nobody there. It is the cheapest answer to a program that can't do without
    /// root.
    ///
    /// ## Remediation
    ///
    /// Set `hostUsers: false`, and see that the volumes of the pod can map ids (most local filesystems can, NFS can
    /// not).
    severity: Info,
    category: Security,
    admission: Never,
    needs: Object,
    reads: [],
    references: ["https://kubernetes.io/docs/concepts/workloads/pods/user-namespaces/"],
    check: [Check::Pods(check)],
    cases: [
        Case::pass(
            "it has one",
            pod!("hostUsers: false, containers: [{name: a, image: x, securityContext: {runAsUser: 0}}]"),
        ),
        Case::pass("no root", pod!("containers: [{name: a, image: x, securityContext: {runAsUser: 1000}}]")),
        Case::pass(
            "a namespace of the host rules it out",
            pod!("hostNetwork: true, containers: [{name: a, image: x, securityContext: {runAsUser: 0}}]"),
        ),
        Case::fail(
            "root, and a capability that was added",
            deployment!("securityContext: {runAsUser: 0}, containers: [{name: a, image: x, securityContext: {runAsUser: 1000}}, {name: b, image: x}, {name: c, image: x, securityContext: {capabilities: {add: [SYS_TIME]}}}]"),
            &["Deployment.apps/shop/web spec.template.spec.hostUsers: containers b, c run with more rights than they have on the node with a user namespace"],
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let spec = pods.spec;
    let of_host = spec.host_network || spec.host_pid || spec.host_ipc;
    if spec.host_users == Some(false)
        || of_host
        || effective::is_windows(pods)
        || cx.version() < ON_BY_DEFAULT
    {
        return Ok(());
    }
    let mut names = String::new();
    for container in pods.containers() {
        let is_root = matches!(effective::user(pods, &container), Setting::Own(0) | Setting::Pod(0));
        if is_root || effective::is_privileged(&container) || effective::added(&container).next().is_some() {
            if !names.is_empty() {
                names.push_str(", ");
            }
            names.push_str(&container.name);
        }
    }
    if !names.is_empty() {
        let message = format!(
            "containers {names} run with more rights than they have on the node with a user namespace"
        );
        out.fail(pods.path("hostUsers"), message);
    }
    Ok(())
}
