//! Nodes name nothing; others run on them. This reads how they are.

use prost::Message;
use serde::Deserialize;

use crate::{
    graph::edges::{Case, Emit, Family, Reader, Source},
    model::{
        Health, Kind, ObjectMeta, Status,
        api::{Condition, condition_status},
        kinds,
    },
};

pub(super) static FAMILY: Family = Family {
    title: "Nodes",
    readers: &[Reader::of::<Node>()],
    edges: &[],
    cases: &[Case {
        name: "a node names nothing",
        objects: r"
apiVersion: v1
kind: Node
metadata: {name: worker}
spec: {unschedulable: true}
status: {conditions: [{type: Ready, status: 'True'}]}
",
        edges: &[],
    }],
};

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Node {
    #[prost(message, optional, tag = "1")]
    metadata: Option<ObjectMeta>,
    #[prost(message, optional, tag = "2")]
    spec: Option<NodeSpec>,
    #[prost(message, optional, tag = "3")]
    status: Option<NodeStatus>,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct NodeSpec {
    #[prost(bool, tag = "4")]
    unschedulable: bool,
}

#[derive(Clone, PartialEq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct NodeStatus {
    #[prost(message, repeated, tag = "4")]
    conditions: Vec<Condition>,
}

impl Source for Node {
    const KIND: Kind = kinds::NODE;

    fn metadata(&self) -> Option<&ObjectMeta> {
        self.metadata.as_ref()
    }

    fn edges(&self, _: &mut Emit<'_>) {}

    /// STATUS: `printNode`.
    fn status(&self) -> Status {
        let Some(status) = &self.status else { return Status::default() };
        let (word, health) = match condition_status(&status.conditions, "Ready") {
            Some("True") => ("Ready", Health::Healthy),
            Some(_) => ("NotReady", Health::Degraded),
            None => ("Unknown", Health::Degraded),
        };
        if self.spec.as_ref().is_some_and(|spec| spec.unschedulable) {
            Status::of(format!("{word},SchedulingDisabled"), health.max(Health::Progressing))
        } else {
            Status::of(word, health)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn status(ready: &str, unschedulable: bool) -> (String, Health) {
        let conditions =
            json!([{"type": "DiskPressure", "status": "True"}, {"type": "Ready", "status": ready}]);
        let conditions = if ready.is_empty() { json!([]) } else { conditions };
        let node = json!({"spec": {"unschedulable": unschedulable}, "status": {"conditions": conditions}});
        let status = serde_json::from_value::<Node>(node).unwrap().status();
        (status.status.unwrap(), status.health)
    }

    #[test]
    fn nodes_as_kubectl_prints_them() {
        assert_eq!(status("True", false), ("Ready".into(), Health::Healthy));
        assert_eq!(status("True", true), ("Ready,SchedulingDisabled".into(), Health::Progressing));
        assert_eq!(status("Unknown", false), ("NotReady".into(), Health::Degraded));
        assert_eq!(status("False", true), ("NotReady,SchedulingDisabled".into(), Health::Degraded));
        assert_eq!(status("", false), ("Unknown".into(), Health::Degraded));
    }
}
