//! What comes after the objects are applied: rollouts and autoscaling, and what becomes of the quotas.

use super::{
    QuotaRoom, Stage, StageFit, Workload,
    ledger::Ledger,
    plan::{Plan, refusal},
    rollout::{self, Course},
};
use crate::quantity::Quantity;

impl<'a> Plan<'a> {
    /// The peak of the next rollout of everything that rolls: the pods of the surge come on top.
    pub(super) fn roll_out(&mut self) -> Option<Ledger<'a>> {
        let (mut needed, mut ledger) = (self.needed.clone(), self.ledger.clone());
        let mut any = false;
        for later in &self.later {
            let Workload { key, replicas, rollout, .. } = &later.workload;
            if !rollout.rolling {
                continue;
            }
            let (surge, unavailable) = rollout.of(*replicas);
            any |= surge > 0;
            needed.charge(&key.namespace, &later.pod, surge);
            let course = rollout::grow(&mut ledger, &key.namespace, &later.pod, 0, surge);
            let Some(fit) = self.fits.get_mut(later.index).filter(|_| surge > 0) else { continue };
            let settled = fit.stages.first().and_then(|stage| stage.refusal.clone());
            let refusal = course
                .refused
                .map(|(replica, refused)| refusal(refused, Some(replicas.saturating_add(replica))));
            let fits = refusal.is_none() && settled.is_none();
            fit.stages.push(StageFit {
                stage: Stage::Rollout,
                wanted: replicas.saturating_add(surge),
                admitted: later.reached.saturating_add(course.reached),
                fits,
                goes_on: (!fits).then_some(course.reached > 0 || unavailable > 0),
                refusal: if fits { None } else { refusal.or(settled) },
            });
        }
        any.then_some(needed)
    }

    /// Autoscaling at its maximum.
    pub(super) fn autoscale(&mut self, mut needed: Ledger<'a>) -> Option<Ledger<'a>> {
        let mut ledger = self.ledger.clone();
        let mut any = false;
        for later in &self.later {
            let Workload { key, replicas, .. } = &later.workload;
            let Some(most) = later.most.filter(|most| most > replicas) else { continue };
            any = true;
            needed.charge(&key.namespace, &later.pod, most - *replicas);
            let Some(fit) = self.fits.get_mut(later.index) else { continue };
            let settled = fit.stages.first().and_then(|stage| stage.refusal.clone());
            let course = match settled {
                None => rollout::grow(&mut ledger, &key.namespace, &later.pod, later.reached, most),
                Some(_) => Course { reached: later.reached, refused: None },
            };
            let refusal = settled.or_else(|| {
                let (replica, refused) = course.refused?;
                Some(refusal(refused, Some(replica)))
            });
            fit.stages.push(StageFit {
                stage: Stage::Autoscaled,
                wanted: most,
                admitted: course.reached,
                fits: refusal.is_none(),
                goes_on: None,
                refusal,
            });
        }
        any.then_some(needed)
    }

    /// The keys of quotas that the objects change.
    pub(super) fn quotas(
        &self,
        after: &Ledger<'a>,
        rollout: Option<&Ledger<'a>>,
        autoscaled: Option<&Ledger<'a>>,
    ) -> Vec<QuotaRoom> {
        let mut rooms = Vec::new();
        for (n, account) in self.world.accounts.iter().enumerate() {
            for (key, hard) in &account.spec.hard {
                let of = |ledger: &Ledger<'_>| {
                    ledger.accounts.get(n).map_or(Quantity::ZERO, |one| one.used.of(key))
                };
                let (used, now) = (account.used.of(key), of(after));
                let (rollout, autoscaled) = (rollout.map(of), autoscaled.map(of));
                let changes =
                    [Some(now), rollout, autoscaled].into_iter().flatten().any(|other| other != used);
                if changes {
                    let namespace = account.namespaces.first().filter(|_| !account.project).cloned();
                    let (quota, resource) = (account.name.clone(), key.clone());
                    rooms.push(QuotaRoom {
                        namespace,
                        quota,
                        resource,
                        hard: *hard,
                        used,
                        now,
                        rollout,
                        autoscaled,
                    });
                }
            }
        }
        rooms.sort();
        rooms
    }
}
