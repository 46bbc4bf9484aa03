//! Whether the pods that a workload is going to make will find room: to be said when the workload is applied, because
//! later only a controller hears of it.

use super::{Account, book::positive};
use crate::{
    model::Time,
    quota::{
        Amounts,
        fit::times::{how_often, times},
        usage::{Charged, Denied, Devices, check_constraints, usage_with},
    },
};

/// Pods of one sort.
#[derive(Debug, Clone, Copy)]
pub struct Pods<'a> {
    /// One of them, as it will ask to be admitted.
    pub pod: &'a Charged,
    /// How many.
    pub count: u32,
}

/// What a workload is about to do.
#[derive(Debug, Clone, Copy)]
pub struct Change<'a> {
    /// The pods that it has, and that are charged already.
    pub old: Option<Pods<'a>>,
    /// The pods that it will have.
    pub new: Pods<'a>,
    /// How many more it may have while it replaces them; none when it replaces none.
    pub surge: u32,
}

/// What will not find room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Forecast {
    /// Its pods can't be admitted whatever is left.
    Never(Denied),
    /// Not all pods that it will have.
    Pods {
        /// How many will be admitted.
        fit: u32,
        /// What the next one will be told.
        denied: Denied,
    },
    /// All pods, but not those that come on top while it replaces them.
    Surge {
        /// How many of those will be admitted.
        fit: u32,
        /// What the next one will be told.
        denied: Denied,
    },
}

/// What a quota of which so much is charged will say to the pods of a workload.
pub fn forecast(
    account: &Account,
    charged: &Amounts,
    change: Change<'_>,
    devices: &Devices,
    now: Time,
) -> Option<Forecast> {
    let of = |pods: &Pods<'_>| {
        let counted = account.counts(pods.pod, devices);
        if counted { positive(&account.limited(&usage_with(pods.pod, devices, now))) } else { Amounts::new() }
    };
    let hard = &account.spec.hard;
    if change.new.count == 0 || !account.counts(change.new.pod, devices) {
        return None;
    }
    if let Err(denied) = check_constraints(&account.name, hard, change.new.pod) {
        return Some(Forecast::Never(denied));
    }
    let each = of(&change.new);
    let before = change.old.map(|old| many(&of(&old), old.count)).unwrap_or_default();
    // Of its old pods some may never have come to be.
    let others = positive(&charged.less(&before));
    let denied = |used: Amounts| {
        let exceeds = |key: &str| used.of(key) + each.of(key) > hard.of(key);
        let limited = hard.only(|key| each.get(key).is_some() && exceeds(key));
        let among = |amounts: &Amounts| amounts.only(|key| limited.get(key).is_some());
        Denied::Exceeded { quota: account.name.clone(), requested: among(&each), used: among(&used), limited }
    };
    let with = |fit: u32, used: &Amounts| {
        let mut used = used.clone();
        used.add_all(&many(&each, fit));
        used
    };
    let fit = how_often(&each, |key| hard.of(key) - others.of(key), change.new.count);
    if fit < change.new.count {
        // What it takes less of than before it may do whatever is left.
        let all = with(change.new.count, &others);
        let grows = each.iter().any(|(key, _)| all.of(key) > charged.of(key) && all.of(key) > hard.of(key));
        if grows {
            return Some(Forecast::Pods { fit, denied: denied(with(fit, &others)) });
        }
    }
    // At the peak the old ones are still there.
    let fit = how_often(&each, |key| hard.of(key) - charged.of(key), change.surge);
    (fit < change.surge).then(|| Forecast::Surge { fit, denied: denied(with(fit, charged)) })
}

fn many(amounts: &Amounts, count: u32) -> Amounts {
    amounts.iter().map(|(key, amount)| (key.clone(), times(*amount, count))).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        model::builtin_kinds::builtin,
        quota::{QuotaSpec, ledger::ScopeId, project::Model},
    };

    fn amounts(pairs: &[(&str, &str)]) -> Amounts {
        pairs.iter().map(|(key, amount)| ((*key).to_owned(), amount.parse().unwrap())).collect()
    }

    fn pod(cpu: &str) -> Charged {
        let object = serde_json::json!({"metadata": {"name": "p"}, "spec": {"containers": [
            {"name": "c", "resources": {"requests": {"cpu": cpu}}}]}});
        Charged::from_json(builtin().by_kind("", "Pod").unwrap(), object).unwrap()
    }

    fn ask(
        charged: &str,
        old: Option<(&Charged, u32)>,
        (new, count): (&Charged, u32),
        surge: u32,
    ) -> Option<Forecast> {
        let account = Account {
            name: "ProjectQuota/shop".into(),
            model: Model::Usage,
            spec: QuotaSpec { hard: amounts(&[("requests.cpu", "10")]), ..QuotaSpec::default() },
            scope: ScopeId::default(),
            namespaces: [Arc::from("a")].into(),
        };
        let old = old.map(|(pod, count)| Pods { pod, count });
        let change = Change { old, new: Pods { pod: new, count }, surge };
        let now = Time { seconds: 0, nanos: 0 };
        forecast(&account, &amounts(&[("requests.cpu", charged)]), change, &Devices::default(), now)
    }

    #[test]
    fn new_pods_find_room_or_not() {
        let pod = pod("2");
        assert_eq!(ask("4", None, (&pod, 3), 0), None);
        let Some(Forecast::Pods { fit: 3, denied }) = ask("4", None, (&pod, 5), 2) else {
            panic!("they fit")
        };
        assert_eq!(
            denied.to_string(),
            "exceeded quota: ProjectQuota/shop, requested: requests.cpu=2, used: requests.cpu=10, limited: requests.cpu=10"
        );
    }

    #[test]
    fn a_rollout_needs_room_for_its_surge() {
        let (old, new) = (pod("2"), pod("2"));
        assert_eq!(ask("8", Some((&old, 4)), (&new, 4), 1), None);
        assert!(matches!(ask("8", Some((&old, 4)), (&new, 4), 2), Some(Forecast::Surge { fit: 1, .. })));
        // Scaled down while there is too much already: nobody objects.
        assert_eq!(ask("12", Some((&old, 6)), (&new, 5), 0), None);
    }

    #[test]
    fn what_must_be_said_is_told() {
        let bare = serde_json::json!({"metadata": {"name": "p"}, "spec": {"containers": [{"name": "c"}]}});
        let bare = Charged::from_json(builtin().by_kind("", "Pod").unwrap(), bare).unwrap();
        let Some(Forecast::Never(denied)) = ask("0", None, (&bare, 1), 0) else { panic!("it is admitted") };
        assert_eq!(denied.to_string(), "failed quota: ProjectQuota/shop: must specify requests.cpu for: c");
    }
}
