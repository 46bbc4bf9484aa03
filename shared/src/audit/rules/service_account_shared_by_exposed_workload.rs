use crate::audit::{
    case::Case,
    context::Context,
    findings::Findings,
    rbac::user_of_account,
    rule::{Check, Outcome, rule},
    subject::PodView,
    world::POD_KINDS,
};

rule! {
    /// A workload that is reached from outside shares its service account with workloads that are not.
    ///
    /// ## Why it matters
    ///
    /// The account has the rights of all of them together. Whoever breaks into the one that faces the internet
    /// has those that only the others need.
    ///
    /// ## Remediation
    ///
    /// Give each workload a service account of its own, with its own rights.
    severity: Low,
    category: Rbac,
    admission: Never,
    needs: Objects,
    reads: [CLUSTER_ROLE_BINDING, INGRESS, ROLE_BINDING, SERVICE],
    references: ["NSA rbac"],
    check: [Check::Pods(check)],
    cases: [
        Case::pass("an account of its own", "{apiVersion: v1, kind: Pod, metadata: {name: front, namespace: shop, labels: {app: front}}, spec: {serviceAccountName: web, containers: [{name: a, image: x}]}}\n---\n{apiVersion: v1, kind: Pod, metadata: {name: back, namespace: shop, labels: {app: back}}, spec: {serviceAccountName: other, containers: [{name: a, image: x}]}}\n---\n{apiVersion: v1, kind: Service, metadata: {name: front, namespace: shop}, spec: {type: NodePort, selector: {app: front}, ports: [{port: 80}]}}\n---\n{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: b, namespace: shop}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}, subjects: [{kind: ServiceAccount, namespace: shop, name: web}]}"),
        Case::pass("an account without rights", "{apiVersion: v1, kind: Pod, metadata: {name: front, namespace: shop, labels: {app: front}}, spec: {serviceAccountName: web, containers: [{name: a, image: x}]}}\n---\n{apiVersion: v1, kind: Pod, metadata: {name: back, namespace: shop, labels: {app: back}}, spec: {serviceAccountName: web, containers: [{name: a, image: x}]}}\n---\n{apiVersion: v1, kind: Service, metadata: {name: front, namespace: shop}, spec: {type: NodePort, selector: {app: front}, ports: [{port: 80}]}}"),
        Case::pass("both are reached from outside", "{apiVersion: v1, kind: Pod, metadata: {name: front, namespace: shop, labels: {app: front}}, spec: {serviceAccountName: web, containers: [{name: a, image: x}]}}\n---\n{apiVersion: v1, kind: Pod, metadata: {name: front2, namespace: shop, labels: {app: front}}, spec: {serviceAccountName: web, containers: [{name: a, image: x}]}}\n---\n{apiVersion: v1, kind: Service, metadata: {name: front, namespace: shop}, spec: {type: NodePort, selector: {app: front}, ports: [{port: 80}]}}\n---\n{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: b, namespace: shop}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}, subjects: [{kind: ServiceAccount, namespace: shop, name: web}]}"),
        Case::fail(
            "by a node port",
            "{apiVersion: v1, kind: Pod, metadata: {name: front, namespace: shop, labels: {app: front}}, spec: {serviceAccountName: web, containers: [{name: a, image: x}]}}\n---\n{apiVersion: v1, kind: Pod, metadata: {name: back, namespace: shop, labels: {app: back}}, spec: {serviceAccountName: web, containers: [{name: a, image: x}]}}\n---\n{apiVersion: v1, kind: Service, metadata: {name: front, namespace: shop}, spec: {type: NodePort, selector: {app: front}, ports: [{port: 80}]}}\n---\n{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: b, namespace: shop}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}, subjects: [{kind: ServiceAccount, namespace: shop, name: web}]}",
            &["Pod/shop/front spec.serviceAccountName: is reached from outside and shares ServiceAccount \"web\" with Pod/shop/back"],
        ),
        Case::fail(
            "by an ingress",
            "{apiVersion: v1, kind: Pod, metadata: {name: front, namespace: shop, labels: {app: front}}, spec: {serviceAccountName: web, containers: [{name: a, image: x}]}}\n---\n{apiVersion: v1, kind: Pod, metadata: {name: back, namespace: shop, labels: {app: back}}, spec: {serviceAccountName: web, containers: [{name: a, image: x}]}}\n---\n{apiVersion: v1, kind: Service, metadata: {name: front, namespace: shop}, spec: {selector: {app: front}, ports: [{port: 80}]}}\n---\n{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: b, namespace: shop}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}, subjects: [{kind: ServiceAccount, namespace: shop, name: web}]}\n---\n{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop}, spec: {rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: front, port: {number: 80}}}}]}}]}}",
            &["Pod/shop/front spec.serviceAccountName: is reached from outside and shares ServiceAccount \"web\" with Pod/shop/back"],
        ),
        Case::unknown(
            "services were not read",
            "{apiVersion: v1, kind: Pod, metadata: {name: front, namespace: shop, labels: {app: front}}, spec: {serviceAccountName: web, containers: [{name: a, image: x}]}}\n---\n{apiVersion: v1, kind: Pod, metadata: {name: back, namespace: shop, labels: {app: back}}, spec: {serviceAccountName: web, containers: [{name: a, image: x}]}}\n---\n{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: b, namespace: shop}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}, subjects: [{kind: ServiceAccount, namespace: shop, name: web}]}",
            &["Service"],
            &[
                "? Pod/shop/back Service in namespace shop could not be read: Forbidden: no permission",
                "? Pod/shop/front Service in namespace shop could not be read: Forbidden: no permission",
            ],
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let (namespace, account) = (pods.namespace(), pods.service_account());
    if pods.is_mirror() || !cx.permissions()?.names(&user_of_account(namespace, account)) {
        return Ok(());
    }
    if !cx.is_exposed(pods)? {
        return Ok(());
    }
    for other in cx.units_of_account(namespace, account) {
        if other.owner != pods.owner && !cx.is_exposed(other)? {
            let told =
                format!("is reached from outside and shares ServiceAccount {account:?} with {}", other.owner);
            out.fail(pods.path("serviceAccountName"), told);
            return Ok(());
        }
    }
    POD_KINDS.iter().try_for_each(|kind| cx.covered(*kind, namespace))
}
