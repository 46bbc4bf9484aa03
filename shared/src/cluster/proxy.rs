//! Which proxy stands before the server: the kubeconfig's, else the environment's by Go's rules
//! (`golang.org/x/net/http/httpproxy`).
//!
//! kube 5.0 compares `NO_PROXY` with the proxy's own address instead of the server's, so this is done here.

use std::net::IpAddr;

use http::Uri;

use super::{env::Env, kubeconfig::ConfigError};

/// The proxy for `server`. The one of the kubeconfig is always used; those of the environment heed `NO_PROXY`.
pub(crate) fn proxy_for(
    server: &Uri,
    configured: Option<&str>,
    env: &Env,
) -> Result<Option<Uri>, ConfigError> {
    if let Some(proxy) = configured.filter(|proxy| !proxy.is_empty()) {
        return parse_proxy(proxy).map(Some).map_err(ConfigError::Invalid);
    }
    let names = if server.scheme_str() == Some("https") {
        ["HTTPS_PROXY", "https_proxy"]
    } else {
        ["HTTP_PROXY", "http_proxy"]
    };
    let Some(proxy) = first(env, names) else { return Ok(None) };
    if bypasses(server, first(env, ["NO_PROXY", "no_proxy"]).unwrap_or_default()) {
        return Ok(None);
    }
    // Go takes `host:port` for `http://host:port` here, and only here.
    let proxy = if proxy.contains("://") { proxy.to_owned() } else { format!("http://{proxy}") };
    parse_proxy(&proxy)
        .map(Some)
        .map_err(|why| ConfigError::Invalid(format!("invalid proxy {proxy:?} in {}: {why}", names[0])))
}

/// A proxy's address.
pub(super) fn parse_proxy(text: &str) -> Result<Uri, String> {
    let uri: Uri = text.parse().map_err(|_| format!("could not parse: {text}"))?;
    match uri.scheme_str().unwrap_or_default() {
        "http" | "https" | "socks5" | "socks5h" if uri.host().is_some() => Ok(uri),
        "http" | "https" | "socks5" | "socks5h" => Err(format!("could not parse: {text}")),
        scheme => Err(format!("unsupported scheme {scheme:?}, must be http, https, or socks5")),
    }
}

/// User and password of a proxy's address, decoded.
pub(crate) fn user_info(proxy: &Uri) -> Option<(String, String)> {
    let (info, _) = proxy.authority()?.as_str().rsplit_once('@')?;
    let (user, password) = info.split_once(':').unwrap_or((info, ""));
    Some((percent_decoded(user), percent_decoded(password)))
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let escape = tail.get(..2).filter(|digits| first == b'%' && digits.iter().all(u8::is_ascii_hexdigit));
        if let Some(byte) =
            escape.and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok())
        {
            bytes.push(byte);
            rest = &tail[2..];
        } else {
            bytes.push(first);
            rest = tail;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn first<'a>(env: &'a Env, names: [&str; 2]) -> Option<&'a str> {
    names.into_iter().find_map(|name| env.non_empty(name))
}

/// Whether `server` is reached directly.
fn bypasses(server: &Uri, no_proxy: &str) -> bool {
    let host =
        server.host().unwrap_or_default().trim_matches(['[', ']']).trim_end_matches('.').to_lowercase();
    let address: Option<IpAddr> = host.parse().ok();
    if host == "localhost" || address.is_some_and(|address| address.is_loopback()) {
        return true;
    }
    let port = server.port_u16().unwrap_or(if server.scheme_str() == Some("https") { 443 } else { 80 });
    no_proxy.split(',').map(str::trim).filter(|entry| !entry.is_empty()).any(|entry| {
        let entry = entry.to_lowercase();
        if entry == "*" {
            return true;
        }
        if let Some((network, length)) = entry.split_once('/') {
            return address.is_some_and(|address| in_network(address, network, length));
        }
        let (name, entry_port) = match entry.rsplit_once(':') {
            Some((name, digits)) if !name.contains(':') || name.ends_with(']') => {
                (name, digits.parse::<u16>().ok())
            }
            _ => (entry.as_str(), None),
        };
        let name = name.trim_matches(['[', ']']);
        entry_port.is_none_or(|wanted| wanted == port) && matches_host(&host, address, name)
    })
}

fn matches_host(host: &str, address: Option<IpAddr>, entry: &str) -> bool {
    if let Ok(ip) = entry.parse::<IpAddr>() {
        return address == Some(ip);
    }
    // `.example.com` and `*.example.com` are the hosts beneath, `example.com` is also the host itself.
    let entry = entry.strip_prefix('*').filter(|rest| rest.starts_with('.')).unwrap_or(entry);
    let beneath = entry.strip_prefix('.').unwrap_or(entry);
    host.strip_suffix(beneath)
        .is_some_and(|rest| rest.ends_with('.') || (rest.is_empty() && beneath == entry))
}

fn in_network(address: IpAddr, network: &str, length: &str) -> bool {
    let (Ok(network), Ok(length)) = (network.parse::<IpAddr>(), length.parse::<u32>()) else { return false };
    let shared = match (address, network) {
        (IpAddr::V4(a), IpAddr::V4(b)) => (a.to_bits() ^ b.to_bits()).leading_zeros(),
        (IpAddr::V6(a), IpAddr::V6(b)) => (a.to_bits() ^ b.to_bits()).leading_zeros(),
        _ => return false,
    };
    shared >= length
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxy(server: &str, configured: Option<&str>, no_proxy: &str) -> Option<String> {
        let env = Env::empty().with("HTTPS_PROXY", "proxy.corp:3128").with("NO_PROXY", no_proxy);
        proxy_for(&server.parse().unwrap(), configured, &env).unwrap().map(|uri| uri.to_string())
    }

    #[test]
    fn no_proxy_is_about_the_server() {
        let used = Some("http://proxy.corp:3128/".to_owned());
        for (server, no_proxy, expected) in [
            ("https://10.1.2.3:6443", "", true),
            ("https://10.1.2.3:6443", "10.0.0.0/8", false),
            ("https://10.1.2.3:6443", "11.0.0.0/8,10.1.2.4", true),
            ("https://10.1.2.3:6443", "10.1.2.3", false),
            ("https://10.1.2.3:6443", "10.1.2.3:443", true),
            ("https://10.1.2.3:6443", "10.1.2.3:6443", false),
            ("https://api.corp", "corp", false),
            ("https://api.corp", ".corp", false),
            ("https://corp", ".corp", true),
            ("https://apicorp", "corp", true),
            ("https://api.corp", "*.corp", false),
            ("https://API.corp:443", "api.corp:443", false),
            ("https://api.corp", "*", false),
            ("https://api.corp", "proxy.corp", true),
            ("https://localhost:6443", "", false),
            ("https://127.0.0.1:6443", "", false),
            ("https://[::1]:6443", "", false),
            ("https://[fd00::1]:6443", "fd00::/8", false),
        ] {
            assert_eq!(
                proxy(server, None, no_proxy),
                used.clone().filter(|_| expected),
                "{server} {no_proxy}"
            );
        }
    }

    #[test]
    fn credentials_are_decoded() {
        let info = |proxy: &str| user_info(&proxy.parse().unwrap());
        assert_eq!(info("http://me:pa%40ss%3Aword@p:1"), Some(("me".into(), "pa@ss:word".into())));
        assert_eq!(info("http://me:100%25%zz@p:1"), Some(("me".into(), "100%%zz".into())));
        assert_eq!(info("http://p:1"), None);
    }

    #[test]
    fn the_kubeconfigs_proxy_always_counts() {
        assert_eq!(proxy("https://127.0.0.1", Some("socks5://p:1080"), "*"), Some("socks5://p:1080/".into()));
        let error = proxy_for(&"https://a".parse().unwrap(), Some("ftp://p"), &Env::empty()).unwrap_err();
        assert_eq!(error.to_string(), r#"unsupported scheme "ftp", must be http, https, or socks5"#);
    }
}
