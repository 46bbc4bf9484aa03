//! Paths of nodes, and what a pod can do who sees them.

use super::{api::Volume, subject::PodView};

/// Sockets of container runtimes, with `/run` for `/var/run`, which is a link to it.
const RUNTIME_SOCKETS: &[&str] = &[
    "/run/buildkit/buildkitd.sock",
    "/run/containerd/containerd.sock",
    "/run/cri-dockerd.sock",
    "/run/crio/crio.sock",
    "/run/docker.sock",
    "/run/dockershim.sock",
    "/run/k0s/containerd.sock",
    "/run/k3s/containerd/containerd.sock",
    "/run/podman/podman.sock",
];
/// Directories in which such a socket lies, and little else.
const RUNTIME_DIRECTORIES: &[&str] = &[
    "/run/buildkit",
    "/run/containerd",
    "/run/crio",
    "/run/docker",
    "/run/k0s",
    "/run/k3s",
    "/run/k3s/containerd",
    "/run/podman",
];

/// Directories that are sensitive as a whole, while much of what is in them is not.
const WHOLE: &[&str] = &[
    "/", "/bin", "/dev", "/home", "/lib", "/lib64", "/opt", "/run", "/sbin", "/usr", "/var", "/var/lib",
    "/var/log",
];
/// Directories that are sensitive to the last file.
const TREES: &[&str] = &[
    "/boot",
    "/etc",
    "/proc",
    "/root",
    "/sys",
    "/var/lib/containerd",
    "/var/lib/containers",
    "/var/lib/docker",
    "/var/lib/etcd",
    "/var/lib/k0s",
    "/var/lib/kubelet",
    "/var/lib/rancher",
];
/// Parts of those that say nothing of use: time zones, public certificates, the name of the distribution.
const HARMLESS: &[&str] = &[
    "/etc/ca-certificates",
    "/etc/localtime",
    "/etc/machine-id",
    "/etc/os-release",
    "/etc/pki/ca-trust",
    "/etc/ssl/certs",
    "/etc/timezone",
];

/// The host paths of these pods, each with the place of its volume and its type.
pub(crate) fn of<'w>(pods: &PodView<'w>) -> impl Iterator<Item = (usize, &'w Volume, &'w str)> + use<'w> {
    pods.spec.volumes.iter().enumerate().filter_map(|(index, volume)| {
        let path = volume.source.host_path.as_ref()?.path.as_str();
        Some((index, volume, path))
    })
}

/// Whether the socket of a container runtime is there, or in there.
pub(crate) fn is_runtime_socket(path: &str) -> bool {
    let path = Parts::of(path);
    RUNTIME_SOCKETS.iter().chain(RUNTIME_DIRECTORIES).any(|known| path.is(known))
}

/// Whether what is there gives the node away.
pub(crate) fn is_sensitive(path: &str) -> bool {
    let path = Parts::of(path);
    let below = |tree: &&str| path.is_below(tree);
    WHOLE.iter().any(|whole| path.is(whole)) || (TREES.iter().any(below) && !HARMLESS.iter().any(below))
}

/// The names on the way to a path: two slashes are as good as one, and `/var/run` is `/run`. The API server lets no
/// `..` pass.
struct Parts<'t>(&'t str);

impl<'t> Parts<'t> {
    fn of(path: &'t str) -> Self {
        let path = path.trim_start_matches('/');
        let rest = path.strip_prefix("var/run").filter(|rest| rest.is_empty() || rest.starts_with('/'));
        Self(rest.map_or(path, |_| path.get("var/".len()..).unwrap_or_default()))
    }

    fn iter(&self) -> impl Iterator<Item = &'t str> + use<'t> {
        parts(self.0)
    }

    fn is(&self, known: &str) -> bool {
        self.iter().eq(parts(known))
    }

    fn is_below(&self, known: &str) -> bool {
        let mut own = self.iter();
        parts(known).all(|part| own.next() == Some(part))
    }
}

fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|part| !part.is_empty() && *part != ".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sockets_by_all_their_names() {
        for path in [
            "/var/run/docker.sock",
            "/run/docker.sock",
            "//var/run//crio/",
            "/run/containerd/./containerd.sock",
        ] {
            assert!(is_runtime_socket(path), "{path}");
        }
        for path in ["/var/runner/docker.sock", "/run/docker.sock.d", "/run", "/data/docker.sock"] {
            assert!(!is_runtime_socket(path), "{path}");
        }
    }

    #[test]
    fn what_is_sensitive_and_what_only_looks_like_it() {
        for path in [
            "/",
            "//",
            "/etc",
            "/etc/kubernetes/pki",
            "/var/lib/kubelet/",
            "/sys/fs/cgroup",
            "/dev",
            "/var/run",
        ] {
            assert!(is_sensitive(path), "{path}");
        }
        for path in [
            "/etc/localtime",
            "/etc/ssl/certs",
            "/etcetera",
            "/dev/fuse",
            "/usr/share/zoneinfo",
            "/lib/modules",
            "/var/lib/app",
            "/data",
        ] {
            assert!(!is_sensitive(path), "{path}");
        }
    }
}
