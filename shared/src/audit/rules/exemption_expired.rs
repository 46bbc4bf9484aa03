use crate::audit::{
    case::Case,
    rule::{Check, rule},
};

rule! {
    /// The last day of an exemption is over.
    ///
    /// ## Why it matters
    ///
    /// An exemption that has ended exempts from nothing any more: the defect counts again, and who reads the object still believes that it does not.
    ///
    /// ## Remediation
    ///
    /// Mend the defect, or agree on a new last day with its owner and write it behind `until=`.
    severity: Medium,
    category: Security,
    admission: Warn,
    needs: Object,
    reads: [],
    references: [],
    check: [Check::Exemptions],
    cases: [
        Case::pass("an exemption of use", "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop, annotations: {passmuster.dev/exempt: \"privileged-container=vendor image; until=2026-11-28\"}}, spec: {containers: [{name: a, image: x, securityContext: {privileged: true}}]}}"),
        Case::fail("the day after its last", "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop, annotations: {passmuster.dev/exempt: \"privileged-container=vendor image; until=2026-11-27\"}}, spec: {containers: [{name: a, image: x, securityContext: {privileged: true}}]}}", &["Pod/shop/p metadata.annotations[passmuster.dev/exempt]: exemption of privileged-container ended on 2026-11-27"]),
    ],
}
