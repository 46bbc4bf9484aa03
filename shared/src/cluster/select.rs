//! From kubeconfig and flags to one cluster and one user, in client-go's order of precedence.

use std::collections::HashMap;

use kube::config::{AuthInfo, Cluster, Context, ExecInteractiveMode, Kubeconfig};

use super::{
    env::Env,
    kubeconfig::ConfigError,
    options::ConnectOptions,
    validate::{cluster_errors, user_errors},
};

/// Where client-go looks when nothing says where the server is.
const DEFAULT_SERVER: &str = "http://localhost:8080";

/// One cluster and one user, the flags applied.
#[derive(Debug, Clone)]
pub(super) struct Target {
    /// The context that was chosen, if any.
    pub context: Option<String>,
    /// Name of the cluster, for outputs.
    pub cluster_name: String,
    /// Where and how to connect.
    pub cluster: Cluster,
    /// As whom.
    pub user: AuthInfo,
    /// Where to look when no namespace is asked for.
    pub namespace: String,
    /// Whether this is the pod's own service account.
    pub in_cluster: bool,
}

/// Chooses, applies the flags and validates.
pub(super) fn select(
    kubeconfig: &Kubeconfig,
    options: &ConnectOptions,
    env: &Env,
) -> Result<Target, ConfigError> {
    let names = Names::of(kubeconfig, options);
    let cluster = cluster(kubeconfig, options, env, &names);
    let user = user(kubeconfig, options, &names);

    let mut errors = Vec::new();
    if let Some(name) = names.context.as_deref().filter(|_| names.found.is_none()) {
        errors.push(ConfigError::ContextNotFound(name.to_owned()));
    }
    errors.extend(user_errors(&names.user, user.as_ref().unwrap_or(&AuthInfo::default())));
    errors.extend(cluster_errors(&names.cluster, cluster.as_ref().unwrap_or(&Cluster::default())));
    // kubectl first wants to know the namespace, and validates for that, unless `-n` tells it: the words differ.
    if options.namespace.as_deref().is_none_or(str::is_empty) {
        fail(&mut errors)?;
    }
    let user =
        user.ok_or_else(|| ConfigError::Invalid(format!("auth info {:?} does not exist", names.user)))?;
    if let Some(name) =
        options.context.as_deref().filter(|_| names.found.is_none()).filter(|name| !name.is_empty())
    {
        return Err(ConfigError::Invalid(format!("context {name:?} does not exist")));
    }
    let cluster =
        cluster.ok_or_else(|| ConfigError::Invalid(format!("cluster {:?} does not exist", names.cluster)))?;
    fail(&mut errors)?;

    let target = Target {
        namespace: namespace(options, names.found.as_ref()).unwrap_or_else(|| "default".to_owned()),
        context: names.context,
        cluster_name: names.cluster,
        cluster,
        user,
        in_cluster: false,
    };
    Ok(in_cluster(target, kubeconfig, options, env))
}

/// kubectl prints one error as it is and several as a list.
fn fail(errors: &mut Vec<ConfigError>) -> Result<(), ConfigError> {
    match errors.len() {
        0 => Ok(()),
        1 => Err(errors.remove(0)),
        _ => Err(ConfigError::Several(errors.iter().map(ToString::to_string).collect())),
    }
}

/// What is meant by name, before anything is looked up.
struct Names {
    context: Option<String>,
    found: Option<Context>,
    cluster: String,
    user: String,
}

impl Names {
    fn of(kubeconfig: &Kubeconfig, options: &ConnectOptions) -> Self {
        let context =
            non_empty(options.context.as_ref()).or_else(|| non_empty(kubeconfig.current_context.as_ref()));
        let found = kubeconfig
            .contexts
            .iter()
            .find(|named| Some(&named.name) == context.as_ref())
            .map(|named| named.context.clone().unwrap_or_default());
        let of_context = found.clone().unwrap_or_default();
        Self {
            cluster: non_empty(options.cluster.as_ref()).unwrap_or(of_context.cluster),
            user: non_empty(options.user.as_ref()).or(of_context.user).unwrap_or_default(),
            context,
            found,
        }
    }
}

/// The named cluster with the flags over it; `None` when `--cluster` names one that does not exist.
fn cluster(kubeconfig: &Kubeconfig, options: &ConnectOptions, env: &Env, names: &Names) -> Option<Cluster> {
    let named = kubeconfig.clusters.iter().find(|named| named.name == names.cluster);
    if named.is_none() && non_empty(options.cluster.as_ref()).is_some() {
        return None;
    }
    let mut cluster = named.and_then(|named| named.cluster.clone()).unwrap_or_default();
    if let Some(server) = non_empty(options.server.as_ref()) {
        cluster.server = Some(server);
        // The name in the kubeconfig belongs to the server in the kubeconfig.
        cluster.tls_server_name = None;
    }
    if non_empty(cluster.server.as_ref()).is_none() {
        cluster.server = Some(env.non_empty("KUBERNETES_MASTER").unwrap_or(DEFAULT_SERVER).to_owned());
    }
    cluster.tls_server_name =
        non_empty(options.tls_server_name.as_ref()).or(non_empty(cluster.tls_server_name.as_ref()));
    let authority = options.certificate_authority.as_ref().map(|path| path.display().to_string());
    if authority.is_some() || options.insecure_skip_tls_verify == Some(true) {
        cluster.certificate_authority = authority;
        cluster.certificate_authority_data = None;
        cluster.insecure_skip_tls_verify = options.insecure_skip_tls_verify;
    }
    Some(cluster)
}

/// The named user with the flags over it; `None` when `--user` names one that does not exist.
fn user(kubeconfig: &Kubeconfig, options: &ConnectOptions, names: &Names) -> Option<AuthInfo> {
    let named = kubeconfig.auth_infos.iter().find(|named| named.name == names.user);
    if named.is_none() && non_empty(options.user.as_ref()).is_some() {
        return None;
    }
    let mut user = named.and_then(|named| named.auth_info.clone()).unwrap_or_default();
    if let Some(path) = &options.client_certificate {
        user.client_certificate = Some(path.display().to_string());
        user.client_certificate_data = None;
    }
    if let Some(path) = &options.client_key {
        user.client_key = Some(path.display().to_string());
        user.client_key_data = None;
    }
    if let Some(token) = non_empty(options.token.as_ref()) {
        user.token = Some(token.into());
        user.token_file = None;
        // Who gives a token wants that one, not another from a plugin that may open a browser.
        user.exec = None;
        user.auth_provider = None;
    }
    user.username = non_empty(options.username.as_ref()).or(user.username);
    user.password = non_empty(options.password.as_ref()).map(Into::into).or(user.password);
    impersonate(&mut user, options);
    if let Some(exec) = &mut user.exec
        && exec.interactive_mode.is_none()
        && exec.api_version.as_deref() == Some("client.authentication.k8s.io/v1beta1")
    {
        exec.interactive_mode = Some(ExecInteractiveMode::IfAvailable);
    }
    Some(user)
}

fn impersonate(user: &mut AuthInfo, options: &ConnectOptions) {
    user.impersonate = non_empty(options.impersonate.as_ref()).or(user.impersonate.take());
    user.impersonate_uid = non_empty(options.impersonate_uid.as_ref()).or(user.impersonate_uid.take());
    if !options.impersonate_groups.is_empty() {
        user.impersonate_groups = Some(options.impersonate_groups.clone());
    }
    let mut extra: HashMap<String, Vec<String>> = HashMap::new();
    for (key, value) in options.impersonate_extra.iter().filter_map(|pair| pair.split_once('=')) {
        extra.entry(key.to_owned()).or_default().push(value.to_owned());
    }
    if !extra.is_empty() {
        user.impersonate_user_extra = Some(extra);
    }
}

fn namespace(options: &ConnectOptions, context: Option<&Context>) -> Option<String> {
    non_empty(options.namespace.as_ref())
        .or_else(|| non_empty(context.and_then(|context| context.namespace.as_ref())))
}

/// The pod's own service account, where nothing says which server and the pod has one.
fn in_cluster(mut target: Target, kubeconfig: &Kubeconfig, options: &ConnectOptions, env: &Env) -> Target {
    let address = env.non_empty("KUBERNETES_SERVICE_HOST").zip(env.non_empty("KUBERNETES_SERVICE_PORT"));
    let token = env.service_account().join("token");
    let (Some((host, port)), true) = (address, token.is_file()) else { return target };
    if target.cluster.server.as_deref() != Some(DEFAULT_SERVER)
        || non_empty(options.server.as_ref()).is_some()
    {
        return target;
    }
    let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
    let authority = env.service_account().join("ca.crt");
    target.cluster.server = Some(format!("https://{host}:{port}"));
    if target.cluster.certificate_authority.is_none() && authority.is_file() {
        target.cluster.certificate_authority = Some(authority.display().to_string());
    }
    if target.user.token.is_none() {
        target.user.token_file = Some(token.display().to_string());
    }
    let context = Names::of(kubeconfig, options).found;
    target.namespace = namespace(options, context.as_ref())
        .or_else(|| env.non_empty("POD_NAMESPACE").map(str::to_owned))
        .or_else(|| {
            let text = std::fs::read_to_string(env.service_account().join("namespace")).ok()?;
            non_empty(Some(&text.trim().to_owned()))
        })
        .unwrap_or_else(|| "default".to_owned());
    "in-cluster".clone_into(&mut target.cluster_name);
    target.in_cluster = true;
    target
}

fn non_empty(text: Option<&String>) -> Option<String> {
    text.filter(|text| !text.is_empty()).cloned()
}

#[cfg(test)]
mod tests;
