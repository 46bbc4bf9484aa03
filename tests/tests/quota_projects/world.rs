//! The server that these tests share, and what they look at it with.

use std::{
    fs,
    ops::Deref,
    path::Path,
    sync::{Mutex, MutexGuard, OnceLock, PoisonError},
};

use passmuster::{
    cli::block_on,
    cluster::{self, ConnectOptions, Connection, Env},
    model::{Skipped, discovery::Discovery},
    quota::project::Project,
};
use passmuster_tests::{ControlPlane, Options};
use serde_json::Value;

/// Our definition, from the file that users apply.
pub(crate) fn definition() -> Value {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../manifests/crds/passmuster.dev_projectquotas.yaml");
    serde_saphyr::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// Where our objects are.
pub(crate) const QUOTAS: &str = "/apis/passmuster.dev/v1alpha1/projectquotas";

/// The server with our definition, as long as no other test has it.
pub(crate) struct Alone {
    plane: &'static ControlPlane,
    _turn: MutexGuard<'static, ()>,
}

impl Deref for Alone {
    type Target = ControlPlane;

    fn deref(&self) -> &ControlPlane {
        self.plane
    }
}

/// A server with our definition and none of our objects, for this test alone: what belongs to the whole cluster
/// can't be in a namespace of its own.
pub(crate) fn plane() -> Alone {
    static PLANE: OnceLock<ControlPlane> = OnceLock::new();
    static TURN: Mutex<()> = Mutex::new(());
    let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let plane = PLANE.get_or_init(|| {
        let plane = ControlPlane::start(Options::bare()).unwrap();
        plane.serve(&definition()).unwrap();
        plane
    });
    plane.api().delete(QUOTAS).unwrap();
    Alone { plane, _turn: turn }
}

pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// What the library reads of projects.
pub(crate) fn projects(plane: &ControlPlane) -> (Vec<Project>, Vec<Skipped>) {
    connected(plane, async |connection, discovery| cluster::projects(connection, discovery).await)
}

/// Runs something with a connection.
#[expect(clippy::needless_pass_by_value, reason = "a closure written in place")]
pub(crate) fn connected<T>(plane: &ControlPlane, work: impl AsyncFn(&Connection, &Discovery) -> T) -> T {
    block_on(async {
        let options =
            ConnectOptions { kubeconfig: Some(plane.kubeconfig().to_owned()), ..ConnectOptions::default() };
        let connection = cluster::connect(&options, &Env::empty()).await.unwrap();
        let discovery = Discovery::fetch(&connection).await.unwrap();
        work(&connection, &discovery).await
    })
    .unwrap()
}
