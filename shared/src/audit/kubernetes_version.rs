use std::{fmt, str::FromStr};

/// A minor version of Kubernetes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KubernetesVersion {
    /// 1, so far.
    pub major: u32,
    /// As in 1.36.
    pub minor: u32,
}

impl KubernetesVersion {
    /// The newest that this was built for; what files are taken to be for unless they say otherwise.
    pub const NEWEST: Self = Self::of(36);

    /// `1.minor`.
    pub const fn of(minor: u32) -> Self {
        Self { major: 1, minor }
    }
}

impl fmt::Display for KubernetesVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// A text that names no version.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0:?} is no version of Kubernetes: expected something like v1.36")]
pub struct VersionError(String);

impl FromStr for KubernetesVersion {
    type Err = VersionError;

    /// Takes `1.36`, `v1.36`, `v1.36.3` and what clouds put behind it: `v1.36.3-gke.1200`, `36+`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || VersionError(text.to_owned());
        let mut parts = text.strip_prefix('v').unwrap_or(text).split('.');
        let digits = |part: &str| {
            let end = part.find(|character: char| !character.is_ascii_digit()).unwrap_or(part.len());
            part.get(..end).and_then(|digits| digits.parse().ok())
        };
        let (major, minor) = (parts.next().and_then(digits), parts.next().and_then(digits));
        match (major, minor) {
            (Some(major), Some(minor)) => Ok(Self { major, minor }),
            _ => Err(wrong()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_as_people_and_clouds_write_them() {
        for text in ["1.36", "v1.36", "v1.36.3", "v1.36.3-gke.1200", "1.36+"] {
            assert_eq!(text.parse(), Ok(KubernetesVersion::of(36)), "{text}");
        }
        for text in ["", "v", "1", "latest", "v1.x"] {
            assert!(text.parse::<KubernetesVersion>().is_err(), "{text}");
        }
    }
}
