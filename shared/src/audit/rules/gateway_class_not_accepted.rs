use crate::{
    audit::{
        case::Case,
        context::Context,
        findings::Findings,
        gateway::{GatewayClass, listed_conditions, read},
        rule::{Check, Outcome, rule},
        world::Custom,
    },
    model::{ObjectKey, kinds},
};

rule! {
    /// A gateway class is accepted by no controller.
    ///
    /// ## Why it matters
    ///
    /// No gateway of the class is served.
    ///
    /// ## Remediation
    ///
    /// Install the controller that `spec.controllerName` names, or correct the name or the parameters: the
    /// condition's reason says which.
    severity: High,
    category: Network,
    admission: Never,
    needs: Status,
    reads: [],
    references: [],
    check: [Check::Custom(kinds::GATEWAY_CLASS, check)],
    cases: [
        Case::pass("accepted, whatever stands first", "{apiVersion: gateway.networking.k8s.io/v1, kind: GatewayClass, metadata: {name: main}, spec: {controllerName: example.com/c}, status: {conditions: [{type: SupportedVersion, status: 'False', reason: Unsupported, message: '', lastTransitionTime: '2026-11-01T00:00:00Z'}, {type: Accepted, status: 'True', reason: Accepted, message: '', lastTransitionTime: '2026-11-01T00:00:00Z'}]}}"),
        Case::fail(
            "nobody has looked at it",
            "{apiVersion: gateway.networking.k8s.io/v1, kind: GatewayClass, metadata: {name: main}, spec: {controllerName: example.com/c}, status: {conditions: [{type: Accepted, status: 'Unknown', reason: Pending, message: '', lastTransitionTime: '2026-11-01T00:00:00Z'}]}}",
            &["GatewayClass.gateway.networking.k8s.io/main status.conditions: Accepted is Unknown: Pending"],
        ),
        Case::fail(
            "refused",
            "{apiVersion: gateway.networking.k8s.io/v1, kind: GatewayClass, metadata: {name: main}, spec: {controllerName: example.com/c}, status: {conditions: [{type: Accepted, status: 'False', reason: InvalidParameters, message: '', lastTransitionTime: '2026-11-01T00:00:00Z'}]}}",
            &["GatewayClass.gateway.networking.k8s.io/main status.conditions: Accepted is False: InvalidParameters"],
        ),
    ],
}

fn check(_: &ObjectKey, custom: &Custom, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let class: GatewayClass = read(custom)?;
    if let Some(told) =
        listed_conditions(&class.status.conditions, &[("Accepted", "False"), ("Accepted", "Unknown")])
    {
        out.fail("status.conditions", told);
    }
    Ok(())
}
