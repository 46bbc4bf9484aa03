use crate::audit::api::{IntOrString, Probe, ProbeHandler};

/// What a probe asks, told apart as the kubelet does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target<'a> {
    /// `path`, scheme, host, headers.
    Http(&'a IntOrString, &'a str, &'a str, &'a str, Vec<(&'a str, &'a str)>),
    Tcp(&'a IntOrString, &'a str),
    Grpc(IntOrString, &'a str),
    Exec(&'a [String]),
}

impl<'a> Target<'a> {
    /// What the handler asks; none when it has no handler at all. What the API server would fill in is filled in.
    pub(crate) fn of(handler: &'a ProbeHandler) -> Option<Self> {
        fn or<'a>(text: &'a str, default: &'a str) -> &'a str {
            if text.is_empty() { default } else { text }
        }
        if let Some(http) = &handler.http_get {
            let headers =
                http.http_headers.iter().map(|header| (header.name.as_str(), header.value.as_str()));
            let (path, scheme) = (or(&http.path, "/"), or(&http.scheme, "HTTP"));
            return Some(Self::Http(&http.port, path, scheme, &http.host, headers.collect()));
        }
        if let Some(tcp) = &handler.tcp_socket {
            return Some(Self::Tcp(&tcp.port, &tcp.host));
        }
        if let Some(grpc) = &handler.grpc {
            let port = IntOrString { r#type: 0, int_val: grpc.port, str_val: String::new() };
            return Some(Self::Grpc(port, grpc.service.as_deref().unwrap_or_default()));
        }
        handler.exec.as_ref().map(|exec| Self::Exec(&exec.command))
    }

    /// The port, and where it stands below the probe; none when something else than the pod is asked.
    pub(crate) fn port(&self) -> Option<(&IntOrString, &'static str)> {
        match self {
            Self::Http(port, _, _, host, _) => host.is_empty().then_some((*port, "httpGet.port")),
            Self::Tcp(port, host) => host.is_empty().then_some((*port, "tcpSocket.port")),
            Self::Grpc(port, _) => Some((port, "grpc.port")),
            Self::Exec(_) => None,
        }
    }
}

/// Zero is as good as nothing said: the API server fills in the default.
fn or(value: i32, default: i32) -> i64 {
    i64::from(if value == 0 { default } else { value })
}

impl Probe {
    /// Seconds between two probes.
    pub(crate) fn effective_period(&self) -> i64 {
        or(self.period_seconds, 10)
    }

    /// Seconds that one probe may take.
    pub(crate) fn effective_timeout(&self) -> i64 {
        or(self.timeout_seconds, 1)
    }

    /// Failures in a row that count.
    pub(crate) fn effective_failures(&self) -> i64 {
        or(self.failure_threshold, 3)
    }

    /// Seconds of failing until it counts.
    pub(crate) fn patience(&self) -> i64 {
        self.effective_period().saturating_mul(self.effective_failures())
    }
}
