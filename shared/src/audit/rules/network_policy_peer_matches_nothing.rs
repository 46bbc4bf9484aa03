use crate::{
    audit::{
        api::{NetworkPolicy, NetworkPolicyPeer},
        case::{Case, pod},
        context::Context,
        findings::Findings,
        network::Direction,
        rule::{Check, Outcome, rule},
        world::Unknown,
    },
    model::Selector,
};

rule! {
    /// A network policy allows traffic with peers that do not exist.
    ///
    /// ## Why it matters
    ///
    /// What was meant to be allowed is denied: the label of the other side, or of its namespace, is not what the
    /// policy says.
    ///
    /// ## Remediation
    ///
    /// Compare the peer's selectors with the labels of the pods and of their namespace;
    /// `kubernetes.io/metadata.name` is on every namespace. Two selectors in one item must both match, in two
    /// items either.
    severity: Low,
    category: Network,
    admission: Never,
    needs: Objects,
    reads: [NAMESPACE, CRON_JOB, DAEMON_SET, DEPLOYMENT, JOB, POD, REPLICATION_CONTROLLER, REPLICA_SET, STATEFUL_SET],
    references: [],
    check: [Check::NetworkPolicy(check)],
    cases: [
        Case::pass("empty selectors are everybody", "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {}, ingress: [{from: [{namespaceSelector: {}}, {podSelector: {}}, {namespaceSelector: {}, podSelector: {}}]}]}}"),
        Case::pass("addresses", "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}}"),
        Case::pass("the DNS of the cluster, by a label that the API server gives its namespace", "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {}, egress: [{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}]}]}}"),
        Case::pass("pods of a namespace of this label", "{apiVersion: v1, kind: Namespace, metadata: {name: other, labels: {team: a}}}\n---\n{apiVersion: v1, kind: Pod, metadata: {name: q, namespace: other, labels: {app: db}}, spec: {containers: [{name: a, image: x}]}}\n---\n{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {}, ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: team, operator: In, values: [a, b]}]}, podSelector: {matchLabels: {app: db}}}]}]}}"),
        Case::pass("pods of any namespace", concat!(pod!("containers: [{name: a, image: x}]"), "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: other}, spec: {podSelector: {}, ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}]}]}}")),
        Case::fail(
            "pods of the policy's own namespace alone, and namespaces that are not there",
            concat!(pod!("containers: [{name: a, image: x}]"), "{apiVersion: v1, kind: Namespace, metadata: {name: shop}}\n---\n{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: other}, spec: {podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}], egress: [{to: [{namespaceSelector: {matchLabels: {team: a}}}]}]}}"),
            &[
                "NetworkPolicy.networking.k8s.io/other/p spec.egress[0].to[0]: selects no namespaces: team=a",
                "NetworkPolicy.networking.k8s.io/other/p spec.ingress[0].from[0]: selects no pods: app=web",
            ],
        ),
        Case::fail(
            "the namespace is there, the pods are not",
            "{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {team: a}}}\n---\n{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}, podSelector: {matchLabels: {app: db}}}]}]}}",
            &["NetworkPolicy.networking.k8s.io/shop/p spec.ingress[0].from[0]: selects no pods: app=db in namespaces team=a"],
        ),
        Case::unknown(
            "in files, the pods of the cluster's DNS",
            "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}, podSelector: {matchLabels: {k8s-app: kube-dns}}}]}]}}\n---\n{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: other}, spec: {podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}, podSelector: {matchLabels: {k8s-app: kube-dns}}}]}]}}",
            &[],
            &[
                "? NetworkPolicy.networking.k8s.io/other/p the files are not all there is of every namespace; there may be such a Pod in another",
                "? NetworkPolicy.networking.k8s.io/shop/p the files are not all there is of namespace kube-system; there may be such a Pod",
            ],
        ).in_files_only(),
        Case::unknown(
            "namespaces were not read; the rest is still judged",
            "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: {podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}}, {podSelector: {matchLabels: {app: db}}}]}]}}",
            &["Namespace"],
            &[
                "NetworkPolicy.networking.k8s.io/shop/p spec.ingress[0].from[1]: selects no pods: app=db",
                "? NetworkPolicy.networking.k8s.io/shop/p Namespace could not be read: Forbidden: no permission",
            ],
        ),
    ],
}

fn check(policy: &NetworkPolicy, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let namespace = policy.metadata.namespace.as_str();
    for (direction, rules, peers) in
        [(Direction::Ingress, "ingress", "from"), (Direction::Egress, "egress", "to")]
    {
        if !policy.spec.limits(direction) {
            continue;
        }
        for (rule, (all, _)) in policy.spec.rules(direction).enumerate() {
            for (at, peer) in all.iter().enumerate() {
                match nobody(peer, namespace, cx) {
                    Ok(None) => {}
                    Ok(Some(told)) => {
                        out.fail(format!("spec.{rules}[{rule}].{peers}[{at}]"), told);
                    }
                    Err(unknown) => out.unknown(&unknown),
                }
            }
        }
    }
    Ok(())
}

/// What a peer selects none of.
fn nobody(peer: &NetworkPolicyPeer, namespace: &str, cx: &Context<'_>) -> Result<Option<String>, Unknown> {
    let pods = peer.pod_selector.as_ref().map(Selector::from).filter(|it| !it.is_everything());
    let Some(namespaces) = peer.namespace_selector.as_ref().map(Selector::from) else {
        let Some(pods) = pods else { return Ok(None) };
        let none = cx.selected(namespace, &pods)?.is_empty();
        return Ok(none.then(|| format!("selects no pods: {pods}")));
    };
    if namespaces.is_everything() {
        let Some(pods) = pods else { return Ok(None) };
        return Ok((!cx.any_selected(&pods)?).then(|| format!("selects no pods: {pods} in any namespace")));
    }
    let found = cx.selected_namespaces(&namespaces)?;
    if found.is_empty() {
        return Ok(Some(format!("selects no namespaces: {namespaces}")));
    }
    let Some(pods) = pods else { return Ok(None) };
    for namespace in &found {
        if !cx.selected(namespace, &pods)?.is_empty() {
            return Ok(None);
        }
    }
    Ok(Some(format!("selects no pods: {pods} in namespaces {namespaces}")))
}
