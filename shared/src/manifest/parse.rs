//! One document of a file, as JSON or YAML.

use std::{
    cell::RefCell,
    io::{self, BufReader, Read},
};

use serde::de::DeserializeSeed;
use serde_json::Value;
use serde_saphyr::{DuplicateKeyPolicy, Error as YamlError, budget::BudgetBreach};

use super::{
    indent::Mender,
    list::{Found, Outcome, Top},
    split::{Head, newlines},
    unrendered,
    value::Budget,
};

/// A YAML document must be in memory to be parsed; longer ones are refused. JSON streams, however long.
pub const MAX_DOCUMENT_BYTES: usize = 64 << 20;
/// Text that one object may hold. An API server takes no more than 3 MiB.
pub const MAX_OBJECT_BYTES: usize = 16 << 20;
/// Values that one object may hold.
pub const MAX_OBJECT_NODES: usize = 1_000_000;
/// How deep mappings and sequences may nest in YAML; in JSON it is twice that. A parser's stack is not endless, and of
/// the definitions of custom resources, which nest deepest, none comes near.
pub const MAX_DEPTH: usize = 64;

/// What is wrong with a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    /// Line of the file.
    pub(super) line: u32,
    /// One word for programs.
    pub(super) reason: &'static str,
    /// A sentence for people.
    pub(super) message: String,
}

/// JSON documents up to this length get a second chance as YAML: `{a: b}` begins like JSON.
const HEAD_BYTES: u64 = 1 << 20;

/// Hands everything in one document to `found`. What comes back is wrong with it, which may be nothing.
pub(super) fn parse(head: &Head, text: &mut dyn Read, found: &mut Found<'_>) -> Vec<Problem> {
    let mut bytes = head.prefix.clone();
    if let Err(error) = text.take(HEAD_BYTES).read_to_end(&mut bytes) {
        return vec![unreadable(head, &error)];
    }
    let whole = u64::try_from(bytes.len() - head.prefix.len()).is_ok_and(|length| length < HEAD_BYTES);
    let json = json_in(&bytes);
    let budget = Budget::new();
    let result = match json {
        Some(json) if !whole => {
            let reader = BufReader::with_capacity(64 * 1024, bytes[json..].chain(text));
            parse_json(serde_json::Deserializer::from_reader(reader), head, &budget, found)
        }
        Some(json) => {
            let mut any = false;
            let mut seen = |value, item| {
                any = true;
                found(value, item);
            };
            let first =
                parse_json(serde_json::Deserializer::from_slice(&bytes[json..]), head, &budget, &mut seen);
            match first {
                Err(problem) if !any => {
                    let looks_like_json = bytes[json + 1..].trim_ascii_start().starts_with(b"\"");
                    *budget.borrow_mut() = Budget::new().into_inner();
                    let second = parse_yaml(&bytes, head, &budget, found);
                    second.map_err(|other| if looks_like_json { problem } else { other })
                }
                result => result,
            }
        }
        None => {
            let limit = (MAX_DOCUMENT_BYTES + 1).saturating_sub(bytes.len());
            match text.take(limit as u64).read_to_end(&mut bytes) {
                Ok(_) if bytes.len() > MAX_DOCUMENT_BYTES => Err(too_long(head)),
                Ok(_) => parse_yaml(&bytes, head, &budget, found),
                Err(error) => Err(unreadable(head, &error)),
            }
        }
    };
    let duplicate = budget.into_inner().duplicate;
    let duplicate = duplicate.map(|key| duplicate_key(&key, if whole { Some(&bytes) } else { None }, head));
    let wrong = result.err().map(|problem| match unrendered::hint(&bytes) {
        Some(hint) if problem.reason == "Invalid" => {
            Problem { message: format!("{}; {hint}", problem.message), ..problem }
        }
        _ => problem,
    });
    duplicate.into_iter().chain(wrong).collect()
}

/// Where the JSON begins, if the document is JSON.
fn json_in(bytes: &[u8]) -> Option<usize> {
    let text = bytes.strip_prefix(b"---").unwrap_or(bytes).trim_ascii_start();
    text.starts_with(b"{").then(|| bytes.len() - text.len())
}

/// Any number of JSON values in a row.
fn parse_json<'de, R: serde_json::de::Read<'de>>(
    mut deserializer: serde_json::Deserializer<R>,
    head: &Head,
    budget: &RefCell<Budget>,
    found: &mut Found<'_>,
) -> Result<(), Problem> {
    while deserializer.end().is_err() {
        budget.borrow_mut().refill();
        let top = Top { budget, found: &mut *found };
        match top.deserialize(&mut deserializer) {
            Ok(outcome) => finish(outcome, found),
            Err(error) => {
                // Line 0 means that it is known to nobody.
                let line = head
                    .line
                    .saturating_add(u32::try_from(error.line().saturating_sub(1)).unwrap_or(u32::MAX));
                let reason = if error.is_io() { "Unreadable" } else { "Invalid" };
                return Err(Problem { line, reason, message: json_message(&error) });
            }
        }
    }
    Ok(())
}

fn parse_yaml(
    bytes: &[u8],
    head: &Head,
    budget: &RefCell<Budget>,
    found: &mut Found<'_>,
) -> Result<(), Problem> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = newlines(&bytes[..error.valid_up_to()]);
        Problem {
            line: head.line_of(before as u64 + 1),
            reason: "Invalid",
            message: "the text is neither UTF-8 nor UTF-16".to_owned(),
        }
    })?;
    let mut told = 0_usize;
    let mut mender: Option<Mender> = None;
    loop {
        let mended = mender.as_ref().map_or(text, Mender::text);
        // What was handed on before something was found wrong is not handed on again.
        let (mut seen, before) = (0, told);
        let mut new = |value, item| {
            seen += 1;
            if seen > before {
                found(value, item);
            }
        };
        let parsed = with_yaml(mended, DuplicateKeyPolicy::LastWins, Top { budget, found: &mut new });
        told = told.max(seen);
        let error = match parsed {
            Ok(outcome) => {
                finish(outcome, found);
                return Ok(());
            }
            Err(error) => error,
        };
        let message = yaml_message(&error);
        if message == UNDER_INDENTED
            && let Some(location) = error.location()
            && mender.get_or_insert_with(|| Mender::new(text)).mend(location.line())
        {
            *budget.borrow_mut() = Budget::new().into_inner();
            continue;
        }
        let line = error.location().map_or(head.line, |location| head.line_of(location.line()));
        return Err(Problem { line, reason: "Invalid", message });
    }
}

/// What the parser says of a quoted text that goes on too far to the left; it has no other way to tell.
const UNDER_INDENTED: &str = "invalid indentation in multiline quoted scalar";

fn finish(outcome: Outcome, found: &mut Found<'_>) {
    match outcome {
        // A document of comments.
        Outcome::Single(Value::Null) | Outcome::List(_) => {}
        Outcome::Single(value) => found(value, None),
    }
}

/// Reads YAML within budgets: aliases and merges may repeat text only so often. The budgets of text and of nodes are
/// our own (`Budget`), which count what comes out rather than what goes in. No excerpt of the text goes into errors: it
/// may be a secret's.
pub(super) fn with_yaml<'de, S: DeserializeSeed<'de>>(
    text: &'de str,
    duplicate_keys: DuplicateKeyPolicy,
    seed: S,
) -> Result<S::Value, YamlError> {
    let options = serde_saphyr::options! {
        duplicate_keys: duplicate_keys,
        // As kubectl's parser has it: 0644 is octal.
        legacy_octal_numbers: true,
        with_snippet: false,
        alias_limits: serde_saphyr::alias_limits! { max_total_replayed_events: 200_000 },
        emit_comments: false,
        budget: serde_saphyr::budget! {
            max_depth: MAX_DEPTH,
            max_events: usize::MAX,
            max_nodes: usize::MAX,
            max_total_scalar_bytes: MAX_DOCUMENT_BYTES,
            max_reader_input_bytes: None,
            max_documents: 1,
            max_recorded_anchor_events: 200_000,
        },
    };
    serde_saphyr::with_deserializer_from_str_with_options(text, options, |deserializer| {
        seed.deserialize(deserializer)
    })
}

/// An API server takes the last of two values, as `kubectl apply` does before it; under `fieldValidation=Strict` it
/// refuses them. The object is kept, because leaving it out would make others look broken, and the doubt is told.
fn duplicate_key(key: &str, text: Option<&Vec<u8>>, head: &Head) -> Problem {
    let budget = Budget::new();
    let again = text.and_then(|text| std::str::from_utf8(text).ok()).map(|text| {
        let top = Top { budget: &budget, found: &mut |_, _| {} };
        with_yaml(text, DuplicateKeyPolicy::Error, top)
    });
    let line = match again {
        Some(Err(YamlError::DuplicateMappingKey { location, .. })) => head.line_of(location.line()),
        _ => head.line,
    };
    Problem {
        line,
        reason: "DuplicateKey",
        message: format!("the key {key:?} stands twice in one mapping; the last value counts"),
    }
}

fn too_long(head: &Head) -> Problem {
    Problem {
        line: head.line,
        reason: "TooLarge",
        message: format!(
            "a YAML document of more than {} MiB can't be read; write it as JSON, which is read item by item",
            MAX_DOCUMENT_BYTES >> 20
        ),
    }
}

fn unreadable(head: &Head, error: &io::Error) -> Problem {
    Problem { line: head.line, reason: "Unreadable", message: error.to_string() }
}

/// What is wrong with YAML, in words that need no knowledge of the parser.
pub(crate) fn yaml_message(error: &YamlError) -> String {
    match error.without_snippet() {
        YamlError::AliasError { error, .. } => yaml_message(error),
        YamlError::Budget { breach: BudgetBreach::Depth { .. }, .. } => too_deep(),
        YamlError::Budget { .. }
        | YamlError::AliasReplayLimitExceeded { .. }
        | YamlError::AliasExpansionLimitExceeded { .. }
        | YamlError::AliasReplayStackDepthExceeded { .. } => "aliases repeat more than is read".to_owned(),
        YamlError::RecursiveReferencesRequireWeakTypes { .. } => {
            "an alias stands inside of what it names".to_owned()
        }
        other => match without_place(&other.to_string()) {
            // The scanner's own limit, which it tells in words only.
            message if message == "recursion limit exceeded" => too_deep(),
            message => message,
        },
    }
}

pub(super) fn json_message(error: &serde_json::Error) -> String {
    let message = without_place(&error.to_string());
    // serde_json has no other way to tell.
    if message == "recursion limit exceeded" {
        format!("nested more than {} levels deep", 2 * MAX_DEPTH - 1)
    } else {
        message
    }
}

fn too_deep() -> String {
    format!("nested more than {MAX_DEPTH} levels deep")
}

/// A message without the places that the parser counted from the document's beginning.
fn without_place(message: &str) -> String {
    let places = [" at line ", " (defined at line ", " (used at line "];
    let end = places.iter().filter_map(|place| message.find(place)).min().unwrap_or(message.len());
    message[..end].to_owned()
}
