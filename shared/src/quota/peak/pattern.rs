//! What a pod's name says about its owner, where nobody else says anything.

use super::Workload;

/// Letters of the names that Kubernetes makes up: no vowels, and no digits that look like them.
const SAFE: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";
/// A pod's own part of its name.
const SUFFIX: usize = 5;

/// The workload that a pod's name points at: a Deployment by `NAME-HASH-SUFFIX`, a CronJob by `NAME-MINUTES-SUFFIX`, a
/// StatefulSet by `NAME-NUMBER`. ReplicaSets, DaemonSets and Jobs name their pods alike, so that nothing is told of
/// `NAME-SUFFIX`. People may name pods as they like: a guess.
pub(super) fn workload(pod: &str) -> Option<Workload> {
    let (front, last) = pod.rsplit_once('-')?;
    if !last.is_empty() && last.len() <= 4 && last.bytes().all(|digit| digit.is_ascii_digit()) {
        return (!front.is_empty()).then(|| Workload::new("StatefulSet", front));
    }
    if last.len() != SUFFIX || !is_safe(last) {
        return None;
    }
    let (name, middle) = front.rsplit_once('-').filter(|(name, _)| !name.is_empty())?;
    if middle.len() == 8 && middle.bytes().all(|digit| digit.is_ascii_digit()) {
        return Some(Workload::new("CronJob", name));
    }
    ((6..=10).contains(&middle.len()) && is_safe(middle)).then(|| Workload::new("Deployment", name))
}

/// The part of the name that pods of one ReplicaSet, DaemonSet or Job share.
pub(super) fn set(pod: &str) -> Option<&str> {
    let (set, suffix) = pod.rsplit_once('-')?;
    (suffix.len() == SUFFIX && is_safe(suffix) && !set.is_empty()).then_some(set)
}

fn is_safe(text: &str) -> bool {
    text.bytes().all(|letter| SAFE.contains(&letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (pod, expected, shared) in [
            ("web-5d8f9c7b6d-x2k4z", Some("Deployment/web"), Some("web-5d8f9c7b6d")),
            ("a-b-c-7f6d5b4c8-zzzzz", Some("Deployment/a-b-c"), Some("a-b-c-7f6d5b4c8")),
            ("backup-28383840-bcdfg", Some("CronJob/backup"), Some("backup-28383840")),
            ("redis-0", Some("StatefulSet/redis"), None),
            ("redis-12", Some("StatefulSet/redis"), None),
            ("exporter-x2k4z", None, Some("exporter")),
            ("migrate-db-x2k4z", None, Some("migrate-db")),
            ("alone", None, None),
            ("-0", None, None),
            ("-x2k4z", None, None),
            ("", None, None),
            ("web-5d8f9c7b6d-aeiou", None, None),
            ("ünïcödé-x2k4ß", None, None),
        ] {
            assert_eq!(workload(pod).map(|workload| workload.to_string()).as_deref(), expected, "{pod}");
            assert_eq!(set(pod), shared, "{pod}");
        }
    }
}
