use prost::Message;
use serde::Deserialize;

/// The part that the conditions of all kinds have in common.
#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Condition {
    /// Type, as in `Ready`.
    #[prost(string, tag = "1")]
    pub r#type: String,
    /// `True`, `False` or `Unknown`.
    #[prost(string, tag = "2")]
    pub status: String,
}

/// The status of the first condition of this type.
pub fn condition_status<'a>(conditions: &'a [Condition], r#type: &str) -> Option<&'a str> {
    conditions.iter().find(|condition| condition.r#type == r#type).map(|condition| condition.status.as_str())
}

/// Whether the first condition of this type is `True`.
pub fn is_condition_true(conditions: &[Condition], r#type: &str) -> bool {
    condition_status(conditions, r#type) == Some("True")
}
