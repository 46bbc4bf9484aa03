use crate::audit::{
    api::Secret,
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
};

/// Names the account whose token a secret holds; the API server asks for it.
const ACCOUNT: &str = "kubernetes.io/service-account.name";
/// What the control plane adds to that once it has put a token in.
const UID: &str = "kubernetes.io/service-account.uid";

rule! {
    /// A secret holds a token of a service account that never expires.
    ///
    /// ## Why it matters
    ///
    /// Who copies it once has it for good: it outlives every pod, is bound to nothing, and is only taken back by
    /// deleting the secret. Tokens that pods get by themselves end within hours.
    ///
    /// ## Remediation
    ///
    /// Let pods use their mounted token, and give programs outside of the cluster one that ends, by
    /// `kubectl create token --duration` or a projected volume. Then delete the secret.
    severity: Medium,
    category: Secrets,
    admission: Never,
    needs: Object,
    reads: [],
    references: ["CIS 5.1.6"],
    check: [Check::Secret(check)],
    cases: [
        Case::pass(
            "other secrets, one of them with a token of its own",
            "{apiVersion: v1, kind: Secret, metadata: {name: opaque, namespace: shop}, type: Opaque, stringData: {token: x}}\n---\n{apiVersion: v1, kind: Secret, metadata: {name: tls, namespace: shop, annotations: {kubernetes.io/service-account.name: web}}, type: Opaque}",
        ),
        Case::fail(
            "asked for",
            "{apiVersion: v1, kind: ServiceAccount, metadata: {name: web, namespace: shop}}\n---\n{apiVersion: v1, kind: Secret, metadata: {name: web-token, namespace: shop, annotations: {kubernetes.io/service-account.name: web}}, type: kubernetes.io/service-account-token}",
            &["Secret/shop/web-token type: holds a token of service account \"web\" that never expires"],
        ),
        Case::fail(
            "by its metadata alone",
            "{apiVersion: v1, kind: Secret, metadata: {name: web-token, namespace: shop, annotations: {kubernetes.io/service-account.name: web, kubernetes.io/service-account.uid: 7d1c}}}",
            &["Secret/shop/web-token type: holds a token of service account \"web\" that never expires"],
        ).in_files_only(),
    ],
}

fn check(secret: &Secret, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    // Of a cluster only the metadata of secrets is read, where an annotation tells the type.
    let annotations = &secret.metadata.annotations;
    let is_token = match secret.r#type.as_str() {
        "" => annotations.contains_key(UID),
        kind => kind == "kubernetes.io/service-account-token",
    };
    if let Some(account) = annotations.get(ACCOUNT).filter(|_| is_token) {
        out.fail("type", format!("holds a token of service account {account:?} that never expires"));
    }
    Ok(())
}
