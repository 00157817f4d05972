//! Casts to varchar and char, and between text and bytes: uuid, ipaddress, varbinary.

use std::net::{IpAddr, Ipv4Addr};

use super::text::padded;
use super::{One, misplaced, text};
use crate::datum::Datum;
use crate::fault::{Fault, Outcome};
use crate::sqltype::SqlType;

pub(super) fn to_text(from: &SqlType, to: &SqlType) -> Option<One> {
    match (from, to) {
        (SqlType::Varchar(_) | SqlType::Char(_), _) => Some(cut),
        (SqlType::Varbinary | SqlType::HyperLogLog | SqlType::Function(..), _) => None,
        (_, SqlType::Varchar(_)) => Some(shown),
        _ => None,
    }
}

/// The first characters of the text, with the blanks of a char.
fn cut(value: &Datum, from: &SqlType, to: &SqlType) -> Outcome<Datum> {
    let Datum::Text(own) = value else { return Err(misplaced(from, to)) };
    let whole = if let SqlType::Char(length) = from { padded(own, *length) } else { own.clone() };
    Ok(Datum::Text(match to {
        SqlType::Varchar(Some(length)) => first(&whole, *length).to_owned(),
        SqlType::Char(length) => first(&whole, *length).trim_end_matches(' ').to_owned(),
        _ => whole,
    }))
}

fn first(text: &str, characters: u32) -> &str {
    text.char_indices().nth(characters as usize).map_or(text, |(at, _)| &text[..at])
}

/// What has no room is an error: a number is not cut.
fn shown(value: &Datum, from: &SqlType, to: &SqlType) -> Outcome<Datum> {
    let shown = text(value, from).ok_or_else(|| misplaced(from, to))?;
    match to {
        SqlType::Varchar(Some(length)) if shown.chars().count() > *length as usize => {
            Err(Fault::cast(format!("Value {shown} cannot be represented as {to}")))
        }
        _ => Ok(Datum::Text(shown)),
    }
}

pub(super) fn to_bytes(from: &SqlType, to: &SqlType) -> Option<One> {
    match (from, to) {
        (SqlType::Varchar(_), SqlType::Varbinary) => Some(|value, from, to| match value {
            Datum::Text(text) => Ok(Datum::Binary(text.clone().into_bytes())),
            _ => Err(misplaced(from, to)),
        }),
        (SqlType::Uuid | SqlType::IpAddress, SqlType::Varbinary) => Some(|value, _, _| Ok(value.clone())),
        (SqlType::Varchar(_) | SqlType::Varbinary, SqlType::Uuid) => Some(uuid),
        (SqlType::Varchar(_) | SqlType::Varbinary, SqlType::IpAddress) => Some(address),
        _ => None,
    }
}

fn uuid(value: &Datum, from: &SqlType, to: &SqlType) -> Outcome<Datum> {
    match value {
        Datum::Text(text) => read_uuid(text).map(Datum::Binary),
        Datum::Binary(bytes) if bytes.len() == 16 => Ok(value.clone()),
        Datum::Binary(bytes) => Err(Fault::cast(format!("Invalid UUID binary length: {}", bytes.len()))),
        _ => Err(misplaced(from, to)),
    }
}

/// Five groups of hexadecimal digits.
fn read_uuid(text: &str) -> Outcome<Vec<u8>> {
    let groups: Vec<&str> = text.split('-').collect();
    let hexadecimal = |group: &&str| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_hexdigit());
    if groups.len() != 5 || !groups.iter().all(hexadecimal) {
        return Err(Fault::cast(format!("Cannot cast value to UUID: {text}")));
    }
    if groups.iter().map(|group| group.len()).ne([8, 4, 4, 4, 12]) {
        return Err(Fault::cast(format!("Invalid UUID string length: {}", text.len())));
    }
    let number = u128::from_str_radix(&groups.concat(), 16);
    let number = number.map_err(|_| Fault::cast(format!("Cannot cast value to UUID: {text}")))?;
    Ok(number.to_be_bytes().to_vec())
}

/// Addresses of four bytes are kept as mapped ones of sixteen.
fn address(value: &Datum, from: &SqlType, to: &SqlType) -> Outcome<Datum> {
    let mapped = |four: Ipv4Addr| Datum::Binary(four.to_ipv6_mapped().octets().to_vec());
    match value {
        Datum::Text(text) => match text.parse() {
            Ok(IpAddr::V4(four)) => Ok(mapped(four)),
            Ok(IpAddr::V6(six)) => Ok(Datum::Binary(six.octets().to_vec())),
            Err(_) => Err(Fault::cast(format!("Cannot cast value to IPADDRESS: {text}"))),
        },
        Datum::Binary(bytes) => match (<[u8; 4]>::try_from(bytes.as_slice()), bytes.len()) {
            (Ok(four), _) => Ok(mapped(Ipv4Addr::from(four))),
            (_, 16) => Ok(value.clone()),
            (_, length) => Err(Fault::cast(format!("Invalid InetAddress binary length: {length}"))),
        },
        _ => Err(misplaced(from, to)),
    }
}
