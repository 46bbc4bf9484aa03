use crate::audit::{
    api::Secret,
    case::{Case, pod, role},
    context::Context,
    findings::Findings,
    references::{Target, of_pods},
    rule::{Check, Outcome, rule},
    subject::PodView,
};

rule! {
    /// A pod needs a secret that does not exist.
    ///
    /// ## Why it matters
    ///
    /// The container is not started: it waits in CreateContainerConfigError, or the pod in ContainerCreating, until somebody
    /// makes the secret.
    ///
    /// ## Remediation
    ///
    /// Create the secret in the namespace of the pod, correct the name, or mark the reference `optional: true` if the
    /// application runs without it.
    severity: High,
    category: References,
    admission: Never,
    needs: Objects,
    reads: [SECRET],
    references: ["https://kubernetes.io/docs/concepts/configuration/secret/"],
    check: [Check::Pods(check)],
    cases: [
        Case::fail(
            "from each place that can name one, in a volume and in a variable",
            concat!(pod!("initContainers: [{name: i, image: x, envFrom: [{secretRef: {name: one}}]}], containers: [{name: a, image: x, env: [{name: A, valueFrom: {secretKeyRef: {name: two, key: k}}}]}], volumes: [{name: v, secret: {secretName: three}}, {name: w, projected: {sources: [{secret: {name: four}}]}}, {name: c, csi: {driver: d, nodePublishSecretRef: {name: five}}}]"), "{apiVersion: v1, kind: Secret, metadata: {name: other, namespace: shop}}"),
            &[
                "Pod/shop/p spec.volumes[0].secret.secretName: secret \"three\" does not exist",
                "Pod/shop/p spec.volumes[1].projected.sources[0].secret.name: secret \"four\" does not exist",
                "Pod/shop/p spec.volumes[2].csi.nodePublishSecretRef.name: secret \"five\" does not exist",
                "Pod/shop/p [a] spec.containers[0].env[0].valueFrom.secretKeyRef: secret \"two\" does not exist",
                "Pod/shop/p [i] spec.initContainers[0].envFrom[0].secretRef.name: secret \"one\" does not exist",
            ],
        ),
        Case::pass(
            "optional, or there",
            concat!(pod!("containers: [{name: a, image: x, envFrom: [{secretRef: {name: gone, optional: true}}]}], volumes: [{name: v, secret: {secretName: there}}, {name: w, secret: {secretName: gone, optional: true}}]"), "{apiVersion: v1, kind: Secret, metadata: {name: there, namespace: shop}, stringData: {A: b}}"),
        ),
        Case::pass(
            "in files, what a controller will make of another object",
            concat!(pod!("containers: [{name: a, image: x}], volumes: [{name: v, secret: {secretName: tls}}, {name: w, secret: {secretName: db}}, {name: u, secret: {secretName: sealed}}]"), "{apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: c, namespace: shop}, spec: {secretName: tls}}\n---\n{apiVersion: external-secrets.io/v1, kind: ExternalSecret, metadata: {name: e, namespace: shop}, spec: {target: {name: db}}}\n---\n{apiVersion: bitnami.com/v1alpha1, kind: SealedSecret, metadata: {name: sealed, namespace: shop}}"),
        ).in_files_only(),
        Case::pass(
            "in files, of a list, by its own name, of a service, of an object of the whole cluster",
            concat!(
                pod!("containers: [{name: a, image: x}], volumes: [{name: v, secret: {secretName: one}}, {name: w, secret: {secretName: two}}, {name: u, secret: {secretName: three}}, {name: t, secret: {secretName: four}}, {name: s, secret: {secretName: five}}]"),
                "{apiVersion: secrets-store.csi.x-k8s.io/v1, kind: SecretProviderClass, metadata: {name: c, namespace: shop}, spec: {provider: vault, secretObjects: [{secretName: one, type: Opaque}, {secretName: other, type: Opaque}]}}\n---\n",
                "{apiVersion: onepassword.com/v1, kind: OnePasswordItem, metadata: {name: two, namespace: shop}, spec: {itemPath: vaults/a/items/b}}\n---\n",
                "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop, annotations: {service.beta.openshift.io/serving-cert-secret-name: three}}, spec: {ports: [{port: 443}]}}\n---\n",
                "{apiVersion: external-secrets.io/v1, kind: ClusterExternalSecret, metadata: {name: c}, spec: {externalSecretName: four, externalSecretSpec: {refreshInterval: 1h}}}\n---\n",
                "{apiVersion: secrets.hashicorp.com/v1beta1, kind: VaultStaticSecret, metadata: {name: v, namespace: shop}, spec: {destination: {create: true, name: five}}}\n---\n",
                "{apiVersion: v1, kind: Secret, metadata: {name: other, namespace: shop}}",
            ),
        ).in_files_only(),
        Case::fail(
            "in files, what is made in another namespace, or is a config map",
            concat!(
                pod!("containers: [{name: a, image: x}], volumes: [{name: v, secret: {secretName: one}}, {name: w, secret: {secretName: two}}]"),
                "{apiVersion: onepassword.com/v1, kind: OnePasswordItem, metadata: {name: one, namespace: other}, spec: {itemPath: vaults/a/items/b}}\n---\n",
                "{apiVersion: trust.cert-manager.io/v1alpha1, kind: Bundle, metadata: {name: two}, spec: {sources: [], target: {configMap: {key: ca.crt}}}}",
            ),
            &[
                "Pod/shop/p spec.volumes[0].secret.secretName: secret \"one\" does not exist",
                "Pod/shop/p spec.volumes[1].secret.secretName: secret \"two\" does not exist",
            ],
        ).in_files_only(),
        Case::unknown(
            "in files, what an operator may make for an application that is named so",
            concat!(
                pod!("containers: [{name: a, image: x, env: [{name: A, valueFrom: {secretKeyRef: {name: es-es-elastic-user, key: elastic}}}]}]"),
                "{apiVersion: elasticsearch.k8s.elastic.co/v1, kind: Elasticsearch, metadata: {name: es, namespace: shop}, spec: {version: 9.0.0}}",
            ),
            &[],
            &["? Pod/shop/p Elasticsearch.elasticsearch.k8s.elastic.co/shop/es may make Secret \"es-es-elastic-user\""],
        ).in_files_only(),
        Case::fail(
            "in files, after something else, or in another namespace",
            concat!(
                pod!("containers: [{name: a, image: x}], volumes: [{name: v, secret: {secretName: essential}}, {name: w, secret: {secretName: db-user}}, {name: u, secret: {secretName: web-tls}}]"),
                "{apiVersion: elasticsearch.k8s.elastic.co/v1, kind: Elasticsearch, metadata: {name: es, namespace: shop}, spec: {version: 9.0.0}}\n---\n",
                "{apiVersion: example.com/v1, kind: Database, metadata: {name: db, namespace: other}}\n---\n",
                "{apiVersion: argoproj.io/v1alpha1, kind: Rollout, metadata: {name: web, namespace: shop}}\n---\n",
                "{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: web, namespace: shop}}",
            ),
            &[
                "Pod/shop/p spec.volumes[0].secret.secretName: secret \"essential\" does not exist",
                "Pod/shop/p spec.volumes[1].secret.secretName: secret \"db-user\" does not exist",
                "Pod/shop/p spec.volumes[2].secret.secretName: secret \"web-tls\" does not exist",
            ],
        ).in_files_only(),
        Case::unknown(
            "in files, what the application may make itself when it runs",
            concat!(pod!("containers: [{name: a, image: x, envFrom: [{secretRef: {name: made}}]}]"), role!("{apiGroups: [''], resources: [secrets], verbs: [get, create]}")),
            &[],
            &["? Pod/shop/p Secret \"made\" may be made by who has Role.rbac.authorization.k8s.io/shop/r"],
        ).in_files_only(),
        Case::unknown(
            "in files, a name that is still to be filled in",
            pod!("containers: [{name: a, image: x, envFrom: [{secretRef: {name: '${NAME}-db'}}]}]"),
            &[],
            &["? Pod/shop/p name \"${NAME}-db\" is still to be filled in"],
        ).in_files_only(),
        Case::unknown(
            "forbidden is not missing",
            pod!("containers: [{name: a, image: x, envFrom: [{secretRef: {name: gone}}]}]"),
            &["Secret"],
            &["? Pod/shop/p Secret in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    of_pods(pods, &mut |reference| {
        if reference.target != Target::Secret || reference.optional {
            return;
        }
        match cx.will_exist::<Secret>(pods.namespace(), reference.name) {
            Ok(true) => {}
            Ok(false) => {
                let found = out.fail(reference.path(), format!("secret {:?} does not exist", reference.name));
                if let Some(container) = reference.container() {
                    found.container(container);
                }
            }
            Err(unknown) => out.unknown(&unknown),
        }
    });
    Ok(())
}
