use crate::audit::{
    api::Secret,
    case::{Case, pod},
    consumers,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
};

rule! {
    /// Nothing that was read uses a secret.
    ///
    /// ## Why it matters
    ///
    /// A credential that nobody needs can still be stolen, and nobody notices. A program may still read it through
    /// the API: that can't be seen from outside.
    ///
    /// ## Remediation
    ///
    /// Take back the credential where it was issued, then delete the secret, once nobody reads it through the API.
    severity: Info,
    category: References,
    admission: Never,
    needs: Objects,
    reads: [
        POD, DEPLOYMENT, REPLICA_SET, REPLICATION_CONTROLLER, STATEFUL_SET, DAEMON_SET, JOB, CRON_JOB, POD_TEMPLATE,
        SERVICE_ACCOUNT, INGRESS, SERVICE, ROLE, CLUSTER_ROLE, PERSISTENT_VOLUME, STORAGE_CLASS, API_SERVICE,
        VALIDATING_WEBHOOK_CONFIGURATION, MUTATING_WEBHOOK_CONFIGURATION, CONFIG_MAP, ALERTMANAGER, CERTIFICATE,
        CLUSTER_ISSUER, FLUX_KUSTOMIZATION, GATEWAY, HELM_RELEASE, INGRESS_ROUTE, ISSUER, PROMETHEUS,
    ],
    references: [],
    check: [Check::Secret(check)],
    cases: [
        Case::pass(
            "in each place of a pod: variable, all variables, volume, projected volume, pull secret, driver",
            concat!(
                pod!("initContainers: [{name: i, image: x, envFrom: [{secretRef: {name: one}}]}], containers: [{name: a, image: x, env: [{name: A, valueFrom: {secretKeyRef: {name: two, key: a}}}]}], volumes: [{name: v, secret: {secretName: three}}, {name: w, projected: {sources: [{secret: {name: four}}]}}, {name: c, csi: {driver: d.example.com, nodePublishSecretRef: {name: six}}}], imagePullSecrets: [{name: five}]"),
                "{apiVersion: v1, kind: Secret, metadata: {name: one, namespace: shop}}\n---\n",
                "{apiVersion: v1, kind: Secret, metadata: {name: two, namespace: shop}}\n---\n",
                "{apiVersion: v1, kind: Secret, metadata: {name: three, namespace: shop}}\n---\n",
                "{apiVersion: v1, kind: Secret, metadata: {name: four, namespace: shop}}\n---\n",
                "{apiVersion: v1, kind: Secret, metadata: {name: five, namespace: shop}}\n---\n",
                "{apiVersion: v1, kind: Secret, metadata: {name: six, namespace: shop}}",
            ),
        ),
        Case::pass(
            "one secret, mounted and in a variable",
            concat!(
                pod!("containers: [{name: a, image: x, env: [{name: A, valueFrom: {secretKeyRef: {name: one, key: a}}}]}], volumes: [{name: v, secret: {secretName: one}}]"),
                "{apiVersion: v1, kind: Secret, metadata: {name: one, namespace: shop}}",
            ),
        ),
        Case::pass(
            "of an ingress, of an account, of a volume, of a class",
            concat!(
                "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: i, namespace: shop, annotations: {nginx.ingress.kubernetes.io/auth-secret: shop/basic-auth}}, spec: {tls: [{hosts: [shop.example.com], secretName: tls}], defaultBackend: {service: {name: web, port: {number: 80}}}}}\n---\n",
                "{apiVersion: v1, kind: ServiceAccount, metadata: {name: web, namespace: shop}, imagePullSecrets: [{name: registry}]}\n---\n",
                "{apiVersion: v1, kind: PersistentVolume, metadata: {name: pv}, spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], csi: {driver: d.example.com, volumeHandle: h, nodeStageSecretRef: {name: stage, namespace: shop}}}}\n---\n",
                "{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: sc}, provisioner: d.example.com, parameters: {csi.storage.k8s.io/provisioner-secret-name: provision}}\n---\n",
                "{apiVersion: v1, kind: Secret, metadata: {name: basic-auth, namespace: shop}}\n---\n",
                "{apiVersion: v1, kind: Secret, metadata: {name: tls, namespace: shop}}\n---\n",
                "{apiVersion: v1, kind: Secret, metadata: {name: registry, namespace: shop}}\n---\n",
                "{apiVersion: v1, kind: Secret, metadata: {name: stage, namespace: shop}}\n---\n",
                "{apiVersion: v1, kind: Secret, metadata: {name: provision, namespace: shop}}",
            ),
        ),
        Case::pass(
            "named by a custom resource, or kept by a package manager",
            concat!(
                "{apiVersion: example.com/v1, kind: Database, metadata: {name: d, namespace: shop}, spec: {auth: [{secretRef: {name: db}}]}}\n---\n",
                "{apiVersion: v1, kind: Secret, metadata: {name: db, namespace: shop}}\n---\n",
                "{apiVersion: v1, kind: Secret, metadata: {name: sh.helm.release.v1.web.v1, namespace: shop, labels: {owner: helm}}, type: helm.sh/release.v1}\n---\n",
                "{apiVersion: v1, kind: Secret, metadata: {name: web-token, namespace: shop, annotations: {kubernetes.io/service-account.name: web}}}",
            ),
        ).in_files_only(),
        Case::fail(
            "used in another namespace only",
            concat!(
                "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: other}, spec: {containers: [{name: a, image: x, envFrom: [{secretRef: {name: app}}]}]}}\n---\n",
                "{apiVersion: v1, kind: Secret, metadata: {name: app, namespace: shop}}",
            ),
            &["Secret/shop/app nothing uses it"],
        ),
        Case::unknown(
            "an ingress may use it",
            "{apiVersion: v1, kind: Secret, metadata: {name: app, namespace: shop}}",
            &["Ingress.networking.k8s.io"],
            &["? Secret/shop/app Ingress.networking.k8s.io in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(secret: &Secret, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let metadata = &secret.metadata;
    let is_of_system = matches!(
        secret.r#type.as_str(),
        "kubernetes.io/service-account-token" | "bootstrap.kubernetes.io/token" | "helm.sh/release.v1"
    );
    let used = || cx.consumers().use_secret(&metadata.namespace, &metadata.name);
    if !is_of_system && !consumers::is_used_unnamed(metadata) && !used() {
        consumers::all_read(cx, &metadata.namespace)?;
        out.fail("", "nothing uses it");
    }
    Ok(())
}
