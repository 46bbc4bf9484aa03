//! The fields that the standards look at, each with values at, below and beyond its boundaries.

use serde_json::{Value, json};

use crate::case::{On, Set};

/// Alternatives of what may be set on something; each is set together.
pub(crate) type Alternatives = Vec<Vec<Set>>;

pub(crate) const SYSCTLS: &[&str] = &[
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.ping_group_range",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_wmem",
    "net.ipv4.tcp_mem",
    "net.ipv4/tcp_rmem",
    "kernel.msgmax",
    "net.core.somaxconn",
];

const CAPABILITIES: &[&str] = &[
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
    "NET_RAW",
    "NET_ADMIN",
    "CHECKPOINT_RESTORE",
    "ALL",
    "all",
    "chown",
    "CAP_CHOWN",
    "CHOWN ",
    "",
];

/// A field of the spec.
pub(crate) fn spec(path: &str, value: Value) -> Set {
    Set { on: On::Spec, path: path.to_owned(), value }
}

/// A field of a container.
pub(crate) fn container(name: &'static str, path: &str, value: Value) -> Set {
    Set { on: On::Container(name), path: path.to_owned(), value }
}

/// An annotation.
pub(crate) fn annotation(key: &str, value: &str) -> Set {
    Set { on: On::Annotation, path: key.to_owned(), value: json!(value) }
}

/// What makes a container pass the restricted level, field by field.
pub(crate) fn hardened(name: &'static str) -> Vec<Set> {
    vec![
        container(name, "securityContext.allowPrivilegeEscalation", json!(false)),
        container(name, "securityContext.capabilities.drop[]", json!("ALL")),
        container(name, "securityContext.runAsNonRoot", json!(true)),
        container(name, "securityContext.seccompProfile", json!({"type": "RuntimeDefault"})),
    ]
}

/// The profiles that seccomp and AppArmor know.
fn profiles() -> [Value; 3] {
    [
        json!({"type": "RuntimeDefault"}),
        json!({"type": "Unconfined"}),
        json!({"type": "Localhost", "localhostProfile": "mine"}),
    ]
}

/// What both a pod and a container can say.
fn either(set: &dyn Fn(&str, Value) -> Set) -> Alternatives {
    let mut all: Alternatives = Vec::new();
    for value in [json!(true), json!(false)] {
        all.push(vec![set("securityContext.runAsNonRoot", value)]);
    }
    for user in [0_i64, 1, 1000, 2_147_483_647] {
        all.push(vec![set("securityContext.runAsUser", json!(user))]);
    }
    for profile in profiles() {
        all.push(vec![set("securityContext.seccompProfile", profile.clone())]);
        all.push(vec![set("securityContext.appArmorProfile", profile)]);
    }
    for r#type in [
        "",
        "container_t",
        "container_init_t",
        "container_kvm_t",
        "container_engine_t",
        "spc_t",
        "Container_t",
    ] {
        all.push(vec![set("securityContext.seLinuxOptions.type", json!(r#type))]);
    }
    for (field, value) in
        [("user", ""), ("user", "system_u"), ("role", ""), ("role", "object_r"), ("level", "s0:c1")]
    {
        all.push(vec![set(&format!("securityContext.seLinuxOptions.{field}"), json!(value))]);
    }
    all.push(vec![
        set("securityContext.seLinuxOptions.user", json!("u")),
        set("securityContext.seLinuxOptions.role", json!("r")),
        set("securityContext.seLinuxOptions.type", json!("t")),
    ]);
    all.push(vec![set("securityContext.windowsOptions.hostProcess", json!(false))]);
    all.push(vec![set("securityContext.seLinuxOptions", json!({}))]);
    all
}

/// Everything that a container of the pod can say, however it goes with the rest.
pub(crate) fn of_container(name: &'static str) -> Alternatives {
    let set = |path: &str, value: Value| container(name, path, value);
    let mut all = either(&set);
    for value in [json!(true), json!(false)] {
        all.push(vec![set("securityContext.privileged", value.clone())]);
        all.push(vec![set("securityContext.allowPrivilegeEscalation", value)]);
    }
    for capability in CAPABILITIES {
        all.push(vec![set("securityContext.capabilities.add[]", json!(capability))]);
    }
    for dropped in ["ALL", "all", "NET_RAW"] {
        all.push(vec![set("securityContext.capabilities.drop[]", json!(dropped))]);
    }
    all.push(vec![set("securityContext.capabilities", json!({}))]);
    all.push(vec![set("securityContext", json!({}))]);
    all.push(vec![set("securityContext.procMount", json!("Default"))]);
    all.push(vec![set("securityContext.procMount", json!("Unmasked")), spec("hostUsers", json!(false))]);
    for (container_port, host_port) in [(80, 0), (1, 1), (9000, 80), (8080, 8080), (65_535, 65_535)] {
        all.push(vec![set("ports[]", json!({"containerPort": container_port, "hostPort": host_port}))]);
    }
    all.push(vec![set("ports[]", json!({"containerPort": 53, "protocol": "UDP"}))]);
    for value in ["runtime/default", "unconfined", "localhost/mine", ""] {
        let key = format!("container.apparmor.security.beta.kubernetes.io/{name}");
        all.push(vec![annotation(&key, value)]);
    }
    for value in ["runtime/default", "docker/default", "unconfined", "localhost/mine"] {
        let key = format!("container.seccomp.security.alpha.kubernetes.io/{name}");
        all.push(vec![annotation(&key, value)]);
    }
    all
}

/// Probes and hooks of a container that runs on.
pub(crate) fn handlers(name: &'static str) -> Alternatives {
    let set = |path: &str, value: Value| container(name, path, value);
    let mut all: Alternatives = Vec::new();
    for at in ["livenessProbe", "readinessProbe", "startupProbe", "lifecycle.postStart", "lifecycle.preStop"]
    {
        for host in [None, Some(""), Some("127.0.0.1"), Some("other.example.com")] {
            let mut http = json!({"port": 80, "path": "/"});
            let mut tcp = json!({"port": 80});
            if let Some(host) = host {
                http["host"] = json!(host);
                tcp["host"] = json!(host);
            }
            all.push(vec![set(&format!("{at}.httpGet"), http)]);
            all.push(vec![set(&format!("{at}.tcpSocket"), tcp)]);
        }
        all.push(vec![set(&format!("{at}.exec.command[]"), json!("true"))]);
    }
    all
}

/// Everything that the pod itself can say.
pub(crate) fn of_pod() -> Alternatives {
    let set = |path: &str, value: Value| spec(path, value);
    let mut all = either(&set);
    for field in ["hostNetwork", "hostPID", "hostIPC", "hostUsers"] {
        for value in [json!(true), json!(false)] {
            all.push(vec![set(field, value)]);
        }
    }
    for name in SYSCTLS {
        all.push(vec![set("securityContext.sysctls[]", json!({"name": name, "value": "1"}))]);
    }
    for value in ["runtime/default", "docker/default", "unconfined", "localhost/mine"] {
        all.push(vec![annotation("seccomp.security.alpha.kubernetes.io/pod", value)]);
    }
    all.push(vec![set("os.name", json!("linux"))]);
    all.push(vec![annotation("container.seccomp.security.alpha.kubernetes.io/nobody", "unconfined")]);
    all.push(vec![annotation("kubernetes.io/description", "unconfined")]);
    all.push(vec![set("securityContext", json!({}))]);
    all
}

/// What a pod for Windows can say, each alternative valid by itself.
pub(crate) fn of_windows(name: &'static str) -> Alternatives {
    let windows = || spec("os.name", json!("windows"));
    let host = || spec("hostNetwork", json!(true));
    let process = "securityContext.windowsOptions.hostProcess";
    vec![
        vec![windows()],
        vec![windows(), spec("securityContext.runAsNonRoot", json!(true))],
        vec![windows(), spec("securityContext.runAsNonRoot", json!(false))],
        vec![windows(), container(name, "securityContext.runAsNonRoot", json!(true))],
        vec![windows(), container(name, "securityContext.runAsNonRoot", json!(false))],
        vec![windows(), spec("securityContext.windowsOptions.runAsUserName", json!("ContainerUser"))],
        vec![windows(), spec(process, json!(true)), host()],
        vec![spec(process, json!(true)), host()],
        vec![spec(process, json!(true)), container(name, process, json!(true)), host()],
        vec![windows(), spec(process, json!(false))],
        vec![windows(), container(name, "ports[]", json!({"containerPort": 80, "hostPort": 80}))],
        vec![
            windows(),
            annotation(&format!("container.apparmor.security.beta.kubernetes.io/{name}"), "unconfined"),
        ],
    ]
}
