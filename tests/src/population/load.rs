//! Putting a population into a cluster, quickly.

use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Size, namespaces, nodes};
use crate::eventually::poll;
use crate::{ControlPlane, Error};

/// kubectls that run at the same time; the API server is busy with four.
const PARALLEL: usize = 4;

/// How long it took.
#[derive(Debug, Clone, Copy)]
pub struct Loaded {
    /// Until everything was created.
    pub created: Duration,
    /// Until all pods ran as well.
    pub running: Duration,
}

/// Creates the population, by one kubectl for each namespace, and waits until all its pods run.
pub fn load(plane: &ControlPlane, size: Size, within: Duration) -> Result<Loaded, Error> {
    let start = Instant::now();
    let existing = plane.api().get("/api/v1/nodes")?["items"].as_array().map_or(0, Vec::len);
    let new_nodes = nodes(size.nodes).split_off(existing.min(size.nodes));
    let lists = [new_nodes].into_iter().chain(namespaces(size)).filter(|list| !list.is_empty());
    let queue = Mutex::new(lists.collect::<Vec<_>>().into_iter());
    thread::scope(|scope| {
        let workers: Vec<_> = (0..PARALLEL).map(|_| scope.spawn(|| work(plane, &queue))).collect();
        workers.into_iter().try_for_each(|worker| worker.join().expect("a worker does not panic"))
    })?;
    let created = start.elapsed();
    let what = format!("{} pods run", size.pods());
    poll(within, &what, || all_running(plane, size.pods()).ok()?.then_some(()))?;
    Ok(Loaded { created, running: start.elapsed() })
}

fn work(plane: &ControlPlane, queue: &Mutex<impl Iterator<Item = Vec<Value>>>) -> Result<(), Error> {
    let next = || queue.lock().expect("no worker panics").next();
    while let Some(items) = next() {
        let list = json!({"apiVersion": "v1", "kind": "List", "items": items});
        // What is created here is known to be valid; checking it again takes longer than creating it.
        plane.checked(&["create", "--validate=false", "-f", "-"], &list.to_string())?;
    }
    Ok(())
}

/// Whether there are at least as many pods and none that does not run, by two requests of one pod each.
fn all_running(plane: &ControlPlane, pods: usize) -> Result<bool, Error> {
    let list = plane.api().get("/api/v1/pods?limit=1")?;
    let items = |list: &Value| list["items"].as_array().map_or(0, Vec::len);
    let more = list["metadata"]["remainingItemCount"].as_u64().unwrap_or_default();
    if more + (items(&list) as u64) < pods as u64 {
        return Ok(false);
    }
    let others = plane.api().get("/api/v1/pods?fieldSelector=status.phase!%3DRunning&limit=1")?;
    Ok(items(&others) == 0)
}
