use crate::audit::{
    KubernetesVersion,
    case::{Case, deployment, pod},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

const SECCOMP_POD: &str = "seccomp.security.alpha.kubernetes.io/pod";
const SECCOMP_CONTAINER: &str = "container.seccomp.security.alpha.kubernetes.io/";
const APPARMOR: &str = "container.apparmor.security.beta.kubernetes.io/";
/// Since then nobody reads the annotations of seccomp.
const WITHOUT_SECCOMP: KubernetesVersion = KubernetesVersion::of(27);

rule! {
    /// An annotation asks for a seccomp or AppArmor profile that nobody applies.
    ///
    /// ## Why it matters
    ///
    /// The pods look confined and are not: since Kubernetes 1.27 the annotations of seccomp are not read any more,
    /// and that of AppArmor does nothing when it names a container that is not there.
    ///
    /// ## Remediation
    ///
    /// Set `securityContext.seccompProfile` or `securityContext.appArmorProfile`, and remove the annotation.
    severity: Low,
    category: Security,
    admission: Warn,
    needs: Object,
    reads: [],
    references: ["CIS 5.7.2"],
    check: [Check::Pods(check)],
    cases: [
        Case::pass(
            "the fields that replaced them",
            pod!("securityContext: {seccompProfile: {type: RuntimeDefault}, appArmorProfile: {type: RuntimeDefault}}, containers: [{name: a, image: x}]"),
        ),
        Case::pass(
            "AppArmor's annotation still becomes the field",
            "{apiVersion: batch/v1, kind: Job, metadata: {name: j, namespace: shop}, spec: {template: {metadata: {annotations: {container.apparmor.security.beta.kubernetes.io/a: runtime/default}}, spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}",
        ),
        Case::pass(
            "on the deployment, where it never meant anything",
            concat!(
                "{apiVersion: apps/v1, kind: Deployment, metadata: {name: w, namespace: shop, annotations: {seccomp.security.alpha.kubernetes.io/pod: runtime/default}}, spec: {selector: {matchLabels: {app: w}}, template: {metadata: {labels: {app: w}}, spec: {containers: [{name: a, image: x}]}}}}\n---\n",
                deployment!("containers: [{name: a, image: x}]"),
            ),
        ),
        Case::fail(
            "seccomp of the pod and of a container",
            "{apiVersion: batch/v1, kind: Job, metadata: {name: j, namespace: shop}, spec: {template: {metadata: {annotations: {seccomp.security.alpha.kubernetes.io/pod: runtime/default, container.seccomp.security.alpha.kubernetes.io/a: runtime/default}}, spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}",
            &[
                "Job.batch/shop/j spec.template.metadata.annotations[container.seccomp.security.alpha.kubernetes.io/a]: seccomp profile \"runtime/default\" is not applied: the annotation has not been read since 1.27",
                "Job.batch/shop/j spec.template.metadata.annotations[seccomp.security.alpha.kubernetes.io/pod]: seccomp profile \"runtime/default\" is not applied: the annotation has not been read since 1.27",
            ],
        ),
        Case::unknown(
            "in files, AppArmor where a container's name is still to be filled in",
            "{apiVersion: batch/v1, kind: Job, metadata: {name: j, namespace: shop}, spec: {template: {metadata: {annotations: {container.apparmor.security.beta.kubernetes.io/b: runtime/default}}, spec: {restartPolicy: Never, containers: [{name: '${NAME}', image: x}]}}}}",
            &[],
            &["? Job.batch/shop/j container \"${NAME}\" is still to be filled in"],
        ).in_files_only(),
        Case::fail(
            "AppArmor of a container that is not there",
            "{apiVersion: batch/v1, kind: Job, metadata: {name: j, namespace: shop}, spec: {template: {metadata: {annotations: {container.apparmor.security.beta.kubernetes.io/b: runtime/default}}, spec: {restartPolicy: Never, containers: [{name: a, image: x}]}}}}",
            &["Job.batch/shop/j spec.template.metadata.annotations[container.apparmor.security.beta.kubernetes.io/b]: AppArmor profile \"runtime/default\" is not applied: there is no container \"b\""],
        ).in_files_only(),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    for (key, value) in &pods.metadata.annotations {
        let is_seccomp = key == SECCOMP_POD || key.starts_with(SECCOMP_CONTAINER);
        if is_seccomp && cx.version() >= WITHOUT_SECCOMP {
            let message = format!(
                "seccomp profile {value:?} is not applied: the annotation has not been read since 1.27"
            );
            out.fail(pods.metadata_path(&format!("annotations[{key}]")), message);
        }
        let Some(name) = key.strip_prefix(APPARMOR) else {
            continue;
        };
        let open = |out: &mut Findings<'_>| {
            pods.containers().any(|container| cx.is_unfilled("container", &container.name, out))
        };
        if !pods.containers().any(|container| container.name == name) && !open(out) {
            let message =
                format!("AppArmor profile {value:?} is not applied: there is no container {name:?}");
            out.fail(pods.metadata_path(&format!("annotations[{key}]")), message);
        }
    }
    Ok(())
}
