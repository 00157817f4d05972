//! Windows and frames.

use super::expression::{expr, exprs};
use super::{name, order_by};
use crate::query::tree::{Frame, FrameBound, FrameUnit, Window};

/// In parentheses.
pub(super) fn specification(window: &Window) -> String {
    let mut parts: Vec<String> = window.base.iter().map(name).collect();
    if !window.partition_by.is_empty() {
        parts.push(format!("PARTITION BY {}", exprs(&window.partition_by)));
    }
    if !window.order_by.is_empty() {
        parts.push(order_by("ORDER BY ", &window.order_by));
    }
    parts.extend(window.frame.iter().map(frame));
    format!("({})", parts.join(" "))
}

fn frame(frame: &Frame) -> String {
    let unit = match frame.unit {
        FrameUnit::Rows => "ROWS",
        FrameUnit::Range => "RANGE",
        FrameUnit::Groups => "GROUPS",
    };
    format!("{unit} BETWEEN {} AND {}", bound(&frame.start), bound(&frame.end))
}

fn bound(bound: &FrameBound) -> String {
    match bound {
        FrameBound::UnboundedPreceding => "UNBOUNDED PRECEDING".to_owned(),
        FrameBound::Preceding(distance) => format!("{} PRECEDING", expr(distance)),
        FrameBound::CurrentRow => "CURRENT ROW".to_owned(),
        FrameBound::Following(distance) => format!("{} FOLLOWING", expr(distance)),
        FrameBound::UnboundedFollowing => "UNBOUNDED FOLLOWING".to_owned(),
    }
}
