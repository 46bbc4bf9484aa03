use crate::{
    audit::{
        case::Case,
        context::Context,
        findings::Findings,
        gateway::{Gateway, listed_conditions, read},
        rule::{Check, Outcome, rule},
        world::Custom,
    },
    model::{ObjectKey, kinds},
};

rule! {
    /// A gateway, or one of its listeners, is not served.
    ///
    /// ## Why it matters
    ///
    /// Its hosts get no answer. Its routes look right, since it is not they that are refused.
    ///
    /// ## Remediation
    ///
    /// Read the reason: `InvalidCertificateRef` and `RefNotPermitted` are about the listener's secret,
    /// `PortUnavailable` and `Conflicted` about two listeners for one port, `AddressNotUsable` and `Pending`
    /// about the load balancer.
    severity: High,
    category: Network,
    admission: Never,
    needs: Status,
    reads: [],
    references: [],
    check: [Check::Custom(kinds::GATEWAY, check)],
    cases: [
        Case::pass("programmed", "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: web, namespace: infra}, spec: {gatewayClassName: main, listeners: [{name: http, port: 80, protocol: HTTP}]}, status: {conditions: [{type: Programmed, status: 'True', reason: Programmed, message: '', lastTransitionTime: '2026-11-01T00:00:00Z'}, {type: Accepted, status: 'True', reason: Accepted, message: '', lastTransitionTime: '2026-11-01T00:00:00Z'}], listeners: [{name: http, attachedRoutes: 0, supportedKinds: [], conditions: [{type: Programmed, status: 'True', reason: Programmed, message: '', lastTransitionTime: '2026-11-01T00:00:00Z'}, {type: Conflicted, status: 'False', reason: NoConflicts, message: '', lastTransitionTime: '2026-11-01T00:00:00Z'}]}]}}"),
        Case::pass("a condition of the controller's own", "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: web, namespace: infra}, spec: {gatewayClassName: main, listeners: [{name: http, port: 80, protocol: HTTP}]}, status: {conditions: [{type: Healthy, status: 'False', reason: Fine, message: '', lastTransitionTime: '2026-11-01T00:00:00Z'}]}}"),
        Case::fail(
            "a listener, and nobody has looked at the gateway",
            "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: web, namespace: infra}, spec: {gatewayClassName: main, listeners: [{name: http, port: 80, protocol: HTTP}]}, status: {conditions: [{type: Accepted, status: 'Unknown', reason: Pending, message: '', lastTransitionTime: '2026-11-01T00:00:00Z'}, {type: Programmed, status: 'Unknown', reason: Pending, message: '', lastTransitionTime: '2026-11-01T00:00:00Z'}], listeners: [{name: http, attachedRoutes: 0, supportedKinds: [], conditions: [{type: ResolvedRefs, status: 'False', reason: InvalidCertificateRef, message: '', lastTransitionTime: '2026-11-01T00:00:00Z'}]}]}}",
            &[
                "Gateway.gateway.networking.k8s.io/infra/web status.conditions: Accepted is Unknown: Pending, Programmed is Unknown: Pending",
                "Gateway.gateway.networking.k8s.io/infra/web status.listeners[0].conditions: listener \"http\": ResolvedRefs is False: InvalidCertificateRef",
            ],
        ),
    ],
}

const GATEWAY: &[(&str, &str)] =
    &[("Accepted", "False"), ("Accepted", "Unknown"), ("Programmed", "False"), ("Programmed", "Unknown")];
const LISTENER: &[(&str, &str)] =
    &[("Accepted", "False"), ("Conflicted", "True"), ("Programmed", "False"), ("ResolvedRefs", "False")];

fn check(_: &ObjectKey, custom: &Custom, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let gateway: Gateway = read(custom)?;
    if let Some(told) = listed_conditions(&gateway.status.conditions, GATEWAY) {
        out.fail("status.conditions", told);
    }
    for (at, listener) in gateway.status.listeners.iter().enumerate() {
        if let Some(told) = listed_conditions(&listener.conditions, LISTENER) {
            let path = format!("status.listeners[{at}].conditions");
            out.fail(path, format!("listener {:?}: {told}", listener.name));
        }
    }
    Ok(())
}
