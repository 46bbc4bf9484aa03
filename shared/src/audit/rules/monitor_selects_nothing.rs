use std::collections::BTreeMap;

use crate::audit::{
    api::{Namespace, Service},
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    world::{Custom, Unknown},
};
use crate::{
    manifest::API_SERVER,
    model::{Kind, LabelSelector, Labels, ObjectKey, Selector, kinds},
};

rule! {
    /// A ServiceMonitor or PodMonitor selects nothing.
    ///
    /// ## Why it matters
    ///
    /// Nothing is scraped. Alerts on these metrics never fire, because there are no metrics.
    ///
    /// ## Remediation
    ///
    /// Compare `spec.selector` with the labels of the services or pods, and `spec.namespaceSelector` with the namespace that
    /// they are in: without one a monitor looks in its own namespace alone.
    severity: Low,
    category: References,
    admission: Never,
    needs: Objects,
    reads: [SERVICE, NAMESPACE, POD, DEPLOYMENT, REPLICA_SET, REPLICATION_CONTROLLER, STATEFUL_SET, DAEMON_SET, JOB, CRON_JOB],
    references: ["https://prometheus-operator.dev/docs/api-reference/api/"],
    check: [Check::Custom(kinds::SERVICE_MONITOR, services), Check::Custom(kinds::POD_MONITOR, pods)],
    cases: [
        Case::fail(
            "other labels, and the right labels in another namespace",
            "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop, labels: {app: web}}, spec: {ports: [{port: 80}]}}\n---\n{apiVersion: monitoring.coreos.com/v1, kind: ServiceMonitor, metadata: {name: a, namespace: shop}, spec: {selector: {matchLabels: {app: api}}}}\n---\n{apiVersion: monitoring.coreos.com/v1, kind: ServiceMonitor, metadata: {name: b, namespace: monitoring}, spec: {selector: {matchLabels: {app: web}}}}\n---\n{apiVersion: monitoring.coreos.com/v1, kind: PodMonitor, metadata: {name: p, namespace: shop}, spec: {selector: {matchLabels: {app: api}}}}",
            &[
                "PodMonitor.monitoring.coreos.com/shop/p spec.selector: selects no pod",
                "ServiceMonitor.monitoring.coreos.com/monitoring/b spec.selector: selects no service",
                "ServiceMonitor.monitoring.coreos.com/shop/a spec.selector: selects no service",
            ],
        ).in_files_only(),
        Case::unknown(
            "a label that is still to be filled in",
            "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop, labels: {app: web}}, spec: {ports: [{port: 80}]}}\n---\n{apiVersion: monitoring.coreos.com/v1, kind: ServiceMonitor, metadata: {name: a, namespace: shop}, spec: {selector: {matchLabels: {app: '${APP}'}}}}",
            &[],
            &["? ServiceMonitor.monitoring.coreos.com/shop/a label \"${APP}\" is still to be filled in"],
        ).in_files_only(),
        Case::pass(
            "by name of namespace, and everywhere",
            "{apiVersion: v1, kind: Namespace, metadata: {name: shop}}\n---\n{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop, labels: {app: web}}, spec: {ports: [{port: 80}]}}\n---\n{apiVersion: monitoring.coreos.com/v1, kind: ServiceMonitor, metadata: {name: a, namespace: monitoring}, spec: {namespaceSelector: {matchNames: [shop]}, selector: {matchLabels: {app: web}}}}\n---\n{apiVersion: monitoring.coreos.com/v1, kind: ServiceMonitor, metadata: {name: b, namespace: monitoring}, spec: {namespaceSelector: {any: true}, selector: {}}}",
        ).in_files_only(),
        Case::pass(
            "the service of the API server, which files don't hold",
            "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: default, labels: {app: web}}, spec: {ports: [{port: 80}]}}\n---\n{apiVersion: monitoring.coreos.com/v1, kind: ServiceMonitor, metadata: {name: a, namespace: monitoring}, spec: {namespaceSelector: {matchNames: [default]}, selector: {matchLabels: {component: apiserver, provider: kubernetes}}}}",
        ).in_files_only(),
        Case::fail(
            "the service of the API server, in a namespace where it is not",
            "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: monitoring, labels: {app: web}}, spec: {ports: [{port: 80}]}}\n---\n{apiVersion: monitoring.coreos.com/v1, kind: ServiceMonitor, metadata: {name: a, namespace: monitoring}, spec: {selector: {matchLabels: {component: apiserver, provider: kubernetes}}}}",
            &["ServiceMonitor.monitoring.coreos.com/monitoring/a spec.selector: selects no service"],
        ).in_files_only(),
        Case::unknown(
            "what a distribution puts into its own namespaces",
            "{apiVersion: monitoring.coreos.com/v1, kind: ServiceMonitor, metadata: {name: a, namespace: monitoring}, spec: {namespaceSelector: {matchNames: [kube-system]}, selector: {matchLabels: {k8s-app: kube-dns}}}}\n---\n{apiVersion: monitoring.coreos.com/v1, kind: PodMonitor, metadata: {name: b, namespace: monitoring}, spec: {namespaceSelector: {matchNames: [kube-system]}, selector: {matchLabels: {k8s-app: kube-dns}}}}",
            &[],
            &[
                "? PodMonitor.monitoring.coreos.com/monitoring/b the files are not all there is of namespace kube-system; there may be such a Pod",
                "? ServiceMonitor.monitoring.coreos.com/monitoring/a the files are not all there is of namespace kube-system; there may be such a Service",
            ],
        ).in_files_only(),
    ],
}

/// The namespaces that a monitor looks in; none: all.
fn places(monitor: &Custom) -> Option<Vec<&str>> {
    let selector = monitor.value.pointer("/spec/namespaceSelector");
    if selector.and_then(|one| one.get("any")).and_then(serde_json::Value::as_bool) == Some(true) {
        return None;
    }
    let names = selector.and_then(|one| one.get("matchNames")).and_then(serde_json::Value::as_array);
    let names: Vec<&str> = names.into_iter().flatten().filter_map(serde_json::Value::as_str).collect();
    Some(if names.is_empty() { vec![monitor.metadata.namespace.as_str()] } else { names })
}

fn selector(monitor: &Custom) -> Option<Selector> {
    let told = monitor.value.pointer("/spec/selector")?;
    let selector: LabelSelector = serde_json::from_value(told.clone()).ok()?;
    Some(Selector::from(&selector))
}

fn services(_: &ObjectKey, monitor: &Custom, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let Some(selector) = selector(monitor) else { return Ok(()) };
    if !cx.is_live() && selects_api_server(monitor, &selector) {
        return Ok(());
    }
    let matches = |service: &Service| selector.matches(&Labels::from(&service.metadata.labels));
    let found = match places(monitor) {
        None => cx.all::<Service>()?.any(matches),
        Some(names) => any(&names, |name| Ok(cx.within::<Service>(name)?.any(matches)))?,
    };
    if !found {
        known(monitor, kinds::SERVICE, cx)?;
        let services = cx.world().store::<Service>().all();
        cx.selection_is_filled(&selector, services.map(|service| &service.metadata.labels))?;
        out.fail("spec.selector", "selects no service");
    }
    Ok(())
}

fn pods(_: &ObjectKey, monitor: &Custom, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let Some(selector) = selector(monitor) else { return Ok(()) };
    let selects = |name: &str| Ok(!cx.selected(name, &selector)?.is_empty());
    let found = match places(monitor) {
        None => {
            let all: Vec<&str> = cx.all::<Namespace>()?.map(|one| one.metadata.name.as_str()).collect();
            any(&all, selects)?
        }
        Some(names) => any(&names, selects)?,
    };
    if !found {
        known(monitor, kinds::POD, cx)?;
        out.fail("spec.selector", "selects no pod");
    }
    Ok(())
}

/// Whether it selects the service of the API server, which every cluster has and files don't hold.
fn selects_api_server(monitor: &Custom, selector: &Selector) -> bool {
    let labels = API_SERVER.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    let here = places(monitor).is_none_or(|names| names.contains(&"default"));
    here && selector.matches(&Labels::from(&labels.collect::<BTreeMap<_, _>>()))
}

/// That there are no other objects where a monitor looks.
fn known(monitor: &Custom, kind: Kind, cx: &Context<'_>) -> Outcome {
    match places(monitor) {
        None => cx.is_whole(kind, None),
        Some(names) => names.iter().try_for_each(|name| cx.is_whole(kind, Some(name))),
    }
}

fn any(names: &[&str], found: impl Fn(&str) -> Result<bool, Unknown>) -> Result<bool, Unknown> {
    for name in names {
        if found(name)? {
            return Ok(true);
        }
    }
    Ok(false)
}
