use std::num::NonZeroU32;

use http::HeaderValue;

use super::*;

fn client(target: &Target) -> Client {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let _within = runtime.enter();
    Client::new(target, &Env::empty()).unwrap()
}

fn target() -> Target {
    Target { url: "http://me:secret@prometheus.corp:9090/tenant/".into(), ..Target::default() }
}

fn line(code: u16, location: Option<&str>, body: &str) -> String {
    let location = location.map(|location| HeaderValue::from_str(location).unwrap());
    let status = StatusCode::from_u16(code).unwrap();
    let error = client(&target()).judge::<Value>(status, location.as_ref(), body.as_bytes()).unwrap_err();
    error.to_string()
}

#[test]
fn each_failure_is_a_line() {
    let advice = "; check the credentials that the configuration file has for it";
    let prefix = "Prometheus http://prometheus.corp:9090/tenant answers";
    let failed = |kind: &str, message: &str| {
        format!(r#"{{"status":"error","errorType":"{kind}","error":"{message}"}}"#)
    };
    for (code, location, body, expected) in [
        (401, None, "Unauthorized\n", format!("{prefix} 401 Unauthorized{advice}")),
        (403, None, "<html>no</html>", format!("{prefix} 403 Forbidden{advice}")),
        (
            403,
            None,
            "Forbidden (user=joe,\n verb=get)",
            format!("{prefix} 403 Forbidden: Forbidden (user=joe, verb=get){advice}"),
        ),
        (
            403,
            None,
            &failed("forbidden", "no such tenant"),
            format!("{prefix} 403 Forbidden: no such tenant{advice}"),
        ),
        (422, None, &failed("execution", "too\\nmany"), format!("{prefix} 422 execution: too many")),
        (503, None, &failed("timeout", "query timed out"), format!("{prefix} 503 timeout: query timed out")),
        (502, None, "<html>", format!("{prefix} 502 Bad Gateway")),
        (599, None, "", format!("{prefix} 599")),
        (
            302,
            Some("https://u:p@login.corp/sign-in?back=secret"),
            "<a>",
            format!("{prefix} 302 and sends on to https://login.corp/sign-in: perhaps to sign in"),
        ),
    ] {
        assert_eq!(line(code, location, body), expected);
    }
    let page = line(200, None, "<!doctype html>");
    assert!(
        page.starts_with("what answers at http://prometheus.corp:9090/tenant is not Prometheus: "),
        "{page}"
    );
    assert_eq!(line(500, None, &"x".repeat(1000)).chars().count(), prefix.len() + 28 + 301);
}

#[test]
fn what_a_target_says_holds() {
    let client = client(&Target {
        concurrency: NonZeroU32::new(2),
        max_namespaces_per_query: NonZeroU32::new(7),
        timeout: Some("10s".into()),
        ..target()
    });
    assert_eq!((client.concurrency(), client.namespaces_per_query()), (2, 7));
    assert_eq!((client.limit, client.patience().as_str()), (Duration::from_secs(10), "9000ms"));
    assert!(!format!("{client:?}").contains("secret"));
}

#[test]
fn what_can_not_be_sent_is_said() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let _within = runtime.enter();
    let headers = |name: &str, value: &str| [(name.to_owned(), value.to_owned())].into_iter().collect();
    for (wrong, key) in [
        (
            Target { bearer_token: Some("a\nb".into()), url: "http://p".into(), ..Target::default() },
            "bearerToken",
        ),
        (
            Target { bearer_token: Some(String::new()), url: "http://p".into(), ..Target::default() },
            "bearerToken",
        ),
        (
            Target {
                bearer_token_file: Some("/nowhere".into()),
                url: "http://p".into(),
                ..Target::default()
            },
            "bearerTokenFile",
        ),
        (Target { headers: headers("a b", "c"), ..target() }, "headers"),
        (Target { headers: headers("a", "c\n"), ..target() }, "headers"),
        (Target { url: "http://p:port".into(), ..Target::default() }, "url"),
        (Target { url: "http://a b/".into(), ..Target::default() }, "url"),
        (Target::default(), "url"),
    ] {
        let error = Client::new(&wrong, &Env::empty()).unwrap_err();
        assert!(matches!(&error, Error::Target { key: named, .. } if named == key), "{error}");
    }
}
