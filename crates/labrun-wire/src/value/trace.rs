//! Which members of an input a handler reads, asked of its Rust type.
//!
//! The type is deserialized once from nothing: every struct on the way says its field names, and the walk follows them. So a
//! misspelt member fails a test, and a member that no handler reads can be refused by name instead of being dropped in silence.

use std::collections::BTreeMap;

use serde::Deserializer;
use serde::de::{self, DeserializeOwned, DeserializeSeed, IntoDeserializer, MapAccess, SeqAccess, Visitor};

/// What an input type reads below one place.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Members {
    /// A scalar, or a part that the handler keeps whole: everything below is read.
    #[default]
    All,
    /// A structure of which just these members are read.
    Named(BTreeMap<String, Members>),
    /// A list or map whose items are read so.
    Each(Box<Members>),
}

/// The members that `T` reads.
///
/// # Panics
/// If `T` can't be walked (a hand-written `Deserialize` that insists on data): a fault of ours, found at registration.
pub fn members_of<T: DeserializeOwned>() -> Members {
    let mut found = Members::All;
    if let Err(Stop(Some(fault))) = T::deserialize(Tracer { found: &mut found }) {
        panic!("the members of {} cannot be traced: {fault}", std::any::type_name::<T>());
    }
    found
}

/// `None`: the walk has seen enough. `Some`: it broke.
#[derive(Debug)]
struct Stop(Option<String>);

impl std::fmt::Display for Stop {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str(self.0.as_deref().unwrap_or("seen enough"))
    }
}

impl std::error::Error for Stop {}

impl de::Error for Stop {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Stop(Some(message.to_string()))
    }
}

struct Tracer<'a> {
    found: &'a mut Members,
}

macro_rules! scalars {
    ($($method:ident => $visit:ident($value:expr)),* $(,)?) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> { visitor.$visit($value) })*
    };
}

impl<'de> Deserializer<'de> for Tracer<'_> {
    type Error = Stop;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        visitor.visit_unit()
    }

    scalars! {
        deserialize_bool => visit_bool(false),
        deserialize_i8 => visit_i8(0), deserialize_i16 => visit_i16(0), deserialize_i32 => visit_i32(0), deserialize_i64 => visit_i64(0),
        deserialize_u8 => visit_u8(0), deserialize_u16 => visit_u16(0), deserialize_u32 => visit_u32(0), deserialize_u64 => visit_u64(0),
        deserialize_f32 => visit_f32(0.0), deserialize_f64 => visit_f64(0.0), deserialize_char => visit_char('a'),
        deserialize_str => visit_str(""), deserialize_string => visit_str(""),
        deserialize_bytes => visit_bytes(&[]), deserialize_byte_buf => visit_bytes(&[]),
        deserialize_identifier => visit_str(""),
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        visitor.visit_unit()
    }
    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        visitor.visit_unit()
    }
    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Stop> {
        visitor.visit_unit()
    }
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        visitor.visit_some(self)
    }
    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Stop> {
        visitor.visit_newtype_struct(self)
    }
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Stop> {
        let first = variants.first().copied().unwrap_or_default();
        visitor.visit_enum(IntoDeserializer::<Stop>::into_deserializer(first))
    }
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        let mut item = Members::All;
        let value = visitor.visit_seq(OneItem { found: Some(&mut item) });
        *self.found = Members::Each(Box::new(item));
        value
    }
    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Stop> {
        self.deserialize_seq(visitor)
    }
    fn deserialize_tuple_struct<V: Visitor<'de>>(self, _: &'static str, _: usize, visitor: V) -> Result<V::Value, Stop> {
        self.deserialize_seq(visitor)
    }
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        let mut item = Members::All;
        let value = visitor.visit_map(OneEntry { found: Some(&mut item) });
        *self.found = Members::Each(Box::new(item));
        value
    }
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Stop> {
        let mut named = BTreeMap::new();
        let value = visitor.visit_map(Fields { left: fields, current: None, found: &mut named });
        *self.found = Members::Named(named);
        value
    }
}

struct OneItem<'a> {
    found: Option<&'a mut Members>,
}

impl<'de> SeqAccess<'de> for OneItem<'_> {
    type Error = Stop;
    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Stop> {
        self.found.take().map(|found| seed.deserialize(Tracer { found })).transpose()
    }
}

struct OneEntry<'a> {
    found: Option<&'a mut Members>,
}

impl<'de> MapAccess<'de> for OneEntry<'_> {
    type Error = Stop;
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Stop> {
        if self.found.is_none() {
            return Ok(None);
        }
        seed.deserialize(IntoDeserializer::<Stop>::into_deserializer("")).map(Some)
    }
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Stop> {
        let found = self.found.take().ok_or(Stop(None))?;
        seed.deserialize(Tracer { found })
    }
}

struct Fields<'a> {
    left: &'static [&'static str],
    current: Option<&'static str>,
    found: &'a mut BTreeMap<String, Members>,
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = Stop;
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Stop> {
        let Some((first, rest)) = self.left.split_first() else {
            return Ok(None);
        };
        self.left = rest;
        self.current = Some(first);
        seed.deserialize(IntoDeserializer::<Stop>::into_deserializer(*first)).map(Some)
    }
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Stop> {
        let name = self.current.take().ok_or(Stop(None))?;
        let found = self.found.entry(name.to_owned()).or_default();
        seed.deserialize(Tracer { found })
    }
}
