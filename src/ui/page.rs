//! A page of text in tones, laid out for a width. Pure: what shows it is `terminal` or a plain printer.

use owo_colors::{Stream, Style};

use super::columns::wrap;
use super::theme::{Mark, bold, dim, paint};

/// How a text is meant. Every meaning is in the words or marks too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    Plain,
    Bold,
    Dim,
    Good,
    Bad,
    Note,
}

/// A line: texts with their tones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Line(pub Vec<(String, Tone)>);

/// What fills a screen: the body scrolls, head and foot stay.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Page {
    pub head: Vec<Line>,
    pub body: Vec<Line>,
    pub foot: Vec<Line>,
    /// A line of the body that must be seen.
    pub focus: Option<usize>,
}

impl Tone {
    fn style(self) -> Style {
        match self {
            Tone::Plain => Style::new(),
            Tone::Bold => bold(),
            Tone::Dim => dim(),
            Tone::Good => Mark::Done.style(),
            Tone::Bad => Mark::Red.style(),
            Tone::Note => Mark::Note.style(),
        }
    }
}

impl Line {
    pub(crate) fn new(text: impl Into<String>, tone: Tone) -> Self {
        Line(vec![(text.into(), tone)])
    }

    pub(crate) fn plain(text: impl Into<String>) -> Self {
        Line::new(text, Tone::Plain)
    }

    pub(crate) fn and(mut self, text: impl Into<String>, tone: Tone) -> Self {
        self.0.push((text.into(), tone));
        self
    }

    /// The words alone.
    #[cfg(test)]
    pub(crate) fn text(&self) -> String {
        self.0.iter().map(|(text, _)| text.as_str()).collect()
    }

    /// The words with colors, where standard output shows any.
    pub(crate) fn painted(&self) -> String {
        self.0.iter().map(|(text, tone)| paint(text, tone.style(), Stream::Stdout)).collect()
    }
}

/// `text` wrapped, the first line behind `label`, the others under its text.
pub(crate) fn hanging(label: &[(&str, Tone)], text: &str, tone: Tone, width: usize) -> Vec<Line> {
    let indent: usize = label.iter().map(|(part, _)| super::columns::columns(part)).sum();
    let lines = wrap(text.trim(), width.saturating_sub(indent).max(10));
    let first = Line(label.iter().map(|(part, tone)| ((*part).to_owned(), *tone)).collect());
    let begin = std::iter::once(first).chain(std::iter::repeat_with(|| Line::plain(" ".repeat(indent))));
    begin.zip(lines).map(|(begin, line)| begin.and(line, tone)).collect()
}

/// A text of paragraphs, wrapped. Line breaks of its file are spaces; an empty line begins a paragraph.
pub(crate) fn prose(text: &str, width: usize) -> Vec<Line> {
    let paragraphs = text.trim().split("\n\n").map(|paragraph| paragraph.split_whitespace().collect::<Vec<_>>().join(" "));
    paragraphs
        .enumerate()
        .flat_map(|(number, text)| {
            let gap = (number > 0).then(Line::default);
            gap.into_iter().chain(wrap(&text, width).into_iter().map(Line::plain))
        })
        .collect()
}

/// Left and right on one line; where there is no room for both, the left alone.
pub(crate) fn sides(left: (&str, Tone), right: (&str, Tone), width: usize) -> Line {
    if super::columns::columns(left.0) + super::columns::columns(right.0) + 2 > width {
        return Line::new(left.0, left.1);
    }
    let gap = width.saturating_sub(super::columns::columns(left.0) + super::columns::columns(right.0)).max(2);
    Line::new(left.0, left.1).and(" ".repeat(gap), Tone::Plain).and(right.0, right.1)
}
