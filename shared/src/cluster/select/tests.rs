use super::*;
use crate::cluster::{Error, connect, contexts};

const KUBECONFIG: &str = "
current-context: dev
clusters:
- {name: east, cluster: {server: 'https://east:6443', tls-server-name: inner, certificate-authority-data: QQ==}}
- {name: west, cluster: {server: 'https://west'}}
users:
- {name: jane, user: {token: secret, as: root, as-groups: [g]}}
- {name: bot, user: {exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: get-token}}}
contexts:
- {name: dev, context: {cluster: east, user: jane, namespace: shop}}
- {name: prod, context: {cluster: west, user: bot}}
";

fn with(options: &ConnectOptions) -> Result<Target, String> {
    let kubeconfig = Kubeconfig::from_yaml(KUBECONFIG).unwrap();
    select(&kubeconfig, options, &Env::empty()).map_err(|error| error.to_string())
}

#[test]
fn the_current_context_unless_told_otherwise() {
    let target = with(&ConnectOptions::default()).unwrap();
    assert_eq!((target.context.as_deref(), target.cluster_name.as_str()), (Some("dev"), "east"));
    assert_eq!((target.namespace.as_str(), target.user.impersonate.as_deref()), ("shop", Some("root")));

    let target = with(&ConnectOptions { context: Some("prod".into()), ..Default::default() }).unwrap();
    assert_eq!(
        (target.cluster.server.as_deref(), target.namespace.as_str()),
        (Some("https://west"), "default")
    );
    assert_eq!(target.user.exec.unwrap().interactive_mode, Some(ExecInteractiveMode::IfAvailable));

    let options = ConnectOptions {
        cluster: Some("west".into()),
        user: Some("bot".into()),
        namespace: Some("n".into()),
        ..Default::default()
    };
    let target = with(&options).unwrap();
    assert_eq!((target.context.as_deref(), target.cluster_name.as_str()), (Some("dev"), "west"));
    assert_eq!((target.namespace.as_str(), target.user.token.is_none()), ("n", true));
}

#[test]
fn another_server_has_another_name() {
    let target =
        with(&ConnectOptions { server: Some("https://other".into()), ..Default::default() }).unwrap();
    assert_eq!(target.cluster.tls_server_name, None);
    let options = ConnectOptions {
        server: Some("https://other".into()),
        tls_server_name: Some("x".into()),
        ..Default::default()
    };
    assert_eq!(with(&options).unwrap().cluster.tls_server_name.as_deref(), Some("x"));
    assert_eq!(with(&ConnectOptions::default()).unwrap().cluster.tls_server_name.as_deref(), Some("inner"));
}

#[test]
fn flags_replace_what_would_contradict_them() {
    let options = ConnectOptions { insecure_skip_tls_verify: Some(true), ..Default::default() };
    let target = with(&options).unwrap();
    assert_eq!(
        (target.cluster.insecure_skip_tls_verify, target.cluster.certificate_authority_data),
        (Some(true), None)
    );

    let options =
        ConnectOptions { context: Some("prod".into()), token: Some("t".into()), ..Default::default() };
    let target = with(&options).unwrap();
    assert!(target.user.exec.is_none() && target.user.token.is_some());
}

#[test]
fn impersonation() {
    let options = ConnectOptions {
        impersonate: Some("joe".into()),
        impersonate_groups: vec!["a".into(), "b".into()],
        impersonate_extra: vec!["k=1".into(), "k=2=3".into(), "nothing".into()],
        ..Default::default()
    };
    let user = with(&options).unwrap().user;
    assert_eq!(user.impersonate_groups, Some(vec!["a".into(), "b".into()]));
    assert_eq!(
        user.impersonate_user_extra,
        Some(HashMap::from([("k".to_owned(), vec!["1".into(), "2=3".into()])]))
    );
    let alone = ConnectOptions {
        context: Some("prod".into()),
        impersonate_uid: Some("7".into()),
        ..Default::default()
    };
    assert_eq!(
        with(&alone).unwrap_err(),
        "requesting uid, groups or user-extra for bot without impersonating a user"
    );
}

#[test]
fn listing() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("config");
    std::fs::write(&file, KUBECONFIG).unwrap();
    let options = ConnectOptions { kubeconfig: Some(file), ..Default::default() };
    let contexts = contexts(&options, &Env::empty()).unwrap();
    let shown: Vec<_> =
        contexts.iter().map(|entry| (entry.name.as_str(), entry.cluster.as_str(), entry.current)).collect();
    assert_eq!(shown, [("dev", "east", true), ("prod", "west", false)]);
}

#[tokio::test]
async fn a_timeout_that_is_none() {
    let options = ConnectOptions {
        server: Some("http://h".into()),
        request_timeout: Some("soon".into()),
        ..Default::default()
    };
    let error = connect(&options, &Env::empty()).await.unwrap_err();
    assert!(
        matches!(error, Error::Config(ConfigError::Invalid(_)))
            && error.to_kubectl().starts_with("error: Invalid timeout")
    );
    assert!(!format!("{:?}", ConnectOptions { token: Some("secret".into()), ..options }).contains("secret"));
}
