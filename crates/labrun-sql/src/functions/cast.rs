//! Which types can be cast to which, and how.

use super::Body;
use crate::sqltype::SqlType;

/// How values of a type become values of another; `None` where Trino has no such cast.
pub(crate) fn body(_from: &SqlType, _to: &SqlType) -> Option<Body> {
    None
}
