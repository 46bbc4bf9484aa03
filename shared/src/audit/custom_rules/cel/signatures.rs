//! The functions that there are: those of the API server's environment for admission policies, and no others, so that an
//! expression that is taken here is taken there.

/// How a function is called: its name, whether on a target, and with how many arguments beside it.
type Signature = (&'static str, bool, &'static [usize]);

const MEMBER: bool = true;
const GLOBAL: bool = false;

#[rustfmt::skip]
const SIGNATURES: &[Signature] = &[
    // The language's own.
    ("size", GLOBAL, &[1]), ("size", MEMBER, &[0]),
    ("contains", MEMBER, &[1]), ("startsWith", MEMBER, &[1]), ("endsWith", MEMBER, &[1]),
    ("matches", MEMBER, &[1]), ("matches", GLOBAL, &[2]),
    ("int", GLOBAL, &[1]), ("uint", GLOBAL, &[1]), ("double", GLOBAL, &[1]), ("string", GLOBAL, &[1]),
    ("bytes", GLOBAL, &[1]), ("bool", GLOBAL, &[1]), ("dyn", GLOBAL, &[1]), ("type", GLOBAL, &[1]),
    ("duration", GLOBAL, &[1]), ("timestamp", GLOBAL, &[1]),
    ("getFullYear", MEMBER, &[0, 1]), ("getMonth", MEMBER, &[0, 1]), ("getDayOfYear", MEMBER, &[0, 1]),
    ("getDayOfMonth", MEMBER, &[0, 1]), ("getDate", MEMBER, &[0, 1]), ("getDayOfWeek", MEMBER, &[0, 1]),
    ("getHours", MEMBER, &[0, 1]), ("getMinutes", MEMBER, &[0, 1]), ("getSeconds", MEMBER, &[0, 1]),
    ("getMilliseconds", MEMBER, &[0, 1]),
    // Optionals.
    ("optional.of", GLOBAL, &[1]), ("optional.none", GLOBAL, &[0]), ("optional.ofNonZeroValue", GLOBAL, &[1]),
    ("optional.unwrap", GLOBAL, &[1]), ("unwrapOpt", MEMBER, &[0]),
    ("hasValue", MEMBER, &[0]), ("value", MEMBER, &[0]), ("or", MEMBER, &[1]), ("orValue", MEMBER, &[1]),
    // Strings.
    ("charAt", MEMBER, &[1]), ("indexOf", MEMBER, &[1, 2]), ("lastIndexOf", MEMBER, &[1, 2]),
    ("lowerAscii", MEMBER, &[0]), ("upperAscii", MEMBER, &[0]), ("replace", MEMBER, &[2, 3]),
    ("split", MEMBER, &[1, 2]), ("substring", MEMBER, &[1, 2]), ("trim", MEMBER, &[0]), ("join", MEMBER, &[0, 1]),
    ("format", MEMBER, &[1]), ("strings.quote", GLOBAL, &[1]),
    ("find", MEMBER, &[1]), ("findAll", MEMBER, &[1, 2]),
    // Lists and sets.
    ("isSorted", MEMBER, &[0]), ("sum", MEMBER, &[0]), ("min", MEMBER, &[0]), ("max", MEMBER, &[0]),
    ("slice", MEMBER, &[2]), ("flatten", MEMBER, &[0, 1]), ("sort", MEMBER, &[0]), ("distinct", MEMBER, &[0]),
    ("reverse", MEMBER, &[0]), ("first", MEMBER, &[0]), ("last", MEMBER, &[0]), ("lists.range", GLOBAL, &[1]),
    ("sets.contains", GLOBAL, &[2]), ("sets.equivalent", GLOBAL, &[2]), ("sets.intersects", GLOBAL, &[2]),
    // Quantities.
    ("quantity", GLOBAL, &[1]), ("isQuantity", GLOBAL, &[1]), ("sign", GLOBAL, &[1]), ("isInteger", MEMBER, &[0]),
    ("asInteger", MEMBER, &[0]), ("asApproximateFloat", MEMBER, &[0]), ("add", MEMBER, &[1]), ("sub", MEMBER, &[1]),
    ("isGreaterThan", MEMBER, &[1]), ("isLessThan", MEMBER, &[1]), ("compareTo", MEMBER, &[1]),
    // Addresses.
    ("url", GLOBAL, &[1]), ("isURL", GLOBAL, &[1]), ("getScheme", MEMBER, &[0]), ("getHost", MEMBER, &[0]),
    ("getHostname", MEMBER, &[0]), ("getPort", MEMBER, &[0]), ("getEscapedPath", MEMBER, &[0]),
    ("getQuery", MEMBER, &[0]),
    ("ip", GLOBAL, &[1]), ("isIP", GLOBAL, &[1]), ("ip.isCanonical", GLOBAL, &[1]), ("family", MEMBER, &[0]),
    ("isUnspecified", MEMBER, &[0]), ("isLoopback", MEMBER, &[0]), ("isLinkLocalMulticast", MEMBER, &[0]),
    ("isLinkLocalUnicast", MEMBER, &[0]), ("isGlobalUnicast", MEMBER, &[0]),
    ("cidr", GLOBAL, &[1]), ("isCIDR", GLOBAL, &[1]), ("containsIP", MEMBER, &[1]), ("containsCIDR", MEMBER, &[1]),
    ("ip", MEMBER, &[0]), ("prefixLength", MEMBER, &[0]), ("masked", MEMBER, &[0]),
    // Versions.
    ("semver", GLOBAL, &[1, 2]), ("isSemver", GLOBAL, &[1, 2]), ("major", MEMBER, &[0]), ("minor", MEMBER, &[0]),
    ("patch", MEMBER, &[0]),
    // Formats of names.
    ("format.named", GLOBAL, &[1]), ("validate", MEMBER, &[1]),
    ("format.dns1123Label", GLOBAL, &[0]), ("format.dns1123Subdomain", GLOBAL, &[0]),
    ("format.dns1035Label", GLOBAL, &[0]), ("format.qualifiedName", GLOBAL, &[0]),
    ("format.dns1123LabelPrefix", GLOBAL, &[0]), ("format.dns1123SubdomainPrefix", GLOBAL, &[0]),
    ("format.dns1035LabelPrefix", GLOBAL, &[0]), ("format.labelValue", GLOBAL, &[0]), ("format.uri", GLOBAL, &[0]),
    ("format.uuid", GLOBAL, &[0]), ("format.byte", GLOBAL, &[0]), ("format.date", GLOBAL, &[0]),
    ("format.datetime", GLOBAL, &[0]),
];

/// Names of types.
const TYPES: &[&str] = &[
    "bool",
    "bytes",
    "double",
    "google.protobuf.Duration",
    "google.protobuf.Timestamp",
    "int",
    "list",
    "map",
    "null_type",
    "optional_type",
    "string",
    "type",
    "uint",
];

/// The name of a type, if it is one.
pub(super) fn type_named(name: &str) -> Option<&'static str> {
    TYPES.iter().copied().find(|known| *known == name)
}

/// Whether a global function of this name exists.
pub(super) fn is_global(name: &str) -> bool {
    SIGNATURES.iter().any(|(known, member, _)| *known == name && *member == GLOBAL)
}

/// Says why a function can't be called so.
pub(super) fn check(name: &str, on_target: bool, arguments: usize) -> Result<(), String> {
    let mut same = SIGNATURES.iter().filter(|(known, ..)| *known == name).peekable();
    if same.peek().is_none() {
        let names = SIGNATURES.iter().map(|(known, ..)| *known);
        let scored = names.map(|known| (strsim::jaro_winkler(known, name), known));
        let best = scored.max_by(|one, other| one.0.total_cmp(&other.0)).filter(|(score, _)| *score > 0.88);
        let hint = best.map(|(_, known)| format!(": did you mean {known:?}?")).unwrap_or_default();
        return Err(format!("there is no function {name:?}{hint}"));
    }
    let mut same: Vec<&Signature> = same.collect();
    same.retain(|(_, member, _)| *member == on_target);
    if same.is_empty() {
        let how = if on_target { "is called as NAME(…), not on a value" } else { "is called on a value" };
        return Err(format!("{name} {how}"));
    }
    if same.iter().any(|(.., counts)| counts.contains(&arguments)) {
        return Ok(());
    }
    Err(format!("{name} does not take {arguments} arguments"))
}
