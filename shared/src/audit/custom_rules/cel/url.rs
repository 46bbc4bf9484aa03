//! URLs as Go reads them, which is not as browsers do: nothing is normalized but the scheme.

use std::collections::BTreeMap;

use super::error::Error;

/// A URL, in the parts that expressions ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Url {
    pub(super) scheme: String,
    opaque: String,
    user: Option<String>,
    pub(super) host: String,
    pub(super) escaped_path: String,
    query: Option<String>,
    fragment: String,
}

/// Where a text stands: what may stand there as it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Path,
    Host,
    Zone,
    Query,
    Other,
}

impl Url {
    /// Reads an absolute URL, or an absolute path.
    pub(super) fn parse(text: &str) -> Result<Self, Error> {
        // Go reads it twice: as what a request may ask for, and then with its fragment apart.
        let read = Self::read(text, true).and_then(|_| {
            let (before, fragment) = text.split_once('#').unwrap_or((text, ""));
            let mut url = Self::read(before, false)?;
            unescape(fragment, Place::Other)?;
            fragment.clone_into(&mut url.fragment);
            Some(url)
        });
        read.ok_or_else(|| Error::new(format!("URL parse error during conversion from string: {text:?}")))
    }

    fn read(text: &str, for_request: bool) -> Option<Self> {
        if text.bytes().any(|byte| byte < b' ' || byte == 0x7f) || (text.is_empty() && for_request) {
            return None;
        }
        let mut url = Self {
            scheme: String::new(),
            opaque: String::new(),
            user: None,
            host: String::new(),
            escaped_path: String::new(),
            query: None,
            fragment: String::new(),
        };
        if text == "*" {
            "*".clone_into(&mut url.escaped_path);
            return Some(url);
        }
        let (scheme, rest) = scheme(text)?;
        url.scheme = scheme.to_ascii_lowercase();
        let (mut rest, query) =
            rest.split_once('?').map_or((rest, None), |(rest, query)| (rest, Some(query)));
        url.query = query.map(str::to_owned);
        if !rest.starts_with('/') {
            if !url.scheme.is_empty() {
                rest.clone_into(&mut url.opaque);
                return Some(url);
            }
            // A colon in the first part would have made a scheme of it.
            if for_request || rest.split('/').next().is_some_and(|first| first.contains(':')) {
                return None;
            }
        }
        if (!url.scheme.is_empty() || (!for_request && !rest.starts_with("///")))
            && let Some(after) = rest.strip_prefix("//")
        {
            let until = after.find('/').unwrap_or(after.len());
            let (authority, path) = after.split_at(until);
            rest = path;
            let (user, host) = match authority.rsplit_once('@') {
                Some((user, host)) => (Some(user), host),
                None => (None, authority),
            };
            url.host = read_host(&url.scheme, host)?;
            if let Some(user) = user {
                let fine = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(&byte);
                if !user.bytes().all(fine) {
                    return None;
                }
                unescape(user, Place::Other)?;
                url.user = Some(user.to_owned());
            }
        }
        url.escaped_path = escaped_path(rest)?;
        Some(url)
    }

    /// The host without its port, and without brackets.
    pub(super) fn hostname(&self) -> &str {
        let (host, _) = split_port(&self.host);
        host.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')).unwrap_or(host)
    }

    /// The port; empty when there is none.
    pub(super) fn port(&self) -> &str {
        split_port(&self.host).1
    }

    /// The values of each key of the query. What can't be read of it is left out.
    pub(super) fn query(&self) -> BTreeMap<String, Vec<String>> {
        let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let parts = self.query.iter().flat_map(|query| query.split('&'));
        for part in parts.filter(|part| !part.is_empty() && !part.contains(';')) {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            if let (Some(key), Some(value)) = (unescape(key, Place::Query), unescape(value, Place::Query)) {
                all.entry(key).or_default().push(value);
            }
        }
        all
    }
}

/// The scheme, empty when there is none, and what follows it.
fn scheme(text: &str) -> Option<(&str, &str)> {
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if at > 0 => {}
            b':' if at == 0 => return None,
            b':' => return Some((text.get(..at)?, text.get(at + 1..)?)),
            _ => break,
        }
    }
    Some(("", text))
}

fn read_host(scheme: &str, host: &str) -> Option<String> {
    match host.rfind('[') {
        Some(0) => {
            let close = host.rfind(']')?;
            let (inner, port) = (host.get(1..close)?, host.get(close + 1..)?);
            if !is_port(port) {
                return None;
            }
            let name = match inner.find("%25") {
                Some(at) => {
                    let (address, zone) = inner.split_at(at);
                    unescape(address, Place::Host)? + &unescape(zone, Place::Zone)?
                }
                None => unescape(inner, Place::Host)?,
            };
            let address = name.split('%').next().unwrap_or_default();
            address.parse::<std::net::Ipv6Addr>().ok()?;
            Some(format!("[{name}]{port}"))
        }
        Some(_) => None,
        None => {
            let strict = matches!(scheme, "http" | "https");
            let colon = if strict { host.find(':') } else { host.rfind(':') };
            if colon.and_then(|at| host.get(at..)).is_some_and(|port| !is_port(port)) {
                return None;
            }
            unescape(host, Place::Host)
        }
    }
}

/// Nothing, or a colon and digits.
fn is_port(text: &str) -> bool {
    text.is_empty()
        || text.strip_prefix(':').is_some_and(|digits| digits.bytes().all(|it| it.is_ascii_digit()))
}

fn split_port(host: &str) -> (&str, &str) {
    let at = host.rfind(':').filter(|at| host.get(*at..).is_some_and(is_port));
    at.map_or((host, ""), |at| (host.get(..at).unwrap_or_default(), host.get(at + 1..).unwrap_or_default()))
}

/// The path as it is written, if it is written well; escaped where it is not.
fn escaped_path(path: &str) -> Option<String> {
    let plain = unescape_bytes(path, Place::Path)?;
    let fine = |byte: u8| b"!$&'()*+,;=:@[]%".contains(&byte) || !must_escape(byte);
    if path.bytes().all(fine) {
        return Some(path.to_owned());
    }
    let mut out = String::with_capacity(path.len());
    for byte in plain {
        if must_escape(byte) {
            use std::fmt::Write as _;
            // Writing to a string can't fail.
            let _ = write!(out, "%{byte:02X}");
        } else {
            out.push(char::from(byte));
        }
    }
    Some(out)
}

/// Whether a byte can't stand in a path as it is.
fn must_escape(byte: u8) -> bool {
    !(byte.is_ascii_alphanumeric() || b"-_.~$&+,/:;=@".contains(&byte))
}

fn unescape(text: &str, place: Place) -> Option<String> {
    Some(String::from_utf8_lossy(&unescape_bytes(text, place)?).into_owned())
}

fn unescape_bytes(text: &str, place: Place) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'%' => {
                let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
                let value = digit(bytes.next())? * 16 + digit(bytes.next())?;
                let value = u8::try_from(value).ok()?;
                // A host may only hide what is not ASCII so.
                if place == Place::Host && value < 0x80 {
                    return None;
                }
                out.push(value);
            }
            b'+' if place == Place::Query => out.push(b' '),
            _ if matches!(place, Place::Host | Place::Zone)
                && byte < 0x80
                && !(byte.is_ascii_alphanumeric() || b"-_.~!$&'()*+,;=:[]<>\"".contains(&byte)) =>
            {
                return None;
            }
            _ => out.push(byte),
        }
    }
    Some(out)
}
