use super::{NOW, assert_amounts, message, object};
use crate::quota::usage::{Charged, DeviceClass, Devices, Pod, ResourceClaim, usage, usage_with};

#[test]
fn services() {
    for (service, expected) in [
        ("{}", "services=1,count/services=1"),
        ("{spec: {type: ClusterIP, ports: [{port: 1, nodePort: 30001}]}}", "services=1,count/services=1"),
        ("{spec: {type: ExternalName, ports: [{port: 1}]}}", "services=1,count/services=1"),
        (
            "{spec: {type: NodePort, ports: [{port: 1}, {port: 2, nodePort: 30001}]}}",
            "services=1,count/services=1,services.nodeports=2",
        ),
        (
            "{spec: {type: LoadBalancer, ports: [{port: 1}, {port: 2}]}}",
            "services=1,count/services=1,services.nodeports=2,services.loadbalancers=1",
        ),
        (
            "{spec: {type: LoadBalancer, allocateLoadBalancerNodePorts: true, ports: [{port: 1}]}}",
            "services=1,count/services=1,services.nodeports=1,services.loadbalancers=1",
        ),
        (
            "{spec: {type: LoadBalancer, allocateLoadBalancerNodePorts: false, ports: [{port: 1}, {port: 2, nodePort: 30001}]}}",
            "services=1,count/services=1,services.nodeports=1,services.loadbalancers=1",
        ),
        ("{spec: {type: LoadBalancer}}", "services=1,count/services=1,services.loadbalancers=1"),
    ] {
        assert_amounts(service, &usage(&object("services", service), NOW), expected);
    }
}

#[test]
fn persistent_volume_claims() {
    const COUNTS: &str = "persistentvolumeclaims=1,count/persistentvolumeclaims=1";
    for (claim, expected) in [
        ("{}", ""),
        ("{spec: {resources: {requests: {storage: 1Gi}}}}", "requests.storage=1Gi"),
        ("{spec: {resources: {requests: {storage: 100500m}}}}", "requests.storage=101"),
        ("{spec: {resources: {requests: {storage: 1Gi}}, storageClassName: ''}}", "requests.storage=1Gi"),
        (
            "{spec: {resources: {requests: {storage: 1Gi}}, storageClassName: gold}}",
            "requests.storage=1Gi,gold.storageclass.storage.k8s.io/requests.storage=1Gi,gold.storageclass.storage.k8s.io/persistentvolumeclaims=1",
        ),
        (
            "{metadata: {annotations: {volume.beta.kubernetes.io/storage-class: old}}, spec: {resources: {requests: {storage: 1Gi}}, storageClassName: gold}}",
            "requests.storage=1Gi,old.storageclass.storage.k8s.io/requests.storage=1Gi,old.storageclass.storage.k8s.io/persistentvolumeclaims=1",
        ),
        (
            "{metadata: {annotations: {volume.beta.kubernetes.io/storage-class: ''}}, spec: {resources: {requests: {storage: 1Gi}}, storageClassName: gold}}",
            "requests.storage=1Gi",
        ),
        (
            "{spec: {resources: {requests: {storage: 1Gi}}}, status: {allocatedResources: {storage: 2Gi}}}",
            "requests.storage=2Gi",
        ),
        (
            "{spec: {resources: {requests: {storage: 1Gi}}}, status: {allocatedResources: {storage: 1500m}}}",
            "requests.storage=1Gi",
        ),
        (
            "{spec: {resources: {requests: {storage: 2}}}, status: {allocatedResources: {storage: 2500m}}}",
            "requests.storage=3",
        ),
        ("{spec: {}, status: {allocatedResources: {storage: 2Gi}}}", ""),
    ] {
        let found = usage(&object("persistentvolumeclaims", claim), NOW);
        assert_amounts(claim, &found, &format!("{COUNTS},{expected}"));
    }
}

#[test]
fn resource_claims() {
    const GPU: &str = "gpu.deviceclass.resource.k8s.io/devices";
    const NIC: &str = "nic.deviceclass.resource.k8s.io/devices";
    const X: &str = "requests.deviceclass.resource.kubernetes.io";
    let devices = classes();
    for (requests, expected) in [
        ("[]", String::new()),
        (
            "[{name: a, exactly: {deviceClassName: nic, allocationMode: ExactCount, count: 2}}, {name: b, exactly: {deviceClassName: nic, allocationMode: All}}]",
            format!("{NIC}=34,{X}/nic=34"),
        ),
        (
            "[{name: a, exactly: {deviceClassName: gpu, allocationMode: ExactCount, count: 3}}]",
            format!("{GPU}=3,{X}/gpu=3,requests.example.com/gpu=3"),
        ),
        ("[{name: a, exactly: {deviceClassName: nic, allocationMode: Later, count: 3}}]", String::new()),
        ("[{name: a}]", String::new()),
        ("[{name: a, exactly: {deviceClassName: nic}}]", format!("{NIC}=1,{X}/nic=1")),
        (
            "[{name: a, firstAvailable: [{name: x, deviceClassName: nic, allocationMode: ExactCount, count: 1},
               {name: y, deviceClassName: nic, allocationMode: ExactCount, count: 4}, {name: z, deviceClassName: gpu, allocationMode: All}]},
              {name: b, exactly: {deviceClassName: nic, allocationMode: ExactCount, count: 1}}]",
            format!("{NIC}=5,{GPU}=32,{X}/nic=5,{X}/gpu=32,requests.example.com/gpu=32"),
        ),
    ] {
        let claim = message::<ResourceClaim>(&format!("{{spec: {{devices: {{requests: {requests}}}}}}}"));
        let found = usage_with(&Charged::from(claim), &devices, NOW);
        assert_amounts(requests, &found, &format!("count/resourceclaims.resource.k8s.io=1,{expected}"));
    }
}

#[test]
fn pods_pay_for_the_claims_that_are_made_for_them() {
    const KEY: &str = "requests.example.com/gpu";
    let pod = |status: &str, paid: u32| {
        format!(
            "{{metadata: {{name: p, namespace: shop, uid: p1}}, spec: {{containers: [{{name: a, resources: {{requests: {{example.com/gpu: {paid}}}}}}}]}}, status: {status}}}"
        )
    };
    let claim = |name: &str, made: u32, owner: &str| {
        message::<ResourceClaim>(&format!(
            "{{metadata: {{name: {name}, namespace: shop, uid: {name}, creationTimestamp: '2026-11-21T10:00:0{made}Z',
               annotations: {{resource.kubernetes.io/extended-resource-claim: 'true'}}, ownerReferences: [{{apiVersion: v1, kind: Pod, name: p, uid: {owner}, controller: true}}]}},
               spec: {{devices: {{requests: [{{name: a, exactly: {{deviceClassName: gpu, allocationMode: ExactCount, count: 3}}}}]}}}}}}"
        ))
    };
    let claims = [claim("younger", 2, "p1"), claim("older", 1, "p1"), claim("other", 0, "p2")];
    let made_for = "{extendedResourceClaimStatus: {resourceClaimName: younger}}";
    for (case, status, paid, expected) in [
        ("the oldest, while the pod does not say which", "{}", 3, [3, 0, 3]),
        ("the one that the pod says", made_for, 3, [0, 3, 3]),
        ("what is more than that is charged", made_for, 1, [2, 3, 3]),
        ("a pod that has ended pays nothing", "{phase: Failed}", 3, [3, 3, 3]),
    ] {
        let mut devices = classes();
        for claim in &claims {
            devices.add_claim(claim);
        }
        devices.add_pod(&message::<Pod>(&pod(status, paid)), NOW);
        let found =
            claims.clone().map(|claim| usage_with(&Charged::from(claim), &devices, NOW).of(KEY).ceil());
        assert_eq!(found, expected, "{case}");
    }
}

#[test]
fn other_objects() {
    for (resource, expected) in [
        ("secrets", "count/secrets=1,secrets=1"),
        ("configmaps", "count/configmaps=1,configmaps=1"),
        ("resourcequotas", "count/resourcequotas=1,resourcequotas=1"),
        ("replicationcontrollers", "count/replicationcontrollers=1,replicationcontrollers=1"),
        ("serviceaccounts", "count/serviceaccounts=1"),
        ("deployments", "count/deployments.apps=1"),
        ("events", ""),
        ("events.events.k8s.io", ""),
    ] {
        assert_amounts(resource, &usage(&object(resource, "{metadata: {name: a}}"), NOW), expected);
    }
}

fn classes() -> Devices {
    let mut devices = Devices::default();
    devices.add_class(&message::<DeviceClass>("{metadata: {name: nic}, spec: {}}"));
    devices.add_class(&message::<DeviceClass>(
        "{metadata: {name: gpu}, spec: {extendedResourceName: example.com/gpu}}",
    ));
    devices
}
