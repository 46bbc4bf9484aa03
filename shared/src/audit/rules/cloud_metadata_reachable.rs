use std::net::Ipv4Addr;

use crate::audit::{
    api::{IntOrString, IpBlock, NetworkPolicy, NetworkPolicyEgressRule},
    case::{Case, deployment, pod},
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
    subject::PodView,
    world::Object as _,
};

/// Where clouds answer their machines, over HTTP.
const METADATA: Ipv4Addr = Ipv4Addr::new(169, 254, 169, 254);

rule! {
    /// Pods reach the metadata service of the cloud at 169.254.169.254.
    ///
    /// ## Why it matters
    ///
    /// The service hands the credentials of the machine to whoever asks on it. A program that can be made to fetch an
    /// address gives away the node's rights in the cloud, which often include every disk and image of the cluster.
    ///
    /// ## Remediation
    ///
    /// Add a network policy for egress that allows `0.0.0.0/0` only with `except: [169.254.169.254/32]`, or allows
    /// nothing but what is needed. Require session tokens with a hop limit of 1 where the cloud has them.
    severity: Low,
    category: Security,
    admission: Never,
    needs: Objects,
    reads: [NETWORK_POLICY],
    references: ["NSA network-separation"],
    check: [Check::Pods(check)],
    cases: [
        Case::pass(
            "excepted",
            concat!(
                deployment!("containers: [{name: a, image: x}]"),
                "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: egress, namespace: shop}, spec: {podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.169.254/32]}}]}]}}",
            ),
        ),
        Case::pass(
            "no egress at all, for the pods that it selects",
            concat!(
                deployment!("containers: [{name: a, image: x}]"),
                "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: egress, namespace: shop}, spec: {podSelector: {matchExpressions: [{key: app, operator: In, values: [web]}]}, policyTypes: [Egress]}}",
            ),
        ),
        Case::pass(
            "egress to pods alone, and everywhere but for HTTP",
            concat!(
                deployment!("containers: [{name: a, image: x}]"),
                "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: egress, namespace: shop}, spec: {podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}}]}, {ports: [{protocol: UDP, port: 53}, {protocol: TCP, port: 443}]}]}}",
            ),
        ),
        Case::pass(
            "pods in the network of their node, which no policy holds",
            pod!("hostNetwork: true, containers: [{name: a, image: x}]"),
        ),
        Case::fail(
            "nothing is said about egress",
            concat!(
                deployment!("containers: [{name: a, image: x}]"),
                "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: egress, namespace: shop}, spec: {podSelector: {}, policyTypes: [Ingress]}}",
            ),
            &["Deployment.apps/shop/web no network policy keeps pods from 169.254.169.254"],
        ),
        Case::fail(
            "one of two policies lets it through",
            concat!(
                deployment!("containers: [{name: a, image: x}]"),
                "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: deny, namespace: shop}, spec: {podSelector: {}, policyTypes: [Egress]}}\n---\n",
                "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: link-local, namespace: shop}, spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 169.254.0.0/16}}], ports: [{port: 79, endPort: 81}]}]}}",
            ),
            &["Deployment.apps/shop/web NetworkPolicy.networking.k8s.io/shop/link-local lets pods reach 169.254.169.254"],
        ),
        Case::unknown(
            "policies may hold it",
            deployment!("containers: [{name: a, image: x}]"),
            &["NetworkPolicy.networking.k8s.io"],
            &["? Deployment.apps/shop/web NetworkPolicy.networking.k8s.io in namespace shop could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(pods: &PodView<'_>, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    if pods.spec.host_network {
        return Ok(());
    }
    let policies = cx.policies_of(pods)?;
    let mut held = false;
    for policy in policies.into_iter().filter(|policy| holds_egress(policy)) {
        held = true;
        if policy.spec.egress.iter().any(lets_through) {
            out.fail("", format!("{} lets pods reach {METADATA}", policy.key()));
            return Ok(());
        }
    }
    if !held {
        out.fail("", format!("no network policy keeps pods from {METADATA}"));
    }
    Ok(())
}

fn holds_egress(policy: &NetworkPolicy) -> bool {
    let types = &policy.spec.policy_types;
    types.iter().any(|one| one == "Egress") || (types.is_empty() && !policy.spec.egress.is_empty())
}

fn lets_through(rule: &NetworkPolicyEgressRule) -> bool {
    let to =
        rule.to.is_empty() || rule.to.iter().any(|peer| peer.ip_block.as_ref().is_some_and(holds_metadata));
    let port = rule.ports.is_empty()
        || rule.ports.iter().any(|port| {
            let is_tcp = port.protocol.as_deref().is_none_or(|protocol| protocol == "TCP");
            // A port by name is that of a pod.
            let first = port.port.as_ref().map_or(Some(80), IntOrString::number);
            is_tcp && first.is_some_and(|first| (first..=port.end_port.unwrap_or(first)).contains(&80))
        });
    to && port
}

fn holds_metadata(block: &IpBlock) -> bool {
    holds(&block.cidr) && !block.except.iter().any(|except| holds(except))
}

/// Whether the address is in a network: `169.254.0.0/16`.
fn holds(cidr: &str) -> bool {
    let Some((address, bits)) = cidr.split_once('/') else {
        return false;
    };
    let (Ok(address), Ok(bits)) = (address.parse::<Ipv4Addr>(), bits.parse::<u32>()) else {
        return false;
    };
    let mask = u32::MAX.checked_shl(32_u32.saturating_sub(bits)).unwrap_or(0);
    address.to_bits() & mask == METADATA.to_bits() & mask
}
