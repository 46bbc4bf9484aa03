//! References to images, taken apart exactly as container runtimes do, and the images of pods.

use std::{borrow::Cow, fmt};

use super::{
    findings::{Findings, Found},
    subject::{ContainerView, PodView},
};

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

/// An image that pods use: that of a container, or one that is mounted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Used<'w> {
    /// The reference, as it was written.
    pub(crate) text: &'w str,
    /// When to pull it, as it was written; empty when left out.
    pub(crate) policy: &'w str,
    place: Place<'w>,
}

#[derive(Debug, Clone, Copy)]
enum Place<'w> {
    Container(ContainerView<'w>),
    Volume(usize),
}

impl<'w> Used<'w> {
    /// All images of these pods: of every container, and of volumes.
    pub(crate) fn all(pods: &PodView<'w>) -> impl Iterator<Item = Self> + use<'w> {
        let containers = pods.containers().map(|container| {
            let it = container.get();
            Self { text: &it.image, policy: &it.image_pull_policy, place: Place::Container(container) }
        });
        let volumes = pods.spec.volumes.iter().enumerate().filter_map(|(index, volume)| {
            let image = volume.source.image.as_ref()?;
            Some(Self { text: &image.reference, policy: &image.pull_policy, place: Place::Volume(index) })
        });
        // A template may leave the reference of a mounted image to others.
        containers.chain(volumes.filter(|used| !used.text.is_empty()))
    }

    /// Its parts; none where it is no valid reference, which is for one rule alone to tell.
    pub(crate) fn image(&self) -> Option<Image<'w>> {
        Image::parse(self.text).ok()
    }

    /// The image has the defect.
    pub(crate) fn fail<'f>(
        &self,
        pods: &PodView<'_>,
        out: &'f mut Findings<'_>,
        message: impl Into<String>,
    ) -> Found<'f> {
        match &self.place {
            Place::Container(container) => out.fail_in(container, "image", message),
            Place::Volume(index) => {
                out.fail(pods.path(&format!("volumes[{index}].image.reference")), message)
            }
        }
    }

    /// When it is pulled has the defect.
    pub(crate) fn fail_policy<'f>(
        &self,
        pods: &PodView<'_>,
        out: &'f mut Findings<'_>,
        message: impl Into<String>,
    ) -> Found<'f> {
        match &self.place {
            Place::Container(container) => out.fail_in(container, "imagePullPolicy", message),
            Place::Volume(index) => {
                out.fail(pods.path(&format!("volumes[{index}].image.pullPolicy")), message)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parts(text: &str) -> (String, String, Option<&str>, Option<&str>) {
        let image = Image::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        (image.registry.to_owned(), image.repository().into_owned(), image.tag, image.digest)
    }

    #[test]
    fn references_as_people_write_them() {
        let sha = format!("sha256:{}", "ab".repeat(32));
        let with_digest = format!("nginx:1.27@{sha}");
        for (text, registry, repository, tag, digest) in [
            ("nginx", "docker.io", "library/nginx", None, None),
            ("nginx:1.27", "docker.io", "library/nginx", Some("1.27"), None),
            ("example.com", "docker.io", "library/example.com", None, None),
            ("shop/web", "docker.io", "shop/web", None, None),
            ("docker.io/nginx", "docker.io", "library/nginx", None, None),
            ("index.docker.io/nginx", "docker.io", "library/nginx", None, None),
            ("localhost/web", "localhost", "web", None, None),
            ("localhost:5000/web", "localhost:5000", "web", None, None),
            ("registry:5000/shop/web:v1", "registry:5000", "shop/web", Some("v1"), None),
            ("Registry/web", "Registry", "web", None, None),
            ("[2001:db8::1]:5000/web", "[2001:db8::1]:5000", "web", None, None),
            ("10.0.0.1/a__b/c---d:_x", "10.0.0.1", "a__b/c---d", Some("_x"), None),
            (with_digest.as_str(), "docker.io", "library/nginx", Some("1.27"), Some(sha.as_str())),
        ] {
            assert_eq!(parts(text), (registry.to_owned(), repository.to_owned(), tag, digest), "{text}");
        }
    }

    #[test]
    fn what_is_no_reference() {
        let long = "a/".repeat(200) + "a";
        let id = "ab".repeat(32);
        let short = format!("nginx@sha256:{}", "ab".repeat(20));
        let upper = format!("nginx@sha256:{}", "AB".repeat(32));
        let other = format!("nginx@md5:{}", "ab".repeat(32));
        let tag = format!("nginx:{}", "a".repeat(129));
        for (text, error) in [
            ("", ImageError::Empty),
            (id.as_str(), ImageError::Id),
            ("Nginx", ImageError::UpperCase),
            ("registry.example.com/Shop", ImageError::UpperCase),
            ("registry_.example.com/shop", ImageError::Registry),
            ("registry:port/shop", ImageError::Registry),
            ("registry:/shop", ImageError::Registry),
            ("/shop", ImageError::Repository),
            ("shop//web", ImageError::Repository),
            ("shop/", ImageError::Repository),
            ("-shop", ImageError::Repository),
            ("a..b", ImageError::Repository),
            ("a___b", ImageError::Repository),
            ("a._b", ImageError::Repository),
            ("https://registry.example.com/shop", ImageError::Registry),
            (" nginx", ImageError::Repository),
            ("nginx ", ImageError::Repository),
            ("ngi\u{e9}x", ImageError::Repository),
            (long.as_str(), ImageError::TooLong),
            ("nginx:", ImageError::Tag),
            ("nginx:-1", ImageError::Tag),
            ("nginx:1:2", ImageError::Tag),
            ("nginx:{{ .Values.tag }}", ImageError::Tag),
            (tag.as_str(), ImageError::Tag),
            ("nginx@", ImageError::Digest),
            (short.as_str(), ImageError::Digest),
            (upper.as_str(), ImageError::Digest),
            (other.as_str(), ImageError::Digest),
        ] {
            assert_eq!(Image::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn places_are_whole_parts_of_the_path() {
        let image = Image::parse("registry.example.com/shop/web:1").unwrap();
        for place in [
            "registry.example.com",
            "Registry.example.com/",
            "registry.example.com/shop",
            "registry.example.com/shop/web",
        ] {
            assert!(image.is_under(place), "{place}");
        }
        for place in
            ["registry.example", "registry.example.com/sho", "example.com", "registry.example.com:443", ""]
        {
            assert!(!image.is_under(place), "{place}");
        }
        assert!(Image::parse("nginx").unwrap().is_under("docker.io/library"));
        assert!(!Image::parse("shop/nginx").unwrap().is_under("docker.io/library"));
    }

    /// What the distribution project's grammar generates, with the parts that it was made of.
    fn reference() -> impl Strategy<Value = (Option<String>, String, Option<String>, Option<String>)> {
        let host = "([a-zA-Z0-9]([a-zA-Z0-9-]{0,5}[a-zA-Z0-9])?\\.){1,2}[a-z]{2,3}(:[0-9]{1,5})?|localhost|h:[0-9]{1,4}|\\[[0-9a-f]{0,3}:[0-9a-f:]{1,6}\\](:[0-9]{1,4})?";
        let component = "[a-z0-9]{1,4}((\\.|_|__|-{1,3})[a-z0-9]{1,4}){0,2}";
        let path = prop::collection::vec(component, 1..4).prop_map(|parts| parts.join("/"));
        let digest = "sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}";
        (
            proptest::option::of(host),
            path,
            proptest::option::of("[A-Za-z0-9_][A-Za-z0-9_.-]{0,12}"),
            proptest::option::of(digest),
        )
    }

    proptest! {
        #[test]
        fn all_that_the_grammar_makes_is_taken_apart_as_it_was_made((host, path, tag, digest) in reference()) {
            let mut text = host.as_ref().map(|host| format!("{host}/")).unwrap_or_default() + &path;
            for (mark, part) in [(":", &tag), ("@", &digest)] {
                if let Some(part) = part {
                    text.push_str(mark);
                    text.push_str(part);
                }
            }
            // Without a registry the first part of a path can look like one.
            prop_assume!(host.is_some() || !path.contains('/') || !is_registry(path.split('/').next().unwrap()));
            let image = Image::parse(&text).unwrap();
            prop_assert_eq!(image.registry, host.as_deref().unwrap_or("docker.io"));
            prop_assert!(image.repository().ends_with(&path));
            prop_assert_eq!(image.tag, tag.as_deref());
            prop_assert_eq!(image.digest, digest.as_deref());
            // The full form is a reference too, and means the same.
            let full = image.to_string();
            let again = Image::parse(&full).unwrap();
            prop_assert_eq!(again.to_string(), full.as_str());
            prop_assert_eq!((again.registry, again.repository()), (image.registry, image.repository()));
        }

        #[test]
        fn nothing_makes_it_panic_and_what_passes_stays_the_same(text in "[ -~]{0,40}|\\PC{0,20}") {
            if let Ok(image) = Image::parse(&text) {
                let full = image.to_string();
                prop_assert_eq!(Image::parse(&full).map(|again| again.to_string()), Ok(full.clone()));
            }
        }
    }
}
