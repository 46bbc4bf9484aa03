use crate::audit::{
    api::{HorizontalPodAutoscaler, LimitRange, MetricSpec},
    case::{Case, deployment},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::{ContainerView, PodView},
};

rule! {
    /// A HorizontalPodAutoscaler scales by the share of a request that its pods do not make.
    ///
    /// ## Why it matters
    ///
    /// Utilization is what is used out of what is requested. One container without a request of the resource, a sidecar
    /// even, is enough: the metric fails, and nothing is scaled however high the load is.
    ///
    /// ## Remediation
    ///
    /// Set the request on every container, or scale by the one container that matters with a `ContainerResource` metric,
    /// or by an `averageValue`.
    severity: High,
    category: Autoscaling,
    admission: Warn,
    needs: Objects,
    reads: [POD, DEPLOYMENT, REPLICA_SET, STATEFUL_SET, REPLICATION_CONTROLLER, LIMIT_RANGE],
    references: [],
    check: [Check::HorizontalPodAutoscaler(check)],
    cases: [
        Case::fail(
            "without metrics it is by cpu; a sidecar counts",
            concat!(deployment!("initContainers: [{name: proxy, image: x, restartPolicy: Always}, {name: setup, image: x}], containers: [{name: a, image: x, resources: {requests: {cpu: 100m}}}]"), "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: web, namespace: shop}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, minReplicas: 2, maxReplicas: 5}}"),
            &["HorizontalPodAutoscaler.autoscaling/shop/web [proxy] spec.metrics: container proxy of Deployment.apps/shop/web requests no cpu"],
        ),
        Case::fail(
            "one container, which there is not; another that requests nothing",
            concat!(deployment!("containers: [{name: a, image: x}]"), "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: web, namespace: shop}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, minReplicas: 2, maxReplicas: 5, metrics: [{type: ContainerResource, containerResource: {name: cpu, container: b, target: {type: Utilization, averageUtilization: 50}}}, {type: ContainerResource, containerResource: {name: memory, container: a, target: {type: Utilization, averageUtilization: 50}}}]}}"),
            &[
                "HorizontalPodAutoscaler.autoscaling/shop/web [a] spec.metrics[1].containerResource: container a of Deployment.apps/shop/web requests no memory",
                "HorizontalPodAutoscaler.autoscaling/shop/web [b] spec.metrics[0].containerResource: Deployment.apps/shop/web has no container b",
            ],
        ),
        Case::pass(
            "a request, a limit that stands for it, what the namespace gives, an absolute value",
            concat!(deployment!("containers: [{name: a, image: x, resources: {requests: {cpu: 100m}}}, {name: b, image: x, resources: {limits: {cpu: 1}}}]"), "{apiVersion: v1, kind: LimitRange, metadata: {name: defaults, namespace: shop}, spec: {limits: [{type: Container, defaultRequest: {memory: 64Mi}}]}}
---
{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: web, namespace: shop}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, minReplicas: 2, maxReplicas: 5, metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}, {type: Resource, resource: {name: memory, target: {type: Utilization, averageUtilization: 50}}}]}}"),
        ),
        Case::pass("of the whole pod", concat!(deployment!("resources: {requests: {cpu: 1}}, containers: [{name: a, image: x}]"), "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: web, namespace: shop}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, minReplicas: 2, maxReplicas: 5}}")),
        Case::pass("by an absolute value", concat!(deployment!("containers: [{name: a, image: x}]"), "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: web, namespace: shop}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, minReplicas: 2, maxReplicas: 5, metrics: [{type: Resource, resource: {name: cpu, target: {type: AverageValue, averageValue: 500m}}}]}}")),
        Case::unknown(
            "what the namespace gives was not read",
            concat!(deployment!("containers: [{name: a, image: x}]"), "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: web, namespace: shop}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, minReplicas: 2, maxReplicas: 5}}"),
            &["LimitRange"],
            &["? HorizontalPodAutoscaler.autoscaling/shop/web LimitRange in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(autoscaler: &HorizontalPodAutoscaler, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let target = autoscaler.target();
    // That it is not there is another rule's.
    let Some(pods) = cx.unit(&target) else {
        return Ok(());
    };
    // What the API server fills in where nothing is said is the same as nothing said.
    let fills_in = |metric: &MetricSpec| {
        let share =
            metric.resource.as_ref().filter(|it| it.name == "cpu" && it.target.r#type == "Utilization");
        share.is_some_and(|it| it.target.average_utilization == Some(80))
    };
    if autoscaler.spec.metrics.iter().all(fills_in) && autoscaler.spec.metrics.len() < 2 {
        return by_share(pods, "cpu", "spec.metrics", cx, out);
    }
    for (index, metric) in autoscaler.spec.metrics.iter().enumerate() {
        if let Some(resource) = metric.resource.as_ref().filter(|it| it.target.r#type == "Utilization") {
            by_share(pods, &resource.name, &format!("spec.metrics[{index}].resource"), cx, out)?;
        }
        let Some(one) = metric.container_resource.as_ref().filter(|it| it.target.r#type == "Utilization")
        else {
            continue;
        };
        let at = format!("spec.metrics[{index}].containerResource");
        match pods.running_containers().find(|container| container.name == one.container) {
            None => {
                let name = &one.container;
                out.fail(at, format!("{target} has no container {name}")).container(name);
            }
            Some(container) => of_container(pods, &container, &one.name, &at, cx, out)?,
        }
    }
    Ok(())
}

fn by_share(
    pods: &PodView<'_>,
    resource: &str,
    at: &str,
    cx: &Context<'_>,
    out: &mut Findings<'_>,
) -> Outcome {
    let whole = pods.spec.resources.as_ref();
    if whole.is_some_and(|it| it.requests.contains_key(resource) || it.limits.contains_key(resource)) {
        return Ok(());
    }
    for container in pods.running_containers() {
        of_container(pods, &container, resource, at, cx, out)?;
    }
    Ok(())
}

fn of_container(
    pods: &PodView<'_>,
    container: &ContainerView<'_>,
    resource: &str,
    at: &str,
    cx: &Context<'_>,
    out: &mut Findings<'_>,
) -> Outcome {
    let own = &container.resources;
    if own.requests.contains_key(resource) || own.limits.contains_key(resource) {
        return Ok(());
    }
    let given = cx.within::<LimitRange>(pods.namespace())?.flat_map(|range| &range.spec.limits).any(|item| {
        let gives = item.default_request.contains_key(resource) || item.default.contains_key(resource);
        item.r#type == "Container" && gives
    });
    if !given {
        let message = format!("container {} of {} requests no {resource}", container.name, pods.owner);
        out.fail(at, message).container(&container.name);
    }
    Ok(())
}
