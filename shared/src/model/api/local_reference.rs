//! Names of objects of the same namespace (tags: core/v1's generated.proto).

use prost::Message;
use serde::Deserialize;

use super::inline::inline;

/// `LocalObjectReference`: a name.
#[derive(Clone, PartialEq, Eq, Message, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LocalObjectReference {
    /// The name.
    #[prost(string, tag = "1")]
    pub name: String,
}

impl LocalObjectReference {
    /// The name, or nothing if the field is absent.
    pub fn name_of(reference: Option<&Self>) -> &str {
        reference.map_or("", |reference| &reference.name)
    }
}

/// Types that hold a name and whether what it names may be missing. They differ in the tag of `optional` alone.
macro_rules! optional_references {
    ($($(#[$doc:meta])* $name:ident $tag:tt;)*) => { $(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Message, Deserialize)]
        #[serde(rename_all = "camelCase", default)]
        pub struct $name {
            /// The name: JSON has it beside `optional`.
            #[prost(message, optional, tag = "1")]
            #[serde(flatten, deserialize_with = "inline")]
            pub reference: Option<LocalObjectReference>,
            /// Whether what it names may be missing.
            #[prost(bool, optional, tag = $tag)]
            pub optional: Option<bool>,
        }

        impl $name {
            /// The name.
            pub fn name(&self) -> &str {
                LocalObjectReference::name_of(self.reference.as_ref())
            }
        }
    )* };
}

optional_references! {
    /// `ConfigMapEnvSource` and `SecretEnvSource`: all keys, for the environment.
    EnvFromReference "2";
    /// `ConfigMapKeySelector` and `SecretKeySelector`: one key, for the environment.
    KeyReference "3";
    /// `ConfigMapVolumeSource`, `ConfigMapProjection` and `SecretProjection`: keys that become files.
    FilesReference "4";
}
