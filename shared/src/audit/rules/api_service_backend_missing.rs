use crate::audit::{
    api::{ApiService, Service},
    case::Case,
    context::Context,
    findings::Findings,
    rule::{Check, Outcome, rule},
};

rule! {
    /// An aggregated API is served by a service that does not exist.
    ///
    /// ## Why it matters
    ///
    /// The API group is not available, namespaces can't be deleted, and every client that lists all types gets an
    /// error.
    ///
    /// ## Remediation
    ///
    /// Install the service again, or delete the APIService if what it belonged to is gone.
    severity: High,
    category: Network,
    admission: Never,
    needs: Objects,
    reads: [SERVICE],
    references: [],
    check: [Check::ApiService(check)],
    cases: [
        Case::pass("it exists, and its port is 443 where none is said", "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: hooks}, spec: {selector: {app: hook}, ports: [{port: 443}]}}\n---\n{apiVersion: apiregistration.k8s.io/v1, kind: APIService, metadata: {name: v1.example.com}, spec: {group: example.com, version: v1, groupPriorityMinimum: 100, versionPriority: 10, service: {namespace: hooks, name: s}}}"),
        Case::pass("the API server's own", "{apiVersion: apiregistration.k8s.io/v1, kind: APIService, metadata: {name: v1.example.com}, spec: {group: example.com, version: v1, groupPriorityMinimum: 100, versionPriority: 10, caBundle: ''}}").in_files_only(),
        Case::fail("no service", "{apiVersion: apiregistration.k8s.io/v1, kind: APIService, metadata: {name: v1.example.com}, spec: {group: example.com, version: v1, groupPriorityMinimum: 100, versionPriority: 10, service: {namespace: hooks, name: s}}}", &["APIService.apiregistration.k8s.io/v1.example.com spec.service: Service hooks/s does not exist"]),
        Case::fail("another port", "{apiVersion: v1, kind: Service, metadata: {name: s, namespace: hooks}, spec: {selector: {app: hook}, ports: [{port: 443}]}}\n---\n{apiVersion: apiregistration.k8s.io/v1, kind: APIService, metadata: {name: v1.example.com}, spec: {group: example.com, version: v1, groupPriorityMinimum: 100, versionPriority: 10, service: {namespace: hooks, name: s, port: 8443}}}", &["APIService.apiregistration.k8s.io/v1.example.com spec.service: Service hooks/s has no port 8443"]),
        Case::unknown(
            "services were not read",
            "{apiVersion: apiregistration.k8s.io/v1, kind: APIService, metadata: {name: v1.example.com}, spec: {group: example.com, version: v1, groupPriorityMinimum: 100, versionPriority: 10, service: {namespace: hooks, name: s}}}",
            &["Service"],
            &["? APIService.apiregistration.k8s.io/v1.example.com Service in namespace hooks could not be read: Forbidden: no permission"],
        ),
    ],
}

fn check(api: &ApiService, cx: &Context<'_>, out: &mut Findings<'_>) -> Outcome {
    let Some(to) = &api.spec.service else { return Ok(()) };
    let (named, port) = (format!("Service {}/{}", to.namespace, to.name), to.port.unwrap_or(443));
    match cx.get::<Service>(&to.namespace, &to.name)? {
        None => {
            out.fail("spec.service", format!("{named} does not exist"));
        }
        Some(service) if !service.is_external_name() && !service.has_port(port) => {
            out.fail("spec.service", format!("{named} has no port {port}"));
        }
        Some(_) => {}
    }
    Ok(())
}
