//! Objects whose fields JSON spreads out among those of the object that holds them, read as they come.
//!
//! `serde(flatten)` keeps all fields first, to read them afterwards: twice the work, and what is kept has forgotten how
//! it is to be read.

use std::{borrow::Cow, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{
        DeserializeSeed, MapAccess, Visitor,
        value::{CowStrDeserializer, MapAccessDeserializer},
    },
};

/// The fields of the outer object.
pub(crate) trait Own {
    /// Takes a field's value if it is one of them.
    fn take<'de, A: MapAccess<'de>>(&mut self, field: &str, map: &mut A) -> Result<bool, A::Error>;
}

/// Reads an object: of its fields the outer's own are taken, the others make the inner, which comes back. `name` is what
/// is expected, for errors.
pub(crate) fn spread_out<'de, D: Deserializer<'de>, O: Own, T: Deserialize<'de>>(
    deserializer: D,
    name: &'static str,
    own: &mut O,
) -> Result<T, D::Error> {
    deserializer.deserialize_struct(name, &[], Outer { name, own, inner: PhantomData })
}

/// Makes a type readable whose field `$inner` is spread out among its own fields, each by its name in JSON.
macro_rules! spread {
    ($type:ident { $($json:literal: $field:ident),* } $inner:ident) => {
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Fields($type);
                impl $crate::model::decode::Own for Fields {
                    fn take<'de, A: serde::de::MapAccess<'de>>(
                        &mut self,
                        field: &str,
                        map: &mut A,
                    ) -> Result<bool, A::Error> {
                        match field {
                            $($json => self.0.$field = map.next_value()?,)*
                            _ => return Ok(false),
                        }
                        Ok(true)
                    }
                }
                let mut fields = Fields(Self::default());
                let name = concat!("struct ", stringify!($type));
                let inner = $crate::model::decode::spread_out(deserializer, name, &mut fields)?;
                fields.0.$inner = inner;
                Ok(fields.0)
            }
        }
    };
}

pub(crate) use spread;

struct Outer<'o, O, T> {
    name: &'static str,
    own: &'o mut O,
    inner: PhantomData<T>,
}

impl<'de, O: Own, T: Deserialize<'de>> Visitor<'de> for Outer<'_, O, T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(Others { map, own: self.own }))
    }
}

/// The fields that are not the outer's own.
struct Others<'o, A, O> {
    map: A,
    own: &'o mut O,
}

impl<'de, A: MapAccess<'de>, O: Own> MapAccess<'de> for Others<'_, A, O> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        while let Some(Name(name)) = self.map.next_key()? {
            if !self.own.take(&name, &mut self.map)? {
                return seed.deserialize(CowStrDeserializer::new(name)).map(Some);
            }
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
}

/// A field's name, borrowed where it can be.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);
