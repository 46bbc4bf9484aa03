use crate::audit::{
    case::{Case, deployment, pod},
    context::Context,
    findings::Findings,
    rbac::mounts_token,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// The token of a service account that may do nothing is mounted.
    ///
    /// ## Why it matters
    ///
    /// No role was granted to the account, so the program has no use for its token; who breaks in has: it opens the
    /// API server to anybody who may ask it what every authenticated user may, and everything that is granted to the
    /// account later, by mistake or not, comes with it.
    ///
    /// ## Remediation
    ///
    /// Set `automountServiceAccountToken: false` in the pod, or in the service account for all of its pods.
    severity: Medium,
    category: Security,
    admission: Warn,
    needs: Objects,
    reads: [SERVICE_ACCOUNT, ROLE_BINDING, CLUSTER_ROLE_BINDING],
    references: ["CIS 5.1.6", "NSA authentication-authorization"],
    check: [Check::Pods(check)],
    cases: [
        Case::pass(
            "switched off in the pod",
            pod!("automountServiceAccountToken: false, containers: [{name: a, image: x}]"),
        ),
        Case::pass(
            "switched off in the account",
            concat!(
                deployment!("serviceAccountName: web, containers: [{name: a, image: x}]"),
                "{apiVersion: v1, kind: ServiceAccount, metadata: {name: web, namespace: shop}, automountServiceAccountToken: false}",
            ),
        ),
        Case::pass(
            "a cron job whose pods switch it off",
            "{apiVersion: batch/v1, kind: CronJob, metadata: {name: c, namespace: shop}, spec: {schedule: '0 3 * * *', jobTemplate: {spec: {template: {spec: {automountServiceAccountToken: false, restartPolicy: Never, containers: [{name: a, image: x}]}}}}}}",
        ),
        Case::pass(
            "needed: a role was granted to the account",
            concat!(
                deployment!("serviceAccountName: web, containers: [{name: a, image: x}]"),
                "{apiVersion: v1, kind: ServiceAccount, metadata: {name: web, namespace: shop}}\n---\n",
                "{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: b, namespace: shop}, subjects: [{kind: ServiceAccount, name: web, namespace: shop}], roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}}",
            ),
        ),
        Case::pass(
            "needed: the binding takes its own namespace for that of its subject",
            concat!(
                deployment!("serviceAccountName: web, containers: [{name: a, image: x}]"),
                "{apiVersion: v1, kind: ServiceAccount, metadata: {name: web, namespace: shop}}\n---\n",
                "{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: b, namespace: shop}, subjects: [{kind: ServiceAccount, name: web}], roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}}",
            ),
        ),
        Case::pass(
            "needed: by a binding of another namespace",
            concat!(
                deployment!("serviceAccountName: web, containers: [{name: a, image: x}]"),
                "{apiVersion: v1, kind: ServiceAccount, metadata: {name: web, namespace: shop}}\n---\n",
                "{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: b, namespace: other}, subjects: [{kind: ServiceAccount, name: web, namespace: shop}], roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}}",
            ),
        ),
        Case::pass(
            "needed: in another namespace, or in all",
            concat!(
                deployment!("serviceAccountName: web, containers: [{name: a, image: x}]"),
                "{apiVersion: v1, kind: ServiceAccount, metadata: {name: web, namespace: shop}}\n---\n",
                "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: b}, subjects: [{kind: Group, apiGroup: rbac.authorization.k8s.io, name: 'system:serviceaccounts:shop'}], roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}}",
            ),
        ),
        Case::fail(
            "the pod overrides its account",
            concat!(
                deployment!("serviceAccountName: web, automountServiceAccountToken: true, containers: [{name: a, image: x}]"),
                "{apiVersion: v1, kind: ServiceAccount, metadata: {name: web, namespace: shop}, automountServiceAccountToken: false}\n---\n",
                "{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: of-another, namespace: shop}, subjects: [{kind: ServiceAccount, name: api, namespace: shop}, {kind: ServiceAccount, name: web, namespace: other}], roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}}",
            ),
            &["Deployment.apps/shop/web spec.template.spec.automountServiceAccountToken: the token of service account \"web\" is mounted, to which no role is granted"],
        ),
        Case::fail(
            "the default account, nothing said",
            deployment!("containers: [{name: a, image: x}]"),
            &["Deployment.apps/shop/web spec.template.spec.automountServiceAccountToken: the token of service account \"default\" is mounted, to which no role is granted"],
        ),
        Case::unknown(
            "bindings may grant it something",
            deployment!("automountServiceAccountToken: true, containers: [{name: a, image: x}]"),
            &["ClusterRoleBinding.rbac.authorization.k8s.io"],
            &["? Deployment.apps/shop/web ClusterRoleBinding.rbac.authorization.k8s.io could not be read: Forbidden: no permission"],
        ),
        Case::unknown(
            "the account may have switched it off",
            deployment!("serviceAccountName: web, containers: [{name: a, image: x}]"),
            &["ServiceAccount"],
            &["? Deployment.apps/shop/web ServiceAccount in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let account = pods.service_account();
    if mounts_token(pods, cx)?
        && cx.permissions()?.own_grants_of_account(pods.namespace(), account).is_empty()
    {
        let message =
            format!("the token of service account {account:?} is mounted, to which no role is granted");
        out.fail(pods.path("automountServiceAccountToken"), message);
    }
    Ok(())
}
