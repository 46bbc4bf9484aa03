use crate::audit::{
    case::{Case, cluster_role, cluster_role_binding, deployment, role, role_binding},
    context::Context,
    findings::Findings,
    rbac::holds_token,
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A workload's service account leads to the whole cluster.
    ///
    /// ## Why it matters
    ///
    /// Whoever breaks into one of its pods finds the token there and goes on: by rights over the cluster itself,
    /// or as the other service accounts that they let it act as. The message names every step.
    ///
    /// ## Remediation
    ///
    /// Cut the way at its first step: take the right away that the message names first, or limit it to names or
    /// to a namespace where nobody has more. If the pods never call the API server, set
    /// `automountServiceAccountToken: false`.
    severity: Critical,
    category: Rbac,
    admission: Never,
    needs: Objects,
    reads: [CLUSTER_ROLE, CLUSTER_ROLE_BINDING, ROLE, ROLE_BINDING, SERVICE_ACCOUNT],
    references: ["NSA rbac"],
    check: [Check::Pods(check)],
    cases: [
        Case::pass("it reads pods", concat!(deployment!("serviceAccountName: web, containers: [{name: a, image: x}]"), role!("{apiGroups: [''], resources: [pods], verbs: [get]}"), role_binding!("Role", "r", "{kind: ServiceAccount, namespace: shop, name: web}"))),
        Case::pass("its pods have no token", concat!(deployment!("automountServiceAccountToken: false, serviceAccountName: web, containers: [{name: a, image: x}]"), cluster_role_binding!("cluster-admin", "{kind: ServiceAccount, namespace: shop, name: web}"))),
        Case::pass("nor by its service account", concat!(deployment!("serviceAccountName: web, containers: [{name: a, image: x}]"), "{apiVersion: v1, kind: ServiceAccount, metadata: {name: web, namespace: shop}, automountServiceAccountToken: false}\n---\n", cluster_role_binding!("cluster-admin", "{kind: ServiceAccount, namespace: shop, name: web}"))),
        Case::pass("it may create pods where nobody has more", concat!(deployment!("serviceAccountName: web, containers: [{name: a, image: x}]"), role!("{apiGroups: [''], resources: [pods], verbs: [create]}"), role_binding!("Role", "r", "{kind: ServiceAccount, namespace: shop, name: web}"))),
        Case::pass("it may bind one harmless role", concat!(deployment!("serviceAccountName: web, containers: [{name: a, image: x}]"), cluster_role!("{apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [bind], resourceNames: [view]}, {apiGroups: [rbac.authorization.k8s.io], resources: [clusterrolebindings], verbs: [create]}"), cluster_role_binding!("c", "{kind: ServiceAccount, namespace: shop, name: web}"))),
        Case::fail(
            "at once, although the pod says that its token is mounted and its account that it is not",
            concat!(deployment!("automountServiceAccountToken: true, serviceAccountName: web, containers: [{name: a, image: x}]"), "{apiVersion: v1, kind: ServiceAccount, metadata: {name: web, namespace: shop}, automountServiceAccountToken: false}\n---\n", cluster_role_binding!("cluster-admin", "{kind: ServiceAccount, namespace: shop, name: web}")),
            &["Deployment.apps/shop/web spec.template.spec.serviceAccountName: ServiceAccount shop/web is administrator of the cluster"],
        ),
        Case::fail(
            "by a group of all service accounts of its namespace",
            concat!(deployment!("containers: [{name: a, image: x}]"), cluster_role!("{apiGroups: [''], resources: [nodes/proxy], verbs: [get]}"), cluster_role_binding!("c", "{kind: Group, apiGroup: rbac.authorization.k8s.io, name: 'system:serviceaccounts:shop'}")),
            &["Deployment.apps/shop/web spec.template.spec.serviceAccountName: ServiceAccount shop/default may run commands in every pod by way of the nodes"],
        ),
        Case::fail(
            "over two others, by rights that come from two bindings",
            r"
{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {serviceAccountName: web, containers: [{name: a, image: x}]}}}}
---
{apiVersion: v1, kind: ServiceAccount, metadata: {name: runner, namespace: ci}}
---
{apiVersion: v1, kind: ServiceAccount, metadata: {name: deployer, namespace: cd}}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: web, namespace: ci}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}, subjects: [{kind: ServiceAccount, namespace: shop, name: web}]}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: tokens, namespace: cd}, rules: [{apiGroups: [''], resources: [serviceaccounts/token], verbs: [create], resourceNames: [deployer]}]}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: tokens, namespace: cd}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: tokens}, subjects: [{kind: ServiceAccount, namespace: ci, name: runner}]}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: binds}, rules: [{apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [bind]}]}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: bindings}, rules: [{apiGroups: [rbac.authorization.k8s.io], resources: [clusterrolebindings], verbs: [create]}]}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: binds}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: binds}, subjects: [{kind: ServiceAccount, namespace: cd, name: deployer}]}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: bindings}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: bindings}, subjects: [{kind: User, apiGroup: rbac.authorization.k8s.io, name: 'system:serviceaccount:cd:deployer'}]}
",
            &["Deployment.apps/shop/web spec.template.spec.serviceAccountName: ServiceAccount shop/web may create pods in namespace ci and so act as ServiceAccount ci/runner, which may create tokens of service accounts in namespace cd and so act as ServiceAccount cd/deployer, which may bind ClusterRoles"],
        ),
        Case::fail(
            "by commands in the pods of the namespace, one of which has more",
            r"
{apiVersion: v1, kind: Pod, metadata: {name: debugger, namespace: shop}, spec: {serviceAccountName: debugger, containers: [{name: a, image: x}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: operator, namespace: shop}, spec: {serviceAccountName: operator, containers: [{name: a, image: x}]}}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: exec, namespace: shop}, rules: [{apiGroups: [''], resources: [pods/exec], verbs: [create]}]}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: exec, namespace: shop}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: exec}, subjects: [{kind: ServiceAccount, namespace: shop, name: debugger}]}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: webhooks}, rules: [{apiGroups: [admissionregistration.k8s.io], resources: [mutatingwebhookconfigurations], verbs: [update]}]}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: webhooks}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: webhooks}, subjects: [{kind: ServiceAccount, namespace: shop, name: operator}]}
",
            &[
                "Pod/shop/debugger spec.serviceAccountName: ServiceAccount shop/debugger may run commands in pods in namespace shop and so act as ServiceAccount shop/operator, which may write webhooks that change every object",
                "Pod/shop/operator spec.serviceAccountName: ServiceAccount shop/operator may write webhooks that change every object",
            ],
        ),
        Case::fail(
            "by commands in pods that are only got, where that is enough",
            concat!(deployment!("serviceAccountName: web, containers: [{name: a, image: x}]"), cluster_role!("{apiGroups: [''], resources: [pods/exec], verbs: [get]}"), cluster_role_binding!("c", "{kind: ServiceAccount, namespace: shop, name: web}")),
            &["Deployment.apps/shop/web spec.template.spec.serviceAccountName: ServiceAccount shop/web may run commands in pods of every namespace"],
        ).for_version(34),
        Case::pass("commands in pods are only got", concat!(deployment!("serviceAccountName: web, containers: [{name: a, image: x}]"), cluster_role!("{apiGroups: [''], resources: [pods/exec], verbs: [get]}"), cluster_role_binding!("c", "{kind: ServiceAccount, namespace: shop, name: web}"))),
        Case::unknown(
            "bindings were not read",
            deployment!("containers: [{name: a, image: x}]"),
            &["ClusterRoleBinding.rbac.authorization.k8s.io"],
            &["? Deployment.apps/shop/web ClusterRoleBinding.rbac.authorization.k8s.io could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if pods.is_mirror() || !holds_token(pods, cx)? {
        return Ok(());
    }
    if let Some(way) = cx.takeover()?.way(pods.namespace(), pods.service_account())? {
        out.fail(pods.path("serviceAccountName"), way);
    }
    Ok(())
}
