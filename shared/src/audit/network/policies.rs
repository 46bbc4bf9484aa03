//! What a network policy does.

use crate::{
    audit::api::{NetworkPolicyPeer, NetworkPolicyPort, NetworkPolicySpec},
    model::Selector,
};

/// Which way traffic goes, seen from the pods that a policy selects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    /// In.
    Ingress,
    /// Out.
    Egress,
}

impl Direction {
    /// The word, as in `policyTypes`.
    pub(crate) fn policy_type(self) -> &'static str {
        match self {
            Self::Ingress => "Ingress",
            Self::Egress => "Egress",
        }
    }
}

impl NetworkPolicySpec {
    /// Whether it limits what its pods may do in this direction: by its `policyTypes`, or when they are left out by what
    /// the API server makes of that.
    pub(crate) fn limits(&self, direction: Direction) -> bool {
        if self.policy_types.is_empty() {
            return direction == Direction::Ingress || !self.egress.is_empty();
        }
        self.policy_types.iter().any(|it| it == direction.policy_type())
    }

    /// Whether it is about every pod of its namespace: an empty selector is, and one that is left out.
    pub(crate) fn selects_all(&self) -> bool {
        Selector::from(&self.pod_selector).is_everything()
    }

    /// Its rules in one direction: their peers and ports.
    pub(crate) fn rules(
        &self,
        direction: Direction,
    ) -> Box<dyn Iterator<Item = (&[NetworkPolicyPeer], &[NetworkPolicyPort])> + '_> {
        match direction {
            Direction::Ingress => {
                Box::new(self.ingress.iter().map(|it| (it.from.as_slice(), it.ports.as_slice())))
            }
            Direction::Egress => {
                Box::new(self.egress.iter().map(|it| (it.to.as_slice(), it.ports.as_slice())))
            }
        }
    }

    /// The first rule that lets everything through, if there is one that has an effect, and the address block by which
    /// it does; none when the rule names no peers at all.
    pub(crate) fn lets_all(&self, direction: Direction) -> Option<(usize, Option<&str>)> {
        if !self.limits(direction) {
            return None;
        }
        self.rules(direction).enumerate().find_map(|(at, (peers, ports))| match peers {
            _ if !ports.is_empty() => None,
            [] => Some((at, None)),
            _ => peers.iter().find_map(NetworkPolicyPeer::everywhere).map(|cidr| (at, Some(cidr))),
        })
    }
}

impl NetworkPolicyPeer {
    /// The address block, when it is all addresses.
    fn everywhere(&self) -> Option<&str> {
        let block = self.ip_block.as_ref()?;
        let all = matches!(block.cidr.as_str(), "0.0.0.0/0" | "::/0") && block.except.is_empty();
        all.then_some(block.cidr.as_str())
    }
}
