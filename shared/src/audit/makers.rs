//! What controllers make of other objects once these are deployed: no file holds it, and nobody misses it.

use serde_json::Value;

use super::{
    api::{ClusterRole, PolicyRule, Role, Service},
    context::Context,
    world::{Custom, Object, Unknown},
};
use crate::model::{Kind, ObjectKey, kinds};

/// An object of which a controller makes another.
struct Maker {
    of: Kind,
    /// What is made: in the namespace of the object, or of an object of the whole cluster in every namespace.
    makes: Kind,
    name: Name,
}

/// What is made is called…
enum Name {
    /// as the object says in the first of these places that it has; as the object itself where it has none.
    Told(&'static [&'static str]),
    /// as each item of a list says in a field.
    Each(&'static str, &'static str),
    /// as the object, if that has this field.
    Same(&'static str),
}

impl Name {
    fn is(&self, name: &str, key: &ObjectKey, custom: &Custom) -> bool {
        let text = |place: &&str| custom.value.pointer(place).and_then(Value::as_str);
        match self {
            Self::Told(places) => places.iter().find_map(text).unwrap_or(&key.name) == name,
            Self::Each(list, field) => {
                let items = custom.list(list).iter();
                items.filter_map(|item| item.get(field)).any(|told| told.as_str() == Some(name))
            }
            Self::Same(field) => &*key.name == name && custom.value.pointer(field).is_some(),
        }
    }
}

const fn secret(of: Kind, name: Name) -> Maker {
    Maker { of, makes: kinds::SECRET, name }
}

const fn config_map(of: Kind, name: Name) -> Maker {
    Maker { of, makes: kinds::CONFIG_MAP, name }
}

const VAULT: &str = "secrets.hashicorp.com";
const BUNDLE: Kind = Kind::cluster("trust.cert-manager.io", "Bundle");
const CLUSTER_BUNDLE: Kind = Kind::cluster("trust-manager.io", "ClusterBundle");

const MAKERS: &[Maker] = &[
    // Whatever its template says.
    secret(Kind::namespaced("bitnami.com", "SealedSecret"), Name::Told(&[])),
    secret(kinds::CERTIFICATE, Name::Told(&["/spec/secretName"])),
    secret(Kind::namespaced("external-secrets.io", "ExternalSecret"), Name::Told(&["/spec/target/name"])),
    secret(
        Kind::cluster("external-secrets.io", "ClusterExternalSecret"),
        Name::Told(&["/spec/externalSecretSpec/target/name", "/spec/externalSecretName"]),
    ),
    secret(Kind::namespaced("onepassword.com", "OnePasswordItem"), Name::Told(&[])),
    secret(Kind::namespaced(VAULT, "HCPVaultSecretsApp"), Name::Told(&["/spec/destination/name"])),
    secret(Kind::namespaced(VAULT, "VaultDynamicSecret"), Name::Told(&["/spec/destination/name"])),
    secret(Kind::namespaced(VAULT, "VaultPKISecret"), Name::Told(&["/spec/destination/name"])),
    secret(Kind::namespaced(VAULT, "VaultStaticSecret"), Name::Told(&["/spec/destination/name"])),
    // Once a pod mounts it.
    secret(
        Kind::namespaced("secrets-store.csi.x-k8s.io", "SecretProviderClass"),
        Name::Each("/spec/secretObjects", "secretName"),
    ),
    config_map(BUNDLE, Name::Same("/spec/target/configMap")),
    config_map(CLUSTER_BUNDLE, Name::Same("/spec/target/configMap")),
    secret(BUNDLE, Name::Same("/spec/target/secret")),
    secret(CLUSTER_BUNDLE, Name::Same("/spec/target/secret")),
];

/// Annotations of services by which OpenShift makes them a certificate, in a secret of this name.
const SERVING: &[&str] = &[
    "service.alpha.openshift.io/serving-cert-secret-name",
    "service.beta.openshift.io/serving-cert-secret-name",
];

/// Groups of kinds of which nothing is made but what [`MAKERS`] says: no pods, no services.
const MAKE_NOTHING: &[&str] = &[
    "acme.cert-manager.io",
    "bitnami.com",
    "cert-manager.io",
    "cilium.io",
    "crd.projectcalico.org",
    "extensions.istio.io",
    "external-secrets.io",
    "keda.sh",
    "kyverno.io",
    "metallb.io",
    "networking.istio.io",
    "onepassword.com",
    "policy.linkerd.io",
    "projectcalico.org",
    "secrets-store.csi.x-k8s.io",
    "secrets.hashicorp.com",
    "security.istio.io",
    "telemetry.istio.io",
    "traefik.containo.us",
    "traefik.io",
    "trust-manager.io",
    "trust.cert-manager.io",
];
/// Kinds of other groups of which nothing is made.
const OBSERVERS: &[&str] = &["PodMonitor", "Probe", "PrometheusRule", "ScrapeConfig", "ServiceMonitor"];
/// Kinds of which only pods are made.
const ONLY_PODS: &[&str] = &["CloneSet", "Rollout"];

/// What operators make for the applications that they run.
const OF_OPERATORS: &[Kind] = &[kinds::CONFIG_MAP, kinds::SECRET, kinds::SERVICE, kinds::SERVICE_ACCOUNT];

/// Whether a controller that nobody knows may make anything of an object: of those that no built-in kind is.
pub(super) fn is_operated(key: &ObjectKey) -> bool {
    let group = &*key.group;
    let built_in = !group.contains('.') || group.ends_with(".k8s.io");
    !built_in && !MAKE_NOTHING.contains(&group) && !OBSERVERS.contains(&&*key.kind)
}

impl Context<'_> {
    /// Whether there is an object of this name, or a controller makes it of another that the files hold.
    pub(crate) fn will_exist<T: Object>(&self, namespace: &str, name: &str) -> Result<bool, Unknown> {
        let found = self.exists::<T>(namespace, name);
        if found != Ok(true) && self.will_be_made(T::KIND, namespace, name) { Ok(true) } else { found }
    }

    /// Whether the files hold an object of which a controller makes this one. In a cluster it would be there.
    fn will_be_made(&self, kind: Kind, namespace: &str, name: &str) -> bool {
        if self.is_live() {
            return false;
        }
        let of_custom = || {
            MAKERS.iter().filter(|maker| maker.makes == kind).any(|maker| {
                let here = |key: &ObjectKey| !maker.of.namespaced || &*key.namespace == namespace;
                let mut all = self.world().custom(maker.of);
                all.any(|(key, custom)| here(key) && maker.name.is(name, key, custom))
            })
        };
        let of_service = || {
            self.world().store::<Service>().within(namespace).any(|service| {
                let annotations = &service.metadata.annotations;
                SERVING.iter().any(|key| annotations.get(*key).is_some_and(|told| told == name))
            })
        };
        of_custom() || (kind == kinds::SECRET && of_service())
    }

    /// That nothing among the files may make an object of this name when it runs; what may, otherwise.
    pub(super) fn nobody_makes(&self, kind: Kind, namespace: &str, name: &str) -> Result<(), Unknown> {
        if let Some(key) = self.namesake(kind, namespace, name) {
            return Err(Unknown(format!("{key} may make {kind} {name:?}")));
        }
        match self.role(kind, namespace) {
            Some(role) => Err(Unknown(format!("{kind} {name:?} may be made by who has {role}"))),
            None => Ok(()),
        }
    }

    /// The custom resource after which something is named, as operators name what they make: `db-primary` of `db`.
    fn namesake(&self, kind: Kind, namespace: &str, name: &str) -> Option<&ObjectKey> {
        if !OF_OPERATORS.contains(&kind) {
            return None;
        }
        let is_after = |key: &ObjectKey| {
            let rest = name.strip_prefix(&*key.name).filter(|_| !key.name.is_empty());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        };
        let makes = |key: &ObjectKey| {
            &*key.namespace == namespace && is_operated(key) && !ONLY_PODS.contains(&&*key.kind)
        };
        self.world().customs().map(|(key, _)| key).find(|key| makes(key) && is_after(key))
    }

    /// The role among the files, if there is one, that lets somebody make any object of a kind in a namespace when the
    /// application runs: secrets and config maps often come so.
    fn role(&self, kind: Kind, namespace: &str) -> Option<ObjectKey> {
        let resource = match kind {
            kinds::SECRET => "secrets",
            kinds::CONFIG_MAP => "configmaps",
            _ => return None,
        };
        let makes = |rules: &[PolicyRule]| {
            rules.iter().any(|rule| rule.allows_on_all("create", kind.group, resource))
        };
        let world = self.world();
        let role = world.store::<Role>().within(namespace).find(|role| makes(&role.rules));
        let everywhere = || world.store::<ClusterRole>().all().find(|role| makes(&role.rules));
        role.map(Object::key).or_else(|| everywhere().map(Object::key))
    }
}
