//! What an ingress asks for.

use std::collections::HashMap;

use crate::{
    audit::{
        api::{HttpIngressPath, Ingress, IngressBackend},
        world::Object as _,
    },
    model::ObjectKey,
};

/// The annotation that named the class before there was a field for it.
const OLD_CLASS: &str = "kubernetes.io/ingress.class";

impl Ingress {
    /// The name of its class, by field or by annotation.
    pub(crate) fn class(&self) -> Option<&str> {
        let field = self.spec.ingress_class_name.as_deref();
        field.or_else(|| self.metadata.annotations.get(OLD_CLASS).map(String::as_str))
    }

    /// Every path with its host and the field that it stands in.
    pub(crate) fn paths(&self) -> impl Iterator<Item = (&str, &HttpIngressPath, (usize, usize))> {
        self.spec.rules.iter().enumerate().flat_map(|(rule_at, rule)| {
            let paths = rule.value.http.iter().flat_map(|http| http.paths.iter().enumerate());
            paths.map(move |(at, path)| (rule.host.as_str(), path, (rule_at, at)))
        })
    }

    /// Every backend and the field that it stands in.
    pub(crate) fn backends(&self) -> impl Iterator<Item = (Place, &IngressBackend)> {
        let default = self.spec.default_backend.iter().map(|backend| (Place::Default, backend));
        default.chain(self.paths().map(|(_, path, (rule, at))| (Place::Path(rule, at), &path.backend)))
    }

    /// Whether it only takes a part of another one's traffic, as ingress-nginx has it.
    pub(crate) fn is_canary(&self) -> bool {
        self.metadata.annotations.get("nginx.ingress.kubernetes.io/canary").is_some_and(|it| it == "true")
    }
}

/// Classes of controllers that make a load balancer of its own for each ingress.
const OWN_BALANCERS: &[&str] = &["alb", "gce", "gce-internal"];

impl Ingress {
    /// Whether nobody else can claim what it claims, as it has a load balancer to itself.
    fn is_alone(&self) -> bool {
        self.class().is_some_and(|class| OWN_BALANCERS.contains(&class))
            && !self.metadata.annotations.contains_key("alb.ingress.kubernetes.io/group.name")
    }
}

/// Where a backend stands.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Place {
    Default,
    /// The rule, and the path in it.
    Path(usize, usize),
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Default => f.write_str("spec.defaultBackend"),
            Self::Path(rule, at) => write!(f, "spec.rules[{rule}].http.paths[{at}].backend"),
        }
    }
}

/// A place on the outside: class, host, path and how the path is compared.
type Claim<'w> = (Option<&'w str>, &'w str, &'w str, &'w str);

/// Which ingresses claim which place.
#[derive(Debug, Default)]
pub(crate) struct Claims<'w>(HashMap<Claim<'w>, Vec<&'w Ingress>>);

fn claim<'w>(ingress: &'w Ingress, host: &'w str, path: &'w HttpIngressPath) -> Claim<'w> {
    let at = if path.path.is_empty() { "/" } else { &path.path };
    (ingress.class(), host, at, path.path_type.as_deref().unwrap_or("ImplementationSpecific"))
}

impl<'w> Claims<'w> {
    /// Files every path of every ingress, canaries left out.
    pub(crate) fn of(ingresses: impl Iterator<Item = &'w Ingress>) -> Self {
        let mut all = Self::default();
        for ingress in ingresses.filter(|ingress| !ingress.is_canary()) {
            for (host, path, _) in ingress.paths() {
                all.0.entry(claim(ingress, host, path)).or_default().push(ingress);
            }
        }
        all
    }

    /// The other ingresses that claim a path of this one; itself when it does so twice.
    pub(crate) fn rivals(&self, ingress: &Ingress, host: &str, path: &HttpIngressPath) -> Vec<ObjectKey> {
        let all = self.0.get(&claim(ingress, host, path)).map(Vec::as_slice).unwrap_or_default();
        let own = ingress.key();
        let mut first = true;
        let others = all.iter().map(|other| other.key());
        let others = others.filter(|key| *key == own || !ingress.is_alone()).filter(|key| {
            let is_self = *key == own && std::mem::take(&mut first);
            !is_self
        });
        let mut rivals: Vec<ObjectKey> = others.collect();
        rivals.dedup();
        rivals
    }
}
