//! Paging tokens, one piece for all services: opaque, bound to the listing that gave them, refused anywhere else.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

const MARK: usize = 9;

/// A token that continues the listing `context` (operation and everything that selects) after `position`.
pub fn token(context: &str, position: &str) -> String {
    let mut bytes = mark(context, position);
    bytes.extend_from_slice(position.as_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The position in a token; `None` if it belongs to another listing or is no token at all.
pub fn position(context: &str, token: &str) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (given, position) = bytes.split_at_checked(MARK)?;
    let position = String::from_utf8(position.to_vec()).ok()?;
    (given == mark(context, &position)).then_some(position)
}

fn mark(context: &str, position: &str) -> Vec<u8> {
    let hash = Sha256::new().chain_update(context).chain_update([0]).chain_update(position).finalize();
    hash[..MARK].to_vec()
}

/// One page of a listing, and the token for the next.
#[derive(Debug)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub next: Option<String>,
}

/// Takes a page of at most `size` items out of a listing in order. `name` gives an item's position.
pub fn page<T>(items: impl Iterator<Item = T>, size: usize, context: &str, name: impl Fn(&T) -> String) -> Page<T> {
    let mut items = items.peekable();
    let taken: Vec<T> = items.by_ref().take(size).collect();
    let next = match (items.peek(), taken.last()) {
        (Some(_), Some(last)) => Some(token(context, &name(last))),
        _ => None,
    };
    Page { items: taken, next }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_continues_its_own_listing_only() {
        let token = token("glue.GetJobs", "orders");
        assert_eq!(position("glue.GetJobs", &token).as_deref(), Some("orders"));
        assert_eq!(position("glue.GetTables", &token), None);
        assert_eq!(position("glue.GetJobs", "abc"), None);
    }

    #[test]
    fn the_last_page_has_no_token() {
        let first = page(["a", "b", "c"].into_iter(), 2, "x", |item| (*item).to_owned());
        assert_eq!(first.items, ["a", "b"]);
        assert_eq!(position("x", &first.next.unwrap()).as_deref(), Some("b"));
        assert!(page(["a"].into_iter(), 1, "x", |item| (*item).to_owned()).next.is_none());
    }
}
