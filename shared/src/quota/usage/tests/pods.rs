use super::{NOW, assert_amounts, message, object};
use crate::quota::usage::{Decided, Origin, Pod, Side, explain, pod_limits, pod_requests, usage};

/// What it is about, the pod, what it requests, what it is limited to.
const SUMS: &[(&str, &str, &str, &str)] = &[
    ("nothing", "{}", "", ""),
    (
        "containers add up, whatever they are written in",
        "{spec: {containers: [{name: a, resources: {requests: {cpu: 100m, memory: 1Gi}, limits: {cpu: '1'}}},
          {name: b, resources: {requests: {cpu: 0.25, memory: 1e9}, limits: {memory: 2G}}}]}}",
        "cpu=350m,memory=2073741824",
        "cpu=1,memory=2G",
    ),
    (
        "an exbibyte, and as many",
        "{spec: {containers: [{name: a, resources: {requests: {memory: 1Ei}}}, {name: b, resources: {requests: {memory: 1E}}}]}}",
        "memory=2152921504606846976",
        "",
    ),
    (
        "the largest init container, if it is more than the containers",
        "{spec: {initContainers: [{name: i, resources: {requests: {cpu: 300m, memory: 1Mi}}}, {name: j, resources: {requests: {cpu: '2'}}}],
          containers: [{name: a, resources: {requests: {cpu: 500m, memory: 2Mi}}}]}}",
        "cpu=2,memory=2Mi",
        "",
    ),
    (
        "sidecars run beside the containers, and beside the init containers that come after them",
        "{spec: {initContainers: [
            {name: early, resources: {requests: {cpu: 900m}}},
            {name: proxy, restartPolicy: Always, resources: {requests: {cpu: 200m}, limits: {cpu: 300m}}},
            {name: late, resources: {requests: {cpu: 800m}, limits: {cpu: 800m}}},
            {name: log, restartPolicy: Always, resources: {requests: {cpu: 50m}}}],
          containers: [{name: a, resources: {requests: {cpu: 100m}}}]}}",
        "cpu=1",
        "cpu=1100m",
    ),
    (
        "as long as the containers and all sidecars are not more than that",
        "{spec: {initContainers: [{name: i, resources: {requests: {cpu: 900m}}}, {name: s, restartPolicy: Always, resources: {requests: {cpu: 500m}}}],
          containers: [{name: a, resources: {requests: {cpu: 600m}}}]}}",
        "cpu=1100m",
        "",
    ),
    (
        "an init container that is always restarted by its pod is no sidecar",
        "{spec: {restartPolicy: Always, initContainers: [{name: i, resources: {requests: {cpu: 100m}}}],
          containers: [{name: a, resources: {requests: {cpu: 600m}}}]}}",
        "cpu=600m",
        "",
    ),
    (
        "the pod as a whole goes before its containers, for the resources that it can have as a whole",
        "{spec: {resources: {requests: {cpu: '2', hugepages-2Mi: 4Mi, ephemeral-storage: 9Gi}, limits: {memory: 3Gi}},
          containers: [{name: a, resources: {requests: {cpu: '5', memory: 1Gi, ephemeral-storage: 1Gi}, limits: {memory: 9Gi, cpu: '6'}}}]}}",
        "cpu=2,memory=1Gi,ephemeral-storage=1Gi,hugepages-2Mi=4Mi",
        "memory=3Gi,cpu=6",
    ),
    (
        "overhead: on all requests, and on limits of more than nothing",
        "{spec: {overhead: {cpu: 250m, memory: 120Mi}, containers: [{name: a, resources: {requests: {memory: 1Mi}, limits: {cpu: '1', memory: '0'}}}]}}",
        "cpu=250m,memory=121Mi",
        "cpu=1250m",
    ),
    (
        "overhead on the pod as a whole",
        "{spec: {overhead: {cpu: 250m}, resources: {requests: {cpu: '1'}, limits: {cpu: '2'}}, containers: [{name: a}]}}",
        "cpu=1250m",
        "cpu=2250m",
    ),
    (
        "devices",
        "{spec: {containers: [{name: a, resources: {requests: {nvidia.com/gpu: '2'}, limits: {nvidia.com/gpu: '2'}}}]}}",
        "nvidia.com/gpu=2",
        "nvidia.com/gpu=2",
    ),
    (
        "resized: the most of what is asked for, allocated and there",
        "{spec: {containers: [{name: a, resources: {requests: {cpu: 100m, memory: 3Gi}, limits: {cpu: '1'}}}]},
          status: {containerStatuses: [{name: a, allocatedResources: {cpu: 300m, memory: 1Gi}, resources: {requests: {cpu: 200m, memory: 2Gi}, limits: {cpu: '4'}}}]}}",
        "cpu=300m,memory=3Gi",
        "cpu=4",
    ),
    (
        "resized, but the status does not say what is there",
        "{spec: {containers: [{name: a, resources: {requests: {cpu: 100m}}}]}, status: {containerStatuses: [{name: a, allocatedResources: {cpu: 300m}}]}}",
        "cpu=100m",
        "",
    ),
    (
        "a resize that the node can never do counts for nothing",
        "{spec: {containers: [{name: a, resources: {requests: {cpu: '100'}, limits: {cpu: '200'}}}]},
          status: {conditions: [{type: PodResizePending, status: 'True', reason: Infeasible}],
            containerStatuses: [{name: a, allocatedResources: {cpu: 300m}, resources: {requests: {cpu: 200m}, limits: {cpu: '1'}}}]}}",
        "cpu=300m",
        "cpu=1",
    ),
    (
        "one that has to wait counts",
        "{spec: {containers: [{name: a, resources: {requests: {cpu: '100'}}}]},
          status: {conditions: [{type: PodResizePending, status: 'True', reason: Deferred}],
            containerStatuses: [{name: a, allocatedResources: {cpu: 300m}, resources: {requests: {cpu: 200m}}}]}}",
        "cpu=100",
        "",
    ),
    (
        "sidecars are resized, init containers not",
        "{spec: {initContainers: [{name: s, restartPolicy: Always, resources: {requests: {cpu: 100m}}}, {name: i, resources: {requests: {cpu: 400m}}}], containers: [{name: a}]},
          status: {initContainerStatuses: [{name: s, resources: {requests: {cpu: 500m}}}, {name: i, resources: {requests: {cpu: '9'}}}]}}",
        "cpu=900m",
        "",
    ),
];

#[test]
fn requests_and_limits() {
    for (case, pod, requests, limits) in SUMS {
        let pod: Pod = message(pod);
        assert_amounts(&format!("requests: {case}"), &pod_requests(&pod), requests);
        assert_amounts(&format!("limits: {case}"), &pod_limits(&pod), limits);
    }
}

#[test]
fn explanations_come_to_the_same() {
    for (case, pod, ..) in SUMS {
        let pod: Pod = message(pod);
        for (side, sums) in [(Side::Requests, pod_requests(&pod)), (Side::Limits, pod_limits(&pod))] {
            let told = explain(&pod, side);
            assert_eq!(
                told.iter().map(|one| (one.resource.clone(), one.total)).collect::<crate::quota::Amounts>(),
                sums
            );
            for one in told {
                let needed = match &one.decided {
                    Decided::Containers => one.running,
                    Decided::InitContainer { amount, .. } => *amount,
                    Decided::Pod => one.pod_level.unwrap(),
                };
                assert_eq!(needed + one.overhead.unwrap_or_default(), one.total, "{case}: {}", one.resource);
            }
        }
    }
}

#[test]
fn explained() {
    let pod: Pod = message(
        "{spec: {overhead: {cpu: 10m}, initContainers: [{name: s, restartPolicy: Always, resources: {requests: {cpu: 100m}}}, {name: i, resources: {requests: {cpu: '1'}}}],
          containers: [{name: a, resources: {requests: {cpu: 500m}}}]},
          status: {containerStatuses: [{name: a, allocatedResources: {cpu: 600m}, resources: {requests: {cpu: 550m}}}]}}",
    );
    let told = explain(&pod, Side::Requests);
    let cpu = told.first().unwrap();
    assert_eq!((cpu.total.to_string(), cpu.running.to_string()), ("1110m".to_owned(), "700m".to_owned()));
    assert_eq!(
        cpu.decided,
        Decided::InitContainer { name: "i".to_owned(), amount: "1100m".parse().unwrap() }
    );
    let parts: Vec<_> = cpu
        .parts
        .iter()
        .map(|part| (part.container.as_str(), part.amount.to_string(), part.origin))
        .collect();
    assert_eq!(
        parts,
        [
            ("s", "100m".to_owned(), Origin::Spec),
            ("i", "1".to_owned(), Origin::Spec),
            ("a", "600m".to_owned(), Origin::Allocated)
        ]
    );
    let json = serde_json::to_value(cpu).unwrap();
    assert_eq!(json["decided"], serde_json::json!({"initContainer": {"name": "i", "amount": "1100m"}}));
    assert_eq!(
        json["parts"][0],
        serde_json::json!({"container": "s", "role": "sidecar", "amount": "100m", "origin": "spec"})
    );
}

const ONE: &str = "containers: [{name: a, resources: {requests: {cpu: '1', memory: 1Gi, ephemeral-storage: 2Gi, hugepages-2Mi: 4Mi, nvidia.com/gpu: '3'},
    limits: {cpu: '2', ephemeral-storage: 3Gi, hugepages-2Mi: 4Mi, nvidia.com/gpu: '3'}}}]";
const ALL: &str = "pods=1,count/pods=1,cpu=1,requests.cpu=1,limits.cpu=2,memory=1Gi,requests.memory=1Gi,ephemeral-storage=2Gi,\
    requests.ephemeral-storage=2Gi,limits.ephemeral-storage=3Gi,hugepages-2Mi=4Mi,requests.hugepages-2Mi=4Mi,requests.nvidia.com/gpu=3";
const GONE: &str = "count/pods=1";

#[test]
fn lives() {
    for (case, rest, expected) in [
        ("new", "", ALL),
        (
            "gated",
            ", status: {phase: Pending, conditions: [{type: PodScheduled, status: 'False', reason: SchedulingGated}]}",
            ALL,
        ),
        ("not scheduled", ", status: {phase: Pending}", ALL),
        ("lost", ", status: {phase: Unknown}", ALL),
        ("succeeded", ", status: {phase: Succeeded}", GONE),
        ("failed", ", status: {phase: Failed}", GONE),
        (
            "being deleted",
            ", metadata: {deletionTimestamp: '2026-11-21T11:59:31Z', deletionGracePeriodSeconds: 30}",
            ALL,
        ),
        (
            "deleted to the second",
            ", metadata: {deletionTimestamp: '2026-11-21T11:59:30Z', deletionGracePeriodSeconds: 30}",
            ALL,
        ),
        (
            "overdue",
            ", metadata: {deletionTimestamp: '2026-11-21T11:59:29Z', deletionGracePeriodSeconds: 30}",
            GONE,
        ),
        (
            "overdue at once",
            ", metadata: {deletionTimestamp: '2026-11-21T11:59:59Z', deletionGracePeriodSeconds: 0}",
            GONE,
        ),
        ("no grace period known", ", metadata: {deletionTimestamp: '2026-11-20T11:59:29Z'}", ALL),
    ] {
        let pod = object("pods", &format!("{{spec: {{{ONE}}}{rest}}}"));
        assert_amounts(case, &usage(&pod, NOW), expected);
    }
}

#[test]
fn which_resources_have_keys() {
    for (resource, expected) in [
        ("example.com/a", "requests.example.com/a=2"),
        ("deviceclass.resource.kubernetes.io/gpu", "requests.deviceclass.resource.kubernetes.io/gpu=2"),
        ("pod.kubernetes.io/a", ""),
        ("requests.example.com/a", ""),
        ("bare", ""),
        ("storage", ""),
    ] {
        let text = format!(
            "{{spec: {{containers: [{{name: a, resources: {{requests: {{{resource}: 2}}, limits: {{{resource}: 2}}}}}}]}}}}"
        );
        assert_amounts(
            resource,
            &usage(&object("pods", &text), NOW),
            &format!("pods=1,count/pods=1,{expected}"),
        );
    }
}
