use crate::audit::{
    case::Case,
    context::Context,
    findings::Findings,
    kubernetes_version::KubernetesVersion,
    rule::{Check, Outcome, rule},
};

rule! {
    /// The cluster runs a version of Kubernetes that gets no fixes any more.
    ///
    /// ## Why it matters
    ///
    /// Kubernetes is maintained in its three newest minor versions. Older ones stay open to every hole that becomes known
    /// after that, and the way to a maintained version gets longer with each release: minor versions can't be skipped.
    ///
    /// ## Remediation
    ///
    /// Upgrade the control plane one minor version at a time, and the nodes after it. Fix what `removed-api` finds for the
    /// next version first.
    severity: High,
    category: Api,
    admission: Never,
    needs: Status,
    reads: [],
    references: ["https://kubernetes.io/releases/"],
    check: [Check::Cluster(check)],
    cases: [
        Case::fail(
            "one too old",
            "{apiVersion: v1, kind: Namespace, metadata: {name: shop}}",
            &["Kubernetes 1.33 is out of support: 3 minor versions older than 1.36, of which at most 2 are maintained beside it"],
        ).for_version(33),
        Case::pass("the oldest that is maintained", "{apiVersion: v1, kind: Namespace, metadata: {name: shop}}").for_version(34),
        Case::pass("newer than this was built for", "{apiVersion: v1, kind: Namespace, metadata: {name: shop}}").for_version(38),
    ],
}

fn check(cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let (version, newest) = (cx.version(), KubernetesVersion::NEWEST);
    if version.major == newest.major && version.minor + 2 < newest.minor {
        let behind = newest.minor - version.minor;
        out.fail(
            "",
            format!(
                "Kubernetes {version} is out of support: {behind} minor versions older than {newest}, of which at most 2 are maintained beside it"
            ),
        );
    }
    Ok(())
}
