//! From nothing to a control plane that answers.

use std::sync::Mutex;
use std::sync::atomic::AtomicUsize;
use std::thread::sleep;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::Method;
use serde_json::json;

use super::objects::Types;
use super::processes::{Processes, tail};
use super::{Authority, Component, ControlPlane, Layout, Options, TOKEN, directory, free_ports};
use crate::assets::Assets;
use crate::eventually::{PAUSE, poll};
use crate::group::Group;
use crate::kubeconfig::Kubeconfig;
use crate::{Api, Error};

/// A loaded machine takes long; a hung one is noticed all the same.
const READY: Duration = Duration::from_secs(120);
const TRIES: usize = 3;

pub(super) fn start(options: Options) -> Result<ControlPlane, Error> {
    for _ in 1..TRIES {
        match attempt(options.clone()) {
            // Another process took the port between our look at it and the component's.
            Err(Error::Ended { log, .. }) if log.contains("address already in use") => {}
            outcome => return outcome,
        }
    }
    attempt(options)
}

fn attempt(options: Options) -> Result<ControlPlane, Error> {
    let dir = directory(&options)?;
    // First of all, so that the directory is removed when anything below fails.
    let mut processes = Processes::new(Group::new(&dir)?);
    let [api_port, etcd_port, etcd_peer_port, kubelet_port, metrics_port] = free_ports();
    let assets = Assets::find();
    let layout =
        Layout { dir, assets, api_port, etcd_port, etcd_peer_port, kubelet_port, metrics_port, options };

    let authority = Authority::new()?;
    authority.write(&layout.dir.join("pki"), &format!("{TOKEN},admin,admin,system:masters\n"))?;
    processes.start(&layout, Component::Etcd)?;
    processes.start(&layout, Component::ApiServer)?;

    let api = Api::new(&layout.server(), &authority, Some(TOKEN))?;
    let kubeconfig = layout.dir.join("kubeconfig");
    let plane = ControlPlane {
        layout,
        authority,
        kubeconfig,
        api,
        names: AtomicUsize::new(1),
        types: Types::default(),
        processes: Mutex::new(processes),
    };
    let config = Kubeconfig::single("local", &plane.cluster(), &plane.admin(), None);
    config.write(&plane.kubeconfig)?;

    plane.await_ready("/readyz")?;
    if plane.layout.options.controllers {
        for component in [Component::ControllerManager, Component::Scheduler, Component::Kwok] {
            plane.processes().start(&plane.layout, component)?;
        }
        plane.create_nodes(plane.layout.options.nodes)?;
        plane.await_ready("/api/v1/namespaces/default/serviceaccounts/default")?;
        plane.await_nodes()?;
        if plane.layout.options.metrics {
            plane.start_metrics()?;
        }
    }
    Ok(plane)
}

impl ControlPlane {
    /// Waits until a GET of the path succeeds.
    pub(super) fn await_ready(&self, path: &str) -> Result<(), Error> {
        let start = Instant::now();
        loop {
            let answer = self.api.within(Duration::from_secs(5), &Method::GET, path, &[], Bytes::new());
            let seen = match answer {
                Ok(response) if response.status == 200 => return Ok(()),
                Ok(response) => String::from_utf8_lossy(&response.body).into_owned(),
                Err(error) => error.to_string(),
            };
            if let Some((component, status)) = self.processes().ended() {
                let log = tail(&self.layout.log(component));
                return Err(Error::Ended { component: component.name(), status: status.to_string(), log });
            }
            if start.elapsed() > READY {
                let log = tail(&self.layout.log(Component::ApiServer));
                let details = format!("{seen}\n{log}");
                return Err(Error::Late { what: format!("GET {path}"), within: READY, details });
            }
            sleep(PAUSE);
        }
    }

    fn await_nodes(&self) -> Result<(), Error> {
        let ready = |node: &serde_json::Value| {
            let conditions = node["status"]["conditions"].as_array();
            conditions
                .is_some_and(|all| all.iter().any(|one| one["type"] == "Ready" && one["status"] == "True"))
        };
        poll(READY, "all simulated nodes ready", || {
            let list = self.api.get("/api/v1/nodes").ok()?;
            list["items"].as_array()?.iter().all(ready).then_some(())
        })
    }

    /// Creates a namespace and waits for the service account that its pods need.
    pub(super) fn create_namespace(&self, name: &str) -> Result<(), Error> {
        self.api.create("/api/v1/namespaces", &json!({"metadata": {"name": name}}))?;
        if self.layout.options.controllers {
            self.await_ready(&format!("/api/v1/namespaces/{name}/serviceaccounts/default"))?;
        }
        Ok(())
    }
}
