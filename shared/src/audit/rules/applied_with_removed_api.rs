use crate::audit::{
    api_versions::ends,
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    world::{Object, Record},
};

rule! {
    /// An object was last applied from a file in a version of an API that ends.
    ///
    /// ## Why it matters
    ///
    /// The API server stores objects in the newest version, so that a look at the cluster shows nothing; but
    /// `kubectl.kubernetes.io/last-applied-configuration` keeps what was applied. The file, chart or pipeline that it
    /// came from is still written in the old version and fails at the next deployment after the upgrade.
    ///
    /// ## Remediation
    ///
    /// Find the source of the object, write it in the current version, and apply it once more.
    severity: Medium,
    category: Api,
    admission: Never,
    needs: Object,
    reads: [],
    references: ["https://kubernetes.io/docs/reference/using-api/deprecation-guide/"],
    check: [
        Check::Records(record),
        Check::Deployment(object),
        Check::DaemonSet(object),
        Check::StatefulSet(object),
        Check::ReplicaSet(object),
        Check::CronJob(object),
        Check::Ingress(object),
        Check::IngressClass(object),
        Check::NetworkPolicy(object),
        Check::PodDisruptionBudget(object),
        Check::HorizontalPodAutoscaler(object),
        Check::Role(object),
        Check::ClusterRole(object),
        Check::RoleBinding(object),
        Check::ClusterRoleBinding(object),
        Check::StorageClass(object),
        Check::PriorityClass(object),
        Check::RuntimeClass(object),
        Check::ValidatingWebhookConfiguration(object),
        Check::MutatingWebhookConfiguration(object),
        Check::ApiService(object),
        Check::EndpointSlice(object),
    ],
    cases: [
        Case::fail(
            "stored as v1, applied as v1beta1",
            r#"{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: web, namespace: shop, annotations: {kubectl.kubernetes.io/last-applied-configuration: '{"apiVersion":"policy/v1beta1","kind":"PodDisruptionBudget"}'}}, spec: {maxUnavailable: 1, selector: {matchLabels: {app: web}}}}"#,
            &["PodDisruptionBudget.policy/shop/web metadata.annotations[kubectl.kubernetes.io/last-applied-configuration]: last applied as policy/v1beta1, which Kubernetes 1.25 removed"],
        ),
        Case::pass(
            "applied as it is stored",
            r#"{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: web, namespace: shop, annotations: {kubectl.kubernetes.io/last-applied-configuration: '{"apiVersion":"policy/v1","kind":"PodDisruptionBudget"}'}}, spec: {maxUnavailable: 1, selector: {matchLabels: {app: web}}}}"#,
        ),
        Case::pass(
            "what is no JSON tells nothing",
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop, annotations: {kubectl.kubernetes.io/last-applied-configuration: '{'}}, spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: x}]}}}}",
        ),
    ],
}

const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

#[derive(serde::Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Applied {
    api_version: String,
    kind: String,
}

fn record(record: &Record, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    look(&record.metadata, cx, out)
}

fn object<T: Object>(object: &T, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    look(object.metadata(), cx, out)
}

fn look(metadata: &crate::model::ObjectMeta, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let Some(applied) = metadata.annotations.get(LAST_APPLIED) else { return Ok(()) };
    let Applied { api_version, kind } = serde_json::from_str(applied).unwrap_or_default();
    if let Some(end) = ends(&api_version, &kind, cx.version()) {
        let tense = if end <= cx.version() { "removed" } else { "removes" };
        let path = format!("metadata.annotations[{LAST_APPLIED}]");
        out.fail(path, format!("last applied as {api_version}, which Kubernetes {end} {tense}"));
    }
    Ok(())
}
