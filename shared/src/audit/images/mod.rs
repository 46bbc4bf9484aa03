//! References to images, taken apart exactly as container runtimes do, and the images of pods.

#[cfg(test)]
mod tests;
mod used;

use std::{borrow::Cow, fmt};

pub(crate) use used::Used;

/// The registry of names that name none.
const DEFAULT_REGISTRY: &str = "docker.io";
/// How long a repository may be.
const LONGEST_REPOSITORY: usize = 255;
/// How long a tag may be.
const LONGEST_TAG: usize = 128;

/// A reference to an image, in parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Image<'t> {
    /// Host of the registry, with the port if there is one; `docker.io` where none is named.
    pub(crate) registry: &'t str,
    /// What stands between registry and tag, as it was written.
    path: &'t str,
    /// The tag, where there is one.
    pub(crate) tag: Option<&'t str>,
    /// The digest, where there is one.
    pub(crate) digest: Option<&'t str>,
}

/// Why a text refers to no image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ImageError {
    #[error("it is empty")]
    Empty,
    #[error("64 hexadecimal digits are an id and no name")]
    Id,
    #[error("its registry is no host")]
    Registry,
    #[error("a repository is in lower case")]
    UpperCase,
    #[error("its repository is not a path of letters, digits and single separators")]
    Repository,
    #[error("its repository is longer than {LONGEST_REPOSITORY} characters")]
    TooLong,
    #[error("its tag is not 1 to {LONGEST_TAG} letters, digits, underscores, periods and dashes")]
    Tag,
    #[error("its digest is not sha256, sha384 or sha512 and as many hexadecimal digits in lower case")]
    Digest,
}

impl<'t> Image<'t> {
    /// Takes a reference apart.
    pub(crate) fn parse(text: &'t str) -> Result<Self, ImageError> {
        if text.is_empty() {
            return Err(ImageError::Empty);
        }
        if text.len() == 64 && text.bytes().all(is_lower_hex) {
            return Err(ImageError::Id);
        }
        let (registry, rest) = match text.split_once('/') {
            Some((first, rest)) if is_registry(first) => (first, rest),
            _ => (DEFAULT_REGISTRY, text),
        };
        let registry = if registry == "index.docker.io" { DEFAULT_REGISTRY } else { registry };
        let (rest, digest) = split(rest, '@');
        let (path, tag) = split(rest, ':');
        if path.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(ImageError::UpperCase);
        }
        if !is_host(registry) {
            return Err(ImageError::Registry);
        }
        if !path.split('/').all(is_component) {
            return Err(ImageError::Repository);
        }
        let image = Self { registry, path, tag, digest };
        if path.len() + if image.is_official() { "library/".len() } else { 0 } > LONGEST_REPOSITORY {
            return Err(ImageError::TooLong);
        }
        if !tag.is_none_or(is_tag) {
            return Err(ImageError::Tag);
        }
        if !digest.is_none_or(is_digest) {
            return Err(ImageError::Digest);
        }
        Ok(image)
    }

    /// Whether it is one of Docker's own, which are called by their last name alone.
    fn is_official(&self) -> bool {
        self.registry == DEFAULT_REGISTRY && !self.path.contains('/')
    }

    /// The repository in its registry: `library/nginx` of `nginx:1.27`.
    pub(crate) fn repository(&self) -> Cow<'t, str> {
        if self.is_official() {
            Cow::Owned(format!("library/{}", self.path))
        } else {
            Cow::Borrowed(self.path)
        }
    }

    /// Whether it comes from this registry, or from below this path of it.
    pub(crate) fn is_under(&self, place: &str) -> bool {
        let place = place.trim_end_matches('/');
        let (registry, path) = place.split_once('/').unwrap_or((place, ""));
        if !registry.eq_ignore_ascii_case(self.registry) {
            return false;
        }
        let below = |rest: &str| rest.is_empty() || rest.starts_with('/');
        path.is_empty() || self.repository().strip_prefix(path).is_some_and(below)
    }

    /// The tag that is pulled, where no digest says what is pulled.
    pub(crate) fn moving_tag(&self) -> Option<&'t str> {
        self.digest.is_none().then(|| self.tag.unwrap_or("latest"))
    }
}

/// The reference with all that it leaves out, as registries know it.
impl fmt::Display for Image<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let library = if self.is_official() { "library/" } else { "" };
        write!(f, "{}/{library}{}", self.registry, self.path)?;
        if let Some(tag) = self.tag {
            write!(f, ":{tag}")?;
        }
        self.digest.map_or(Ok(()), |digest| write!(f, "@{digest}"))
    }
}

fn split(text: &str, at: char) -> (&str, Option<&str>) {
    text.split_once(at).map_or((text, None), |(before, after)| (before, Some(after)))
}

/// Whether what stands before the first slash names a registry and not a part of the repository.
fn is_registry(first: &str) -> bool {
    first == "localhost"
        || first.contains(['.', ':'])
        || first.chars().any(|letter| letter.to_lowercase().ne([letter]))
}

fn is_host(registry: &str) -> bool {
    let is_port = |port: &str| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(rest) = registry.strip_prefix('[') {
        let Some((address, after)) = rest.split_once(']') else {
            return false;
        };
        let is_address =
            !address.is_empty() && address.bytes().all(|it| it == b':' || it.is_ascii_hexdigit());
        return is_address && (after.is_empty() || after.strip_prefix(':').is_some_and(is_port));
    }
    let (host, port) = split(registry, ':');
    let is_label = |label: &str| {
        let all = label.bytes().all(|byte| byte == b'-' || byte.is_ascii_alphanumeric());
        all && !label.is_empty() && !label.starts_with('-') && !label.ends_with('-')
    };
    host.split('.').all(is_label) && port.is_none_or(is_port)
}

/// Letters and digits, held together by a period, one or two underscores, or any number of dashes.
fn is_component(component: &str) -> bool {
    let is_word = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = component.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else {
        return false;
    };
    let is_separator = |between: &[u8]| match between {
        [] | [b'.' | b'_'] | [b'_', b'_'] => true,
        dashes => dashes.iter().all(|byte| *byte == b'-'),
    };
    is_word(first) && is_word(last) && bytes.split(is_word).all(is_separator)
}

fn is_tag(tag: &str) -> bool {
    let is_word = |byte: u8| byte == b'_' || byte.is_ascii_alphanumeric();
    let rest = |byte: u8| is_word(byte) || matches!(byte, b'.' | b'-');
    (1..=LONGEST_TAG).contains(&tag.len()) && tag.bytes().next().is_some_and(is_word) && tag.bytes().all(rest)
}

fn is_digest(digest: &str) -> bool {
    let (hex, length) = match digest.split_once(':') {
        Some(("sha256", hex)) => (hex, 64),
        Some(("sha384", hex)) => (hex, 96),
        Some(("sha512", hex)) => (hex, 128),
        _ => return false,
    };
    hex.len() == length && hex.bytes().all(is_lower_hex)
}

fn is_lower_hex(byte: u8) -> bool {
    byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)
}
