use crate::audit::{
    case::Case,
    rule::{Check, rule},
};

rule! {
    /// An exemption is not understood and exempts from nothing.
    ///
    /// ## Why it matters
    ///
    /// Whoever wrote it believes that the defect does not count, and it does.
    ///
    /// ## Remediation
    ///
    /// Write one exemption to a line, as `RULE=REASON; until=DATE; owner=NAME`, with the id of a rule that exists.
    severity: Medium,
    category: Security,
    admission: Warn,
    needs: Object,
    reads: [],
    references: [],
    check: [Check::Exemptions],
    cases: [
        Case::pass("an exemption of use", "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop, annotations: {passmuster.dev/exempt: \"privileged-container=vendor image\"}}, spec: {containers: [{name: a, image: x, securityContext: {privileged: true}}]}}"),
        Case::fail("of a rule that does not exist", "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop, annotations: {passmuster.dev/exempt: \"no-such-rule=vendor image\"}}, spec: {containers: [{name: a, image: x, securityContext: {privileged: true}}]}}", &["Pod/shop/p metadata.annotations[passmuster.dev/exempt]: exemption \"no-such-rule=vendor image\": there is no rule \"no-such-rule\""]),
    ],
}
