//! Marks and colors. Every mark means the same without its color.

use owo_colors::{OwoColorize as _, Stream, Style};

/// What a line begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    Done,
    Red,
    Open,
    Note,
    None,
}

impl Mark {
    pub(crate) fn sign(self) -> &'static str {
        match self {
            Mark::Done => "✓",
            Mark::Red => "✗",
            Mark::Open => "·",
            Mark::Note => "!",
            Mark::None => " ",
        }
    }

    pub(crate) fn style(self) -> Style {
        match self {
            Mark::Done => Style::new().green(),
            Mark::Red => Style::new().red().bold(),
            Mark::Note => Style::new().yellow(),
            Mark::Open | Mark::None => Style::new().dimmed(),
        }
    }
}

/// The text in a style, where the stream shows colors (`NO_COLOR`, pipes and dumb terminals don't).
pub(crate) fn paint(text: &str, style: Style, stream: Stream) -> String {
    text.if_supports_color(stream, |text| text.style(style)).to_string()
}

pub(crate) fn bold() -> Style {
    Style::new().bold()
}

pub(crate) fn dim() -> Style {
    Style::new().dimmed()
}
