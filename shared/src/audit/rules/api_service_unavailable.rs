use crate::audit::{
    api::ApiService,
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
};

rule! {
    /// An aggregated API is not available.
    ///
    /// ## Why it matters
    ///
    /// Its group is gone: `kubectl get all` reports errors, namespaces can't be deleted, since nobody can say
    /// what is in them, and autoscalers lose their metrics.
    ///
    /// ## Remediation
    ///
    /// Look at the pods of the service behind it and at whether the API server reaches them. If what it belonged
    /// to is gone, delete the APIService.
    severity: High,
    category: Network,
    admission: Never,
    needs: Status,
    reads: [],
    references: [],
    check: [Check::ApiService(check)],
    cases: [
        Case::pass("available", "{apiVersion: apiregistration.k8s.io/v1, kind: APIService, metadata: {name: v1.example.com}, spec: {group: example.com, version: v1, groupPriorityMinimum: 100, versionPriority: 10, service: {namespace: hooks, name: s}}, status: {conditions: [{type: Available, status: 'True', reason: Passed}]}}").in_files_only(),
        Case::pass("the API server's own says nothing of itself", "{apiVersion: apiregistration.k8s.io/v1, kind: APIService, metadata: {name: v1.example.com}, spec: {group: example.com, version: v1, groupPriorityMinimum: 100, versionPriority: 10}}"),
        Case::fail(
            "not",
            "{apiVersion: apiregistration.k8s.io/v1, kind: APIService, metadata: {name: v1.example.com}, spec: {group: example.com, version: v1, groupPriorityMinimum: 100, versionPriority: 10, service: {namespace: hooks, name: s}}, status: {conditions: [{type: Available, status: 'False', reason: ServiceNotFound}]}}",
            &["APIService.apiregistration.k8s.io/v1.example.com status.conditions: Available is False: ServiceNotFound"],
        ),
    ],
}

fn check(service: &ApiService, _: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let available = service.status.conditions.iter().find(|it| it.r#type == "Available");
    if let Some(condition) = available.filter(|it| it.status != "True") {
        out.fail("status.conditions", format!("Available is {}: {}", condition.status, condition.reason));
    }
    Ok(())
}
