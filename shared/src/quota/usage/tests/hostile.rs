use prost::Message;

use super::{NOW, message, object};
use crate::{
    model::{ObjectMeta, Time, decode},
    quota::usage::{Charged, Pod, ResourceClaim, Side, explain, usage},
};

/// Decodes what may be anything and asks everything of it.
fn ask<M: Message + Default + Into<Charged>>(bytes: &[u8]) -> bool {
    let Ok(found) = decode::from_protobuf::<M>(bytes) else { return false };
    let charged = found.into();
    usage(&charged, NOW);
    if let Charged::Pod(pod) = &charged {
        explain(pod, Side::Requests);
        explain(pod, Side::Limits);
    }
    true
}

#[test]
fn any_bytes() {
    let seed: u64 = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_121);
    println!("SEED={seed}");
    let pod: Pod = message(
        "{metadata: {name: p, deletionTimestamp: '2026-11-21T11:59:31Z', deletionGracePeriodSeconds: 30},
          spec: {overhead: {cpu: 1}, resources: {limits: {memory: 1Gi}}, initContainers: [{name: i, restartPolicy: Always, resources: {requests: {cpu: 1Ei}}}],
          containers: [{name: a, resources: {requests: {cpu: 100m, memory: 9e9}}}]},
          status: {phase: Running, containerStatuses: [{name: a, allocatedResources: {cpu: 300m}, resources: {requests: {cpu: 200m}}}]}}",
    );
    let claim: ResourceClaim = message(
        "{spec: {devices: {requests: [{name: a, exactly: {deviceClassName: g, allocationMode: ExactCount, count: 9223372036854775807}},
          {name: b, firstAvailable: [{name: c, deviceClassName: g, allocationMode: All}]}]}}}",
    );
    let (pod, claim) = (pod.encode_to_vec(), claim.encode_to_vec());
    let (mut state, mut read) = (seed, 0);
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    for _ in 0..20_000 {
        let mut changed = [pod.clone(), claim.clone()];
        for bytes in &mut changed {
            for _ in 0..=random(3) {
                let at = random(bytes.len());
                bytes[at] = u8::try_from(random(256)).unwrap();
            }
        }
        let [pod, claim] = &changed;
        read += usize::from(ask::<Pod>(pod)) + usize::from(ask::<ResourceClaim>(claim));
    }
    assert!(read > 4000, "SEED={seed}: only {read} could be read");
}

#[test]
fn amounts_without_measure() {
    let exa =
        |n: usize| format!("{{name: c{n}, resources: {{requests: {{memory: '9e999', cpu: '-9e999'}}}}}}");
    let containers = (0..9).map(exa).collect::<Vec<_>>().join(", ");
    let pod = object("pods", &format!("{{spec: {{containers: [{containers}]}}}}"));
    let charged = usage(&pod, NOW);
    assert!(charged.of("requests.memory") > charged.of("pods") && charged.of("requests.cpu").is_negative());

    let far = Time { seconds: i64::MAX, nanos: i32::MAX };
    let metadata = ObjectMeta {
        deletion_timestamp: Some(far),
        deletion_grace_period_seconds: Some(i64::MAX),
        ..ObjectMeta::default()
    };
    assert!(!Pod { metadata: Some(metadata), ..Pod::default() }.has_ended(NOW));

    let most = "{deviceClassName: g, allocationMode: ExactCount, count: 9223372036854775807}";
    let claim = format!(
        "{{spec: {{devices: {{requests: [{{name: a, exactly: {most}}}, {{name: b, exactly: {most}}}]}}}}}}"
    );
    let claim: ResourceClaim = message(&claim);
    assert_eq!(claim.devices().into_iter().collect::<Vec<_>>(), [("g", i64::MAX)]);
}
