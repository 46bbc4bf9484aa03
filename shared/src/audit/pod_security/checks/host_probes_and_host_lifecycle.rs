use crate::audit::{
    api::{HttpGetAction, LifecycleHandler, Probe, TcpSocketAction},
    pod_security::{
        blame::Blame,
        check::{Check, Violation},
        policy::Level,
        subject::Subject,
        text,
    },
};

/// No probe and no hook makes the kubelet ask another host than the pod.
pub(crate) static CHECK: Check =
    Check { id: "hostProbesAndHostLifecycle", level: Level::Baseline, since: 34, overrides: &[], run };

type Handler<'a> = (&'static str, Option<&'a HttpGetAction>, Option<&'a TcpSocketAction>);

fn run(subject: &Subject<'_>, _: u32) -> Option<Violation> {
    let mut blame = Blame::default();
    for container in subject.containers() {
        let it = container.get();
        let hooks = it.lifecycle.as_ref();
        let handlers = [
            of_probe("livenessProbe", it.liveness_probe.as_ref()),
            of_probe("readinessProbe", it.readiness_probe.as_ref()),
            of_probe("startupProbe", it.startup_probe.as_ref()),
            of_hook("lifecycle.postStart", hooks.and_then(|hooks| hooks.post_start.as_ref())),
            of_hook("lifecycle.preStop", hooks.and_then(|hooks| hooks.pre_stop.as_ref())),
        ];
        for (name, http, tcp) in handlers {
            if let Some(http) = http.filter(|http| !http.host.is_empty()) {
                blame.container_with(&container, &format!("{name}.httpGet.host"), &http.host);
            }
            if let Some(tcp) = tcp.filter(|tcp| !tcp.host.is_empty()) {
                blame.container_with(&container, &format!("{name}.tcpSocket.host"), &tcp.host);
            }
        }
    }
    (!blame.is_empty()).then(|| {
        // The only check that tells containers by name.
        blame.names.sort_unstable();
        blame.names.dedup();
        let detail = format!(
            "{} {} {} {}",
            blame.containers(),
            text::plural("uses", "use", blame.names.len()),
            text::plural("probe or lifecycle host", "probe or lifecycle hosts", blame.values.len()),
            blame.quoted_values()
        );
        Violation::new("probe or lifecycle host", detail, blame)
    })
}

fn of_probe<'a>(name: &'static str, probe: Option<&'a Probe>) -> Handler<'a> {
    let handler = probe.map(|probe| &probe.handler);
    (name, handler.and_then(|it| it.http_get.as_ref()), handler.and_then(|it| it.tcp_socket.as_ref()))
}

fn of_hook<'a>(name: &'static str, hook: Option<&'a LifecycleHandler>) -> Handler<'a> {
    (name, hook.and_then(|it| it.http_get.as_ref()), hook.and_then(|it| it.tcp_socket.as_ref()))
}
