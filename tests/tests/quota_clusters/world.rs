//! Three clusters in one kubeconfig, and contexts that lead to none.

use std::{
    path::{Path, PathBuf},
    sync::OnceLock,
    time::Duration,
};

use passmuster::{
    cli::block_on,
    cluster::{
        ConnectOptions, Env, Error,
        fleet::{self, Asked, Member, Which},
    },
};
use passmuster_tests::{
    ControlPlane, Kubeconfig, Options,
    controlplane::free_ports,
    kubeconfig::{Cluster, User},
};

/// How long a cluster is waited for that keeps silent: long enough for the living on a busy machine.
pub(crate) const DEADLINE: Duration = Duration::from_secs(8);
/// More than any run takes that does not hang.
pub(crate) const HANG: Duration = Duration::from_secs(90);

/// The clusters that all tests share.
pub(crate) struct World {
    pub(crate) live: ControlPlane,
    pub(crate) strict: ControlPlane,
    pub(crate) frozen: ControlPlane,
}

pub(crate) fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(|| {
        let start = || ControlPlane::start(Options::bare()).unwrap();
        let world = World { live: start(), strict: start(), frozen: start() };
        world.frozen.freeze();
        world
    })
}

impl World {
    /// Every kind of context: two that lead to one cluster, one whose user may nothing, one whose server is frozen,
    /// one where nobody listens, one whose credential plugin is not there, and one whose plugin would ask.
    pub(crate) fn contexts(&self) -> Kubeconfig {
        let nobody = self.strict.user("nobody", None).unwrap();
        let asking = User::exec("true", &[]).set(
            "exec",
            serde_json::json!({"apiVersion": "client.authentication.k8s.io/v1", "interactiveMode": "Always", "command": "true"}),
        );
        Kubeconfig::new()
            .cluster("live", &self.live.cluster())
            .cluster("mirror", &elsewhere(&self.live))
            .cluster("strict", &self.strict.cluster())
            .cluster("frozen", &self.frozen.cluster())
            .cluster("nowhere", &Cluster::new(&format!("https://127.0.0.1:{}", closed_port())))
            .cluster("x", &Cluster::new("https://x"))
            .cluster("y", &Cluster::new("https://y"))
            .user("admin", &self.live.admin())
            .user("nobody", &nobody)
            .user("no-plugin", &User::exec("/nonexistent/plugin", &[]))
            .user("asking", &asking)
            .context("live", "live", "admin", None)
            .context("mirror", "mirror", "admin", None)
            .context("forbidden", "strict", "nobody", None)
            .context("frozen", "frozen", "admin", None)
            .context("nowhere", "nowhere", "admin", None)
            .context("no-plugin", "x", "no-plugin", None)
            .context("asking", "y", "asking", None)
            .current("live")
    }

    /// Writes a kubeconfig.
    pub(crate) fn write(&self, config: &Kubeconfig) -> PathBuf {
        self.live.write_kubeconfig("clusters", config).unwrap()
    }
}

/// The same cluster by another address.
pub(crate) fn elsewhere(plane: &ControlPlane) -> Cluster {
    Cluster::new(&plane.server().replace("127.0.0.1", "localhost")).authority(&plane.authority().pem())
}

/// A port where nobody listens.
pub(crate) fn closed_port() -> u16 {
    let [port] = free_ports();
    port
}

/// Asks whether pods may be listed.
pub(crate) async fn may_list(member: Member) -> Result<Member, Error> {
    member.connection.get_bytes("/api/v1/pods?limit=1", "application/json").await?;
    Ok(member)
}

/// Asks the contexts of a kubeconfig.
pub(crate) fn ask<T>(
    kubeconfig: &Path,
    which: &Which,
    deadline: Option<Duration>,
    question: impl AsyncFn(Member) -> Result<T, Error>,
) -> Result<Vec<Asked<T>>, Error> {
    let options = ConnectOptions { kubeconfig: Some(kubeconfig.into()), ..ConnectOptions::default() };
    let env = Env::empty().with("PATH", "/usr/bin:/bin");
    let asked = async {
        let asking = fleet::ask(&options, &env, which, deadline, question);
        tokio::time::timeout(HANG, asking).await.expect("a run that hangs")
    };
    block_on(asked).unwrap()
}

/// Name, context and others of each, and what came of it.
pub(crate) fn told<T>(asked: &[Asked<T>]) -> Vec<String> {
    let line = |asked: &Asked<T>| {
        let Asked { name, context, also, answer, .. } = asked;
        let answer = answer.as_ref().map_or_else(Error::to_kubectl, |_| "ok".to_owned());
        let context = if name == context { String::new() } else { format!(" by {context}") };
        let also = if also.is_empty() { String::new() } else { format!(" also {}", also.join(",")) };
        format!("{name}{context}{also}: {}", answer.lines().next().unwrap_or_default())
    };
    asked.iter().map(line).collect()
}
