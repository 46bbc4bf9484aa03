//! Host names of listeners and routes, with `*` for their first labels.

/// Whether any host is named by both. An empty name, and no name at all, is every host.
pub(super) fn intersect(listener: &str, routes: &[String]) -> bool {
    listener.is_empty() || routes.is_empty() || routes.iter().any(|route| overlap(listener, route))
}

fn overlap(one: &str, other: &str) -> bool {
    let (one, other) = (one.to_ascii_lowercase(), other.to_ascii_lowercase());
    match (one.strip_prefix('*'), other.strip_prefix('*')) {
        (None, None) => one == other,
        (Some(suffix), None) => within(&other, suffix),
        (None, Some(suffix)) => within(&one, suffix),
        (Some(one), Some(other)) => one.ends_with(other) || other.ends_with(one),
    }
}

/// A star is at least one label.
fn within(host: &str, suffix: &str) -> bool {
    host.len() > suffix.len() && host.ends_with(suffix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_the_gateway_api_compares_them() {
        for (listener, route, both) in [
            ("", "a.example.com", true),
            ("a.example.com", "a.example.com", true),
            ("a.example.com", "b.example.com", false),
            ("*.example.com", "a.example.com", true),
            ("*.example.com", "a.b.example.com", true),
            ("*.example.com", "example.com", false),
            ("a.example.com", "*.example.com", true),
            ("*.b.example.com", "*.example.com", true),
            ("*.example.com", "*.example.org", false),
            ("A.example.com", "a.Example.com", true),
        ] {
            assert_eq!(intersect(listener, &[route.to_owned()]), both, "{listener} {route}");
        }
        assert!(intersect("a.example.com", &[]));
    }
}
