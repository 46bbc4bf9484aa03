use http::{Request, Response, StatusCode};
use kube::{Client, client::Body};
use tower::service_fn;

use crate::{
    cluster::{Connection, Error},
    model::discovery::Discovery,
};

/// A server that answers each of these paths with this body, and everything else with 404.
fn server(answers: &'static [(&'static str, u16, &'static str)]) -> Connection {
    let service = service_fn(move |request: Request<Body>| async move {
        let found = answers.iter().find(|(path, ..)| *path == request.uri().path());
        let (code, body) = found.map_or((404, ""), |&(_, code, body)| (code, body));
        let mut response = Response::new(Body::from(body.as_bytes().to_vec()));
        *response.status_mut() = StatusCode::from_u16(code).unwrap();
        Ok::<_, std::convert::Infallible>(response)
    });
    Connection {
        client: Client::new(service, "default"),
        namespace: "default".into(),
        context: None,
        cluster: "test".into(),
        server: "https://test".into(),
        host: "test".into(),
        request_timeout: None,
    }
}

fn names(discovery: &Discovery) -> Vec<String> {
    discovery.resources.iter().map(|resource| format!("{}/{resource}", resource.version)).collect()
}

#[tokio::test]
async fn aggregated() {
    let connection = server(&[
        (
            "/api",
            200,
            r#"{"kind":"APIGroupDiscoveryList","items":[{"metadata":{"name":""},"versions":[{"version":"v1","freshness":"Current",
            "resources":[{"resource":"pods","responseKind":{"group":"","version":"","kind":"Pod"},"scope":"Namespaced",
            "singularResource":"pod","verbs":["get","list"],"shortNames":["po"],"categories":["all"],
            "subresources":[{"subresource":"log","responseKind":{"kind":"Pod"},"verbs":["get"]}]},
            {"resource":"parentless","scope":"Namespaced","singularResource":"","verbs":[]}]}]}]}"#,
        ),
        (
            "/apis",
            200,
            r#"{"kind":"APIGroupDiscoveryList","items":[
            {"metadata":{"name":"metrics.k8s.io"},"versions":[{"version":"v1beta1","freshness":"Stale","resources":[
             {"resource":"pods","responseKind":{"kind":"PodMetrics"},"scope":"Namespaced","singularResource":"","verbs":["list"]}]}]},
            {"metadata":{"name":"autoscaling"},"versions":[
             {"version":"v2","freshness":"Current","resources":[{"resource":"horizontalpodautoscalers",
              "responseKind":{"kind":"HorizontalPodAutoscaler"},"scope":"Namespaced","singularResource":"","verbs":["list"]}]},
             {"version":"v1","freshness":"Current","resources":[{"resource":"horizontalpodautoscalers",
              "responseKind":{"kind":"HorizontalPodAutoscaler"},"scope":"Namespaced","singularResource":"","verbs":["list"]}]}]}]}"#,
        ),
    ]);
    let discovery = Discovery::fetch(&connection).await.unwrap();
    assert_eq!(
        names(&discovery),
        ["v1/pods", "v2/horizontalpodautoscalers.autoscaling", "v1/horizontalpodautoscalers.autoscaling"]
    );
    assert_eq!(discovery.stale, ["metrics.k8s.io/v1beta1"]);
    assert!(discovery.is_stale("metrics.k8s.io", "v1beta1"));
    assert_eq!(discovery.preferred().count(), 2);
    assert_eq!(discovery.resolve("HorizontalPodAutoscaler").unwrap().version, "v2");
    assert_eq!(discovery.by_api_version("autoscaling/v1", "HorizontalPodAutoscaler").unwrap().version, "v1");
    assert_eq!(discovery.by_kind("", "Pod").unwrap().short_names, ["po"]);
}

#[tokio::test]
async fn legacy() {
    let connection = server(&[
        ("/api", 200, r#"{"kind":"APIVersions","versions":["v1"]}"#),
        (
            "/api/v1",
            200,
            r#"{"kind":"APIResourceList","groupVersion":"v1","resources":[
            {"name":"pods","singularName":"","namespaced":true,"kind":"Pod","verbs":["list"],"shortNames":["po"]},
            {"name":"pods/log","singularName":"","namespaced":true,"kind":"Pod","verbs":["get"]}]}"#,
        ),
        (
            "/apis",
            200,
            r#"{"kind":"APIGroupList","groups":[
            {"name":"apps","versions":[{"groupVersion":"apps/v1beta1","version":"v1beta1"},{"groupVersion":"apps/v1","version":"v1"}],
             "preferredVersion":{"groupVersion":"apps/v1","version":"v1"}},
            {"name":"dead.io","versions":[{"groupVersion":"dead.io/v1","version":"v1"}]}]}"#,
        ),
        (
            "/apis/apps/v1",
            200,
            r#"{"resources":[{"name":"deployments","singularName":"deployment","namespaced":true,"kind":"Deployment","verbs":["list"]}]}"#,
        ),
        (
            "/apis/apps/v1beta1",
            200,
            r#"{"resources":[{"name":"deployments","singularName":"deployment","namespaced":true,"kind":"Deployment","verbs":["list"]}]}"#,
        ),
        ("/apis/dead.io/v1", 503, "service unavailable"),
    ]);
    let discovery = Discovery::fetch(&connection).await.unwrap();
    assert_eq!(names(&discovery), ["v1/pods", "v1/deployments.apps", "v1beta1/deployments.apps"]);
    assert_eq!(discovery.stale, ["dead.io/v1"]);
    assert_eq!(discovery.resolve("pod").unwrap().plural, "pods");
}

#[tokio::test]
async fn a_server_that_tells_nothing_is_an_error() {
    const UNAUTHORIZED: &str =
        r#"{"kind":"Status","message":"Unauthorized","reason":"Unauthorized","code":401}"#;
    let connection = server(&[("/api", 401, UNAUTHORIZED), ("/apis", 401, UNAUTHORIZED)]);
    let error = Discovery::fetch(&connection).await.unwrap_err();
    assert_eq!(error.to_kubectl(), "error: You must be logged in to the server (Unauthorized)");
    let connection = server(&[("/api", 200, "<html>"), ("/apis", 200, "<html>")]);
    assert!(matches!(Discovery::fetch(&connection).await, Err(Error::Decode { .. })));
}
