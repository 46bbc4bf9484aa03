use crate::audit::{
    case::Case,
    rule::{Check, rule},
};

rule! {
    /// An exemption exempts from nothing.
    ///
    /// ## Why it matters
    ///
    /// The defect is gone, or never was there. When it comes back, the exemption hides it from everyone.
    ///
    /// ## Remediation
    ///
    /// Remove the line from the annotation `passmuster.dev/exempt`.
    severity: Low,
    category: Security,
    admission: Warn,
    needs: Object,
    reads: [],
    references: [],
    check: [Check::Exemptions],
    cases: [
        Case::pass("an exemption of use", "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop, annotations: {passmuster.dev/exempt: \"privileged-container=vendor image\"}}, spec: {containers: [{name: a, image: x, securityContext: {privileged: true}}]}}"),
        Case::fail("without the defect", "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop, annotations: {passmuster.dev/exempt: \"privileged-container=vendor image\"}}, spec: {containers: [{name: a, image: x, securityContext: {privileged: false}}]}}", &["Pod/shop/p metadata.annotations[passmuster.dev/exempt]: exemption of privileged-container exempts from nothing"]),
    ],
}
