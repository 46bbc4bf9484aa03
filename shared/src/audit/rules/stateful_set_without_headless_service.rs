use crate::audit::{
    api::{Service, StatefulSet},
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
};

rule! {
    /// The service that a stateful set names for its pods' names does not exist, or is not headless.
    ///
    /// ## Why it matters
    ///
    /// `db-0.db.shop.svc` resolves only through a headless service of that name. Members of a cluster that find each other
    /// by these names don't find each other, and elect leaders of their own.
    ///
    /// ## Remediation
    ///
    /// Create the service with `clusterIP: None` and the selector of the stateful set. A set whose pods need no names of
    /// their own may leave `serviceName` out.
    severity: Medium,
    category: Storage,
    admission: Warn,
    needs: Objects,
    reads: [SERVICE],
    references: ["https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id"],
    check: [Check::StatefulSet(check)],
    cases: [
        Case::fail(
            "missing, and with an address",
            "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80}]}}\n---\n{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db, namespace: shop}, spec: {serviceName: gone, selector: {matchLabels: {app: db}}, template: {metadata: {labels: {app: db}}, spec: {containers: [{name: a, image: x}]}}}}\n---\n{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: web, namespace: shop}, spec: {serviceName: web, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: x}]}}}}",
            &[
                "StatefulSet.apps/shop/db spec.serviceName: service \"gone\" does not exist",
                "StatefulSet.apps/shop/web spec.serviceName: service \"web\" is not headless",
            ],
        ),
        Case::pass(
            "headless, and none at all",
            "{apiVersion: v1, kind: Service, metadata: {name: db, namespace: shop}, spec: {clusterIP: None, selector: {app: db}, ports: [{port: 80}]}}\n---\n{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db, namespace: shop}, spec: {serviceName: db, selector: {matchLabels: {app: db}}, template: {metadata: {labels: {app: db}}, spec: {containers: [{name: a, image: x}]}}}}\n---\n{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: free, namespace: shop}, spec: {selector: {matchLabels: {app: free}}, template: {metadata: {labels: {app: free}}, spec: {containers: [{name: a, image: x}]}}}}",
        ),
        Case::unknown(
            "forbidden is not missing",
            "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db, namespace: shop}, spec: {serviceName: db, selector: {matchLabels: {app: db}}, template: {metadata: {labels: {app: db}}, spec: {containers: [{name: a, image: x}]}}}}",
            &["Service"],
            &["? StatefulSet.apps/shop/db Service in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(set: &StatefulSet, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let name = set.spec.service_name.as_str();
    if name.is_empty() {
        return Ok(());
    }
    match cx.get::<Service>(&set.metadata.namespace, name)? {
        None => out.fail("spec.serviceName", format!("service {name:?} does not exist")),
        Some(service) if service.spec.cluster_ip != "None" => {
            out.fail("spec.serviceName", format!("service {name:?} is not headless"))
        }
        Some(_) => return Ok(()),
    };
    Ok(())
}
