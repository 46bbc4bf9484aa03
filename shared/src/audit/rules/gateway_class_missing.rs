use crate::{
    audit::{
        case::Case,
        context::Context,
        findings::Findings,
        gateway::{Gateway, read},
        rule::{Check, Outcome, rule},
        world::Custom,
    },
    model::{ObjectKey, kinds},
};

rule! {
    /// A gateway is of a class that does not exist.
    ///
    /// ## Why it matters
    ///
    /// No controller looks at it: it never gets an address, and no route of it is served.
    ///
    /// ## Remediation
    ///
    /// Set `gatewayClassName` to one of `kubectl get gatewayclass`, or install the controller that brings it.
    severity: High,
    category: Network,
    admission: Never,
    needs: Objects,
    reads: [GATEWAY_CLASS],
    references: [],
    check: [Check::Custom(kinds::GATEWAY, check)],
    cases: [
        Case::pass("it exists", "{apiVersion: gateway.networking.k8s.io/v1, kind: GatewayClass, metadata: {name: main}, spec: {controllerName: example.com/c}}\n---\n{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: web, namespace: infra}, spec: {gatewayClassName: main, listeners: [{name: http, port: 80, protocol: HTTP}]}}"),
        Case::fail("it does not", "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: web, namespace: infra}, spec: {gatewayClassName: main, listeners: [{name: http, port: 80, protocol: HTTP}]}}", &["Gateway.gateway.networking.k8s.io/infra/web spec.gatewayClassName: GatewayClass \"main\" does not exist"]),
        Case::unknown(
            "classes were not read",
            "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: web, namespace: infra}, spec: {gatewayClassName: main, listeners: [{name: http, port: 80, protocol: HTTP}]}}",
            &["GatewayClass.gateway.networking.k8s.io"],
            &["? Gateway.gateway.networking.k8s.io/infra/web GatewayClass.gateway.networking.k8s.io could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(_: &ObjectKey, custom: &Custom, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let gateway: Gateway = read(custom)?;
    let name = gateway.spec.gateway_class_name.as_str();
    if cx.get_custom(kinds::GATEWAY_CLASS, "", name)?.is_none() {
        out.fail("spec.gatewayClassName", format!("GatewayClass {name:?} does not exist"));
    }
    Ok(())
}
