//! What was stored when, from the store itself: every event in the order of its revision, whatever the API server did.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader, Write},
    net::TcpStream,
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use passmuster_tests::{ControlPlane, controlplane::Component};
use serde_json::{Value, json};

/// Pods that were stored, and the most of it that was there at one time.
#[derive(Debug, Default)]
pub(crate) struct Counted {
    pub(crate) events: usize,
    pub(crate) created: usize,
    pub(crate) deleted: usize,
    /// The most cpu, in thousandths, and the most pods.
    pub(crate) most: (u64, u64),
    /// What is there in the end.
    pub(crate) last: (u64, u64),
}

/// Where etcd listens.
fn etcd(plane: &ControlPlane) -> String {
    let pid = plane.pid(Component::Etcd).unwrap();
    let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap();
    let args = String::from_utf8_lossy(&line).into_owned();
    let arg = args.split('\0').find_map(|arg| arg.strip_prefix("--listen-client-urls=http://"));
    arg.unwrap().to_owned()
}

/// The lines of etcd's answer to a request of its JSON gateway.
fn ask(address: &str, path: &str, body: &Value) -> BufReader<TcpStream> {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let body = body.to_string();
    // HTTP/1.0: the answer comes without chunks.
    write!(
        stream,
        "POST {path} HTTP/1.0\r\nhost: etcd\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut lines = BufReader::new(stream);
    let mut line = String::new();
    while lines.read_line(&mut line).unwrap() > 0 && line.trim() != "" {
        line.clear();
    }
    lines
}

fn encoded(text: &str) -> String {
    STANDARD.encode(text)
}

/// Counts the pods of namespaces that start so, from the first event of all. Their names say what they request:
/// `c100-…` is 100 thousandths. Nobody changes them but to delete them, and as they are on no node their grace is over at
/// once: from their second version on no quota counts them, though an API server that is killed just then leaves them
/// there.
pub(crate) fn count(plane: &ControlPlane, prefix: &str) -> Counted {
    let address = etcd(plane);
    let (first, last) = (format!("/registry/pods/{prefix}"), format!("/registry/pods/{prefix}\u{7f}"));
    let (key, end) = (encoded(&first), encoded(&last));
    let mut head = String::new();
    ask(&address, "/v3/kv/range", &json!({"key": key, "range_end": end, "count_only": true}))
        .read_line(&mut head)
        .unwrap();
    let head: Value = serde_json::from_str(&head).unwrap();
    let until: u64 = head["header"]["revision"].as_str().unwrap().parse().unwrap();
    // A key that is written last tells that all before it has come.
    let mark = format!("/registry/pods/{prefix}\u{1}mark");
    let mut done = String::new();
    ask(&address, "/v3/kv/put", &json!({"key": encoded(&mark), "value": encoded("m")}))
        .read_line(&mut done)
        .unwrap();

    let request =
        json!({"create_request": {"key": key, "range_end": end, "start_revision": "1", "filters": []}});
    let mut lines = ask(&address, "/v3/watch", &request);
    let (mut counted, mut there) = (Counted::default(), BTreeMap::<String, u64>::new());
    loop {
        let mut line = String::new();
        assert!(lines.read_line(&mut line).unwrap() > 0, "etcd ended the watch before revision {until}");
        let answer: Value = serde_json::from_str(&line).unwrap();
        assert!(answer["result"]["canceled"] != true, "{answer}");
        for event in answer["result"]["events"].as_array().into_iter().flatten() {
            let key = STANDARD.decode(event["kv"]["key"].as_str().unwrap()).unwrap();
            let key = String::from_utf8(key).unwrap();
            if key == mark {
                counted.last = sums(&there);
                let _ = ask(&address, "/v3/kv/deleterange", &json!({"key": encoded(&mark)}));
                return counted;
            }
            counted.events += 1;
            let name = key.rsplit('/').next().unwrap();
            let version = event["kv"]["version"].as_str().and_then(|version| version.parse::<u64>().ok());
            if event["type"] == "DELETE" || version > Some(1) {
                counted.deleted += usize::from(there.remove(&key).is_some());
            } else if there.insert(key.clone(), cpu(name)).is_none() {
                counted.created += 1;
            }
            let (cpu, pods) = sums(&there);
            counted.most = (counted.most.0.max(cpu), counted.most.1.max(pods));
        }
    }
}

fn sums(there: &BTreeMap<String, u64>) -> (u64, u64) {
    (there.values().sum(), there.len() as u64)
}

fn cpu(name: &str) -> u64 {
    name.strip_prefix('c').and_then(|rest| rest.split('-').next()).and_then(|cpu| cpu.parse().ok()).unwrap()
}
