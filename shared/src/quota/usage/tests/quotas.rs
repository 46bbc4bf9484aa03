use prost::Message;

use super::{NOW, amounts, assert_amounts, message, object, text};
use crate::quota::{
    QuotaSpec, ResourceQuota,
    usage::{Charged, DeviceClass, Devices, ResourceClaim, is_countable, recount},
};

fn quota(scopes: &str) -> QuotaSpec {
    message::<ResourceQuota>(&format!("{{spec: {{hard: {{pods: 10}}, {scopes}}}}}")).spec.unwrap()
}

#[test]
fn the_same_from_protobuf_and_json() {
    let quota: ResourceQuota = message(
        "{metadata: {name: q}, spec: {hard: {pods: 10, requests.cpu: 250m, requests.memory: 1.5Gi}, scopes: [BestEffort, Terminating],
          scopeSelector: {matchExpressions: [{scopeName: PriorityClass, operator: In, values: [a, b]}]}},
          status: {hard: {pods: 9}, used: {pods: 1, requests.cpu: '0'}}}",
    );
    let spec = quota.spec.unwrap();
    assert_eq!(text(&spec.hard), "pods=10,requests.cpu=250m,requests.memory=1536Mi");
    assert_eq!(spec.scopes, ["BestEffort", "Terminating"]);
    assert_eq!(text(&quota.status.unwrap().used), "pods=1,requests.cpu=0");
    assert_eq!(spec.encoded_len(), spec.encode_to_vec().len());
}

#[test]
fn scopes_of_pods() {
    const PLAIN: &str = "{spec: {containers: [{name: a}]}}";
    const CPU: &str = "{spec: {containers: [{name: a, resources: {requests: {cpu: 1m}}}]}}";
    const INIT: &str =
        "{spec: {initContainers: [{name: i, resources: {limits: {memory: 1}}}], containers: [{name: a}]}}";
    const ZERO: &str =
        "{spec: {containers: [{name: a, resources: {requests: {cpu: 0}, limits: {nvidia.com/gpu: 1}}}]}}";
    const WHOLE: &str = "{spec: {resources: {requests: {cpu: 1}}, containers: [{name: a}]}}";
    const WHOLE_NOTHING: &str =
        "{spec: {resources: {}, containers: [{name: a, resources: {requests: {cpu: 1}}}]}}";
    const TOLD: &str =
        "{spec: {containers: [{name: a, resources: {requests: {cpu: 1m}}}]}, status: {qosClass: BestEffort}}";
    const DEADLINE: &str = "{spec: {activeDeadlineSeconds: 0}}";
    const HIGH: &str = "{spec: {priorityClassName: high}}";
    const NEAR: &str = "{spec: {affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{namespaces: [a]}]}}}}";
    const FAR: &str = "{spec: {affinity: {podAntiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, podAffinityTerm: {namespaceSelector: {}}}]}}}}";
    const OWN: &str = "{spec: {affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: a}]}}}}";
    let long = "x".repeat(64);
    let selector = |expressions: &str| format!("scopeSelector: {{matchExpressions: [{expressions}]}}");
    let class = |rest: &str| selector(&format!("{{scopeName: PriorityClass, {rest}}}"));
    for (scopes, inside, outside) in [
        (String::new(), vec![PLAIN, CPU, DEADLINE], vec![]),
        ("scopes: [BestEffort]".into(), vec![PLAIN, ZERO, TOLD, WHOLE_NOTHING], vec![CPU, INIT, WHOLE]),
        ("scopes: [NotBestEffort]".into(), vec![CPU, INIT, WHOLE], vec![PLAIN, ZERO, TOLD, WHOLE_NOTHING]),
        ("scopes: [Terminating]".into(), vec![DEADLINE], vec![PLAIN]),
        ("scopes: [NotTerminating]".into(), vec![PLAIN], vec![DEADLINE]),
        ("scopes: [Terminating, BestEffort]".into(), vec![DEADLINE], vec![PLAIN, CPU]),
        ("scopes: [PriorityClass]".into(), vec![HIGH], vec![PLAIN]),
        ("scopes: [Unheard]".into(), vec![], vec![PLAIN, HIGH]),
        ("scopes: [VolumeAttributesClass]".into(), vec![], vec![PLAIN]),
        ("scopes: [CrossNamespacePodAffinity]".into(), vec![NEAR, FAR], vec![PLAIN, OWN]),
        (class("operator: Exists"), vec![HIGH], vec![PLAIN]),
        (class("operator: DoesNotExist"), vec![PLAIN], vec![HIGH]),
        (class("operator: In, values: [low, high]"), vec![HIGH], vec![PLAIN]),
        (class("operator: In, values: [low]"), vec![], vec![HIGH, PLAIN]),
        (class("operator: NotIn, values: [high]"), vec![PLAIN], vec![HIGH]),
        (class("operator: NotIn, values: [low]"), vec![PLAIN, HIGH], vec![]),
        (class(&format!("operator: NotIn, values: [low, {long}]")), vec![], vec![PLAIN, HIGH]),
        (class("operator: Above, values: [low]"), vec![], vec![PLAIN, HIGH]),
        (
            selector(
                "{scopeName: PriorityClass, operator: Exists}, {scopeName: PriorityClass, operator: NotIn, values: [high]}",
            ),
            vec![],
            vec![HIGH, PLAIN],
        ),
        (
            format!("scopes: [NotTerminating], {}", class("operator: Exists")),
            vec![HIGH],
            vec![PLAIN, DEADLINE],
        ),
    ] {
        let spec = quota(&scopes);
        for (pods, expected) in [(inside, true), (outside, false)] {
            for pod in pods {
                assert_eq!(spec.matches(&object("pods", pod)), expected, "{scopes}\n{pod}");
            }
        }
    }
}

#[test]
fn scopes_of_claims() {
    const NONE: &str = "{spec: {}}";
    const EMPTY: &str = "{spec: {volumeAttributesClassName: ''}}";
    const GOLD: &str = "{spec: {volumeAttributesClassName: gold}}";
    const FROM_GOLD: &str = "{spec: {}, status: {currentVolumeAttributesClassName: gold}}";
    const ON_THE_WAY: &str = "{spec: {volumeAttributesClassName: silver}, status: {modifyVolumeStatus: {targetVolumeAttributesClassName: gold, status: Pending}}}";
    for (scope, inside, outside) in [
        ("operator: Exists", vec![GOLD, FROM_GOLD, ON_THE_WAY], vec![NONE, EMPTY]),
        ("operator: DoesNotExist", vec![NONE, EMPTY], vec![GOLD, FROM_GOLD, ON_THE_WAY]),
        ("operator: In, values: [gold]", vec![GOLD, FROM_GOLD, ON_THE_WAY], vec![NONE]),
        ("operator: In, values: [silver]", vec![ON_THE_WAY], vec![GOLD, NONE]),
        ("operator: NotIn, values: [gold]", vec![NONE, ON_THE_WAY], vec![GOLD]),
    ] {
        let text = format!(
            "{{spec: {{hard: {{requests.storage: 1}}, scopeSelector: {{matchExpressions: [{{scopeName: VolumeAttributesClass, {scope}}}]}}}}}}"
        );
        let spec = message::<ResourceQuota>(&text).spec.unwrap();
        for (claims, expected) in [(inside, true), (outside, false)] {
            for claim in claims {
                assert_eq!(
                    spec.matches(&object("persistentvolumeclaims", claim)),
                    expected,
                    "{scope}\n{claim}"
                );
            }
        }
    }
}

#[test]
fn keys_and_kinds() {
    for (key, kinds) in [
        ("cpu", "pods"),
        ("requests.cpu", "pods"),
        ("limits.ephemeral-storage", "pods"),
        ("requests.hugepages-2Mi", "pods"),
        ("hugepages-1Gi", "pods"),
        ("limits.hugepages-1Gi", ""),
        ("pods", "pods"),
        ("count/pods", "pods"),
        ("count/pods.apps", ""),
        ("requests.example.com/nic", "pods"),
        ("limits.example.com/gpu", ""),
        ("example.com/gpu", ""),
        ("requests.example.com/gpu", "pods resourceclaims"),
        ("requests.deviceclass.resource.kubernetes.io/gpu", "pods resourceclaims"),
        ("requests.deviceclass.resource.kubernetes.io/none", "pods"),
        ("gpu.deviceclass.resource.k8s.io/devices", "resourceclaims"),
        ("count/resourceclaims.resource.k8s.io", "resourceclaims"),
        ("requests.storage", "persistentvolumeclaims"),
        ("gold.storageclass.storage.k8s.io/requests.storage", "persistentvolumeclaims"),
        ("gold.storageclass.storage.k8s.io/persistentvolumeclaims", "persistentvolumeclaims"),
        ("gold.storageclass.storage.k8s.io/limits.storage", ""),
        ("services.nodeports", "services"),
        ("count/services", "services"),
        ("secrets", "secrets"),
        ("count/secrets", "secrets"),
        ("deployments", ""),
        ("count/deployments.apps", "deployments"),
        ("count/events", ""),
    ] {
        let mut devices = Devices::default();
        devices.add_class(&message::<DeviceClass>(
            "{metadata: {name: gpu}, spec: {extendedResourceName: example.com/gpu}}",
        ));
        let counted = [
            "pods",
            "services",
            "persistentvolumeclaims",
            "resourceclaims",
            "secrets",
            "deployments",
            "events",
        ]
        .into_iter()
        .filter(|resource| object(resource, "{}").is_counted_by(key, &devices))
        .collect::<Vec<_>>()
        .join(" ");
        assert_eq!(counted, kinds, "{key}");
        assert_eq!(is_countable(key), !kinds.is_empty() || key == "count/pods.apps", "{key}");
    }
}

#[test]
fn recounts() {
    let spec: QuotaSpec = message::<ResourceQuota>(
        "{spec: {hard: {pods: 10, count/pods: 10, requests.cpu: 1, services: 1, count/secrets: 1, example.com/gpu: 1, count/unknown.example.com: 1}}}",
    )
    .spec
    .unwrap();
    let objects = [
        object("pods", "{spec: {containers: [{name: a, resources: {requests: {cpu: 100m}}}]}}"),
        object(
            "pods",
            "{spec: {containers: [{name: a, resources: {requests: {cpu: 200m}}}]}, status: {phase: Failed}}",
        ),
        object("secrets", "{metadata: {name: s}}"),
        object("configmaps", "{metadata: {name: s}}"),
    ];
    let used = recount(&spec, &objects, &Devices::default(), NOW);
    assert_eq!(
        text(&used),
        "count/pods=2,count/secrets=1,count/unknown.example.com=0,pods=1,requests.cpu=100m,services=0"
    );
    let scoped = QuotaSpec { scopes: vec!["NotTerminating".into()], ..spec };
    let used = recount(&scoped, &objects, &Devices::default(), NOW);
    assert_eq!(
        text(&used),
        "count/pods=2,count/secrets=0,count/unknown.example.com=0,pods=1,requests.cpu=100m,services=0"
    );
}

#[test]
fn written_as_the_server_writes_it() {
    let pod = |memory: &str| {
        object(
            "pods",
            &format!(
                "{{spec: {{containers: [{{name: a, resources: {{requests: {{memory: {memory}}}}}}}]}}}}"
            ),
        )
    };
    let spec = QuotaSpec { hard: amounts("memory=1"), ..QuotaSpec::default() };
    for (first, second, sum) in [
        ("1Mi", "1M", "memory=2048576"),
        ("1Mi", "7M", "memory=8048576"),
        ("1682000Ki", "590680k", "memory=2313048k"),
        ("1Ki", "1023Ki", "memory=1Mi"),
    ] {
        let used = recount(&spec, &[pod(first), pod(second)], &Devices::default(), NOW);
        assert_eq!(text(&used), sum, "{first} and {second}");
    }
}

/// The server asks claims of devices only for quotas with a key of theirs; once asked, they tell all that pods tell too.
#[test]
fn claims_count_where_the_quota_has_a_key_for_them() {
    let claim: ResourceClaim = message(
        "{spec: {devices: {requests: [{name: a, exactly: {deviceClassName: gone, allocationMode: ExactCount, count: 2}}]}}}",
    );
    let objects = [Charged::from(claim)];
    for (hard, expected) in [
        ("requests.deviceclass.resource.kubernetes.io/gone=9", ""),
        (
            "requests.deviceclass.resource.kubernetes.io/gone=9,gone.deviceclass.resource.k8s.io/devices=9",
            "requests.deviceclass.resource.kubernetes.io/gone=2,gone.deviceclass.resource.k8s.io/devices=2",
        ),
    ] {
        let spec = QuotaSpec { hard: amounts(hard), ..QuotaSpec::default() };
        assert_amounts(hard, &recount(&spec, &objects, &Devices::default(), NOW), expected);
    }
}
