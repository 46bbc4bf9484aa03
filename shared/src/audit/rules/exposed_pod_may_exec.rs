use crate::audit::{
    case::{Case, deployment},
    context::Context,
    exposure,
    findings::Findings,
    rbac::{allows_exec, mounts_token},
    rule::{Check, Outcome, rule},
    subject::PodView,
};

/// Pods behind an ingress that may `get` the subresource and not `create` it.
const GETS_EXEC: &str = concat!(
    deployment!("serviceAccountName: web, containers: [{name: a, image: x}]"),
    "{apiVersion: v1, kind: ServiceAccount, metadata: {name: web, namespace: shop}}\n---\n",
    "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80}]}}\n---\n",
    "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: front, namespace: shop}, spec: {rules: [{http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]}}\n---\n",
    "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: exec, namespace: shop}, rules: [{apiGroups: [''], resources: [pods/exec], verbs: [get]}]}\n---\n",
    "{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: b, namespace: shop}, subjects: [{kind: ServiceAccount, name: web, namespace: shop}], roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: exec}}",
);

rule! {
    /// Pods that can be reached from outside hold a token that may run commands in pods.
    ///
    /// ## Why it matters
    ///
    /// One hole in the program is then a shell in every pod that the token reaches: the secrets of those pods, their
    /// networks and their own tokens.
    ///
    /// ## Remediation
    ///
    /// Take `pods/exec` and `pods/attach` from the roles of this service account, or split the part that needs them
    /// into a workload of its own that nothing outside reaches.
    severity: High,
    category: Security,
    admission: Never,
    needs: Objects,
    reads: [
        SERVICE, INGRESS, HTTP_ROUTE, SERVICE_ACCOUNT, ROLE, CLUSTER_ROLE, ROLE_BINDING, CLUSTER_ROLE_BINDING,
    ],
    references: [],
    check: [Check::Pods(check)],
    cases: [
        Case::pass(
            "reached from inside alone",
            concat!(
                deployment!("serviceAccountName: web, containers: [{name: a, image: x}]"),
                "{apiVersion: v1, kind: ServiceAccount, metadata: {name: web, namespace: shop}}\n---\n",
                "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80}]}}\n---\n",
                "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: exec, namespace: shop}, rules: [{apiGroups: [''], resources: [pods/exec], verbs: [create]}]}\n---\n",
                "{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: b, namespace: shop}, subjects: [{kind: ServiceAccount, name: web, namespace: shop}], roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: exec}}",
            ),
        ),
        Case::pass(
            "its token is not mounted",
            concat!(
                deployment!("serviceAccountName: web, automountServiceAccountToken: false, containers: [{name: a, image: x}]"),
                "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80}]}}\n---\n",
                "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: exec, namespace: shop}, rules: [{apiGroups: [''], resources: [pods/exec], verbs: [create]}]}\n---\n",
                "{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: b, namespace: shop}, subjects: [{kind: ServiceAccount, name: web, namespace: shop}], roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: exec}}",
            ),
        ),
        Case::pass(
            "may read pods, and exec in another group",
            concat!(
                deployment!("serviceAccountName: web, containers: [{name: a, image: x}]"),
                "{apiVersion: v1, kind: ServiceAccount, metadata: {name: web, namespace: shop}}\n---\n",
                "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {type: NodePort, selector: {app: web}, ports: [{port: 80}]}}\n---\n",
                "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: read, namespace: shop}, rules: [{apiGroups: [''], resources: [pods, pods/log], verbs: ['*']}, {apiGroups: [example.com], resources: ['*'], verbs: ['*']}]}\n---\n",
                "{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: b, namespace: shop}, subjects: [{kind: ServiceAccount, name: web, namespace: shop}], roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: read}}",
            ),
        ),
        Case::pass(
            "only got",
            GETS_EXEC,
        ),
        Case::fail(
            "behind an ingress, in one namespace",
            concat!(
                deployment!("serviceAccountName: web, containers: [{name: a, image: x}]"),
                "{apiVersion: v1, kind: ServiceAccount, metadata: {name: web, namespace: shop}}\n---\n",
                "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: web}, ports: [{port: 80}]}}\n---\n",
                "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: front, namespace: shop}, spec: {rules: [{http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]}}\n---\n",
                "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: exec, namespace: shop}, rules: [{apiGroups: [''], resources: [pods/exec], verbs: [create]}]}\n---\n",
                "{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: b, namespace: shop}, subjects: [{kind: ServiceAccount, name: web, namespace: shop}], roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: exec}}",
            ),
            &["Deployment.apps/shop/web spec.template.spec.serviceAccountName: pods behind Ingress.networking.k8s.io/shop/front may run commands in pods: RoleBinding.rbac.authorization.k8s.io/shop/b"],
        ),
        Case::fail(
            "only got, where that is enough",
            GETS_EXEC,
            &["Deployment.apps/shop/web spec.template.spec.serviceAccountName: pods behind Ingress.networking.k8s.io/shop/front may run commands in pods: RoleBinding.rbac.authorization.k8s.io/shop/b"],
        ).for_version(34),
        Case::fail(
            "behind a load balancer, everywhere",
            concat!(
                deployment!("serviceAccountName: web, containers: [{name: a, image: x}]"),
                "{apiVersion: v1, kind: ServiceAccount, metadata: {name: web, namespace: shop}}\n---\n",
                "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80}]}}\n---\n",
                "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: all-of-it}, rules: [{apiGroups: ['*'], resources: ['*'], verbs: ['*']}]}\n---\n",
                "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: b}, subjects: [{kind: ServiceAccount, name: web, namespace: shop}], roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: all-of-it}}",
            ),
            &["Deployment.apps/shop/web spec.template.spec.serviceAccountName: pods behind Service/shop/web may run commands in pods: ClusterRoleBinding.rbac.authorization.k8s.io/b"],
        ),
        Case::unknown(
            "roles are not known",
            concat!(
                deployment!("automountServiceAccountToken: true, containers: [{name: a, image: x}]"),
                "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80}]}}",
            ),
            &["RoleBinding.rbac.authorization.k8s.io"],
            &["? Deployment.apps/shop/web RoleBinding.rbac.authorization.k8s.io could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let Some(entrance) = exposure::entrance(pods, cx)? else {
        return Ok(());
    };
    if !mounts_token(pods, cx)? {
        return Ok(());
    }
    for grant in cx.permissions()?.own_grants_of_account(pods.namespace(), pods.service_account()) {
        if grant.rules.as_ref().map_err(Clone::clone)?.iter().any(|rule| allows_exec(rule, cx.version())) {
            let message = format!("pods behind {entrance} may run commands in pods: {}", grant.binding);
            out.fail(pods.path("serviceAccountName"), message);
            return Ok(());
        }
    }
    Ok(())
}
