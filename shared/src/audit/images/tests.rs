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
