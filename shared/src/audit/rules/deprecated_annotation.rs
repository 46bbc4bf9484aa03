use crate::audit::{
    api::{Ingress, PersistentVolumeClaim},
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// An annotation stands for what has long been a field, and has less effect than it seems, or none.
    ///
    /// ## Why it matters
    ///
    /// Annotations of Kubernetes' youth were taken over by fields, and one after the other they stopped working. Whoever
    /// reads the object believes that a profile or a class is in force, when it is not.
    ///
    /// ## Remediation
    ///
    /// Set the field that the finding names and remove the annotation.
    severity: Medium,
    category: Api,
    admission: Warn,
    needs: Object,
    reads: [],
    references: ["https://kubernetes.io/docs/reference/labels-annotations-taints/"],
    check: [Check::Pods(check), Check::Ingress(ingress), Check::PersistentVolumeClaim(claim)],
    cases: [
        Case::fail(
            "of pods",
            "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop, annotations: {container.apparmor.security.beta.kubernetes.io/a: runtime/default, scheduler.alpha.kubernetes.io/critical-pod: ''}}, spec: {containers: [{name: a, image: x}]}}",
            &[
                "Pod/shop/p metadata.annotations[container.apparmor.security.beta.kubernetes.io/a]: is deprecated since Kubernetes 1.30; use securityContext.appArmorProfile",
                "Pod/shop/p metadata.annotations[scheduler.alpha.kubernetes.io/critical-pod]: has no effect since Kubernetes 1.16; use priorityClassName",
            ],
        ).in_files_only(),
        Case::fail(
            "of other objects",
            "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: c, namespace: shop, annotations: {volume.beta.kubernetes.io/storage-class: fast}}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}",
            &["PersistentVolumeClaim/shop/c metadata.annotations[volume.beta.kubernetes.io/storage-class]: is deprecated; use storageClassName"],
        ).in_files_only(),
        Case::pass(
            "beside the field that the API server set with it",
            "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop, annotations: {container.apparmor.security.beta.kubernetes.io/a: runtime/default}}, spec: {containers: [{name: a, image: x, securityContext: {appArmorProfile: {type: RuntimeDefault}}}]}}",
        ),
    ],
}

const APP_ARMOR_OF: &str = "container.apparmor.security.beta.kubernetes.io/";

fn check(pods: &PodView<'_>, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let whole = pods.spec.security_context.as_ref().is_some_and(|own| own.app_armor_profile.is_some());
    for key in pods.metadata.annotations.keys() {
        // What names no container of the pod, and what is no longer read, another rule tells.
        let beside = |name: &str| {
            let container = pods.containers().find(|container| container.name == name);
            container.is_none_or(|container| {
                let own = container.security_context.as_ref();
                whole || own.is_some_and(|own| own.app_armor_profile.is_some())
            })
        };
        let what = match key.as_str() {
            "scheduler.alpha.kubernetes.io/critical-pod" => {
                "has no effect since Kubernetes 1.16; use priorityClassName"
            }
            "security.alpha.kubernetes.io/sysctls" | "security.alpha.kubernetes.io/unsafe-sysctls" => {
                "has no effect since Kubernetes 1.11; use securityContext.sysctls"
            }
            key if key.strip_prefix(APP_ARMOR_OF).is_some_and(|name| !beside(name)) => {
                "is deprecated since Kubernetes 1.30; use securityContext.appArmorProfile"
            }
            _ => continue,
        };
        out.fail(pods.metadata_path(&format!("annotations[{key}]")), what);
    }
    Ok(())
}

fn ingress(ingress: &Ingress, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let key = "kubernetes.io/ingress.class";
    // Some controllers know the annotation alone, beside which the field must not stand.
    if ingress.metadata.annotations.contains_key(key) && ingress.spec.ingress_class_name.is_none() {
        out.fail(format!("metadata.annotations[{key}]"), "is deprecated; use ingressClassName");
    }
    Ok(())
}

fn claim(claim: &PersistentVolumeClaim, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let key = "volume.beta.kubernetes.io/storage-class";
    if claim.metadata.annotations.contains_key(key) {
        out.fail(format!("metadata.annotations[{key}]"), "is deprecated; use storageClassName");
    }
    Ok(())
}
