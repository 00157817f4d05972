//! Pages as all of IAM's listings have them: Marker, MaxItems, IsTruncated.

use labrun_wire::AwsResult;
use labrun_wire::page::{Page, page, position};

use super::error;

/// IAM API Reference, MaxItems: "If you do not include this parameter, the number of items defaults to 100."
const DEFAULT: i64 = 100;

/// What a client asks of a listing, and everything that selects its items.
pub(super) struct Ask<'a> {
    pub(super) context: String,
    pub(super) marker: Option<&'a str>,
    pub(super) max_items: Option<i64>,
}

impl Ask<'_> {
    /// One page of items that are in the order of their names.
    pub(super) fn page<T>(&self, items: impl IntoIterator<Item = T>, name: impl Fn(&T) -> String) -> AwsResult<Page<T>> {
        let after = match self.marker {
            Some(marker) => Some(position(&self.context, marker).ok_or_else(error::invalid_marker)?),
            None => None,
        };
        let size = usize::try_from(self.max_items.unwrap_or(DEFAULT)).unwrap_or(1);
        let rest = items.into_iter().skip_while(|item| after.as_ref().is_some_and(|after| name(item) <= *after));
        Ok(page(rest, size, &self.context, &name))
    }
}
