//! Lines out of bytes that come in chunks: each line of a file belongs to the one split that it starts in.
//!
//! A line ends with `\n`, `\r\n` or `\r`, as Hadoop's reader of lines has it (`[hive]`).

use std::ops::Range;

use memchr::memchr2;

/// The lines of a split, as far as its bytes are here.
pub(crate) struct Lines {
    pending: Vec<u8>,
    /// Where the next line starts in what is pending.
    next: usize,
    /// Where in the file what is pending starts.
    offset: u64,
    /// Lines that start here or later are another split's.
    end: u64,
    /// The first line is another split's: only its end is looked for.
    inside_line: bool,
    /// No more bytes will come.
    ended: bool,
}

impl Lines {
    /// What to read first is said by [`Lines::position`].
    pub(crate) fn new(start: u64, end: u64) -> Self {
        // The byte before says whether a line starts here.
        let offset = start.saturating_sub(1);
        Lines { pending: Vec::new(), next: 0, offset, end, inside_line: start > 0, ended: false }
    }

    /// Where in the file the next chunk starts.
    pub(crate) fn position(&self) -> u64 {
        self.offset + self.pending.len() as u64
    }

    /// Bytes of a line that is not whole yet.
    pub(crate) fn waiting(&self) -> usize {
        self.pending.len() - self.next
    }

    pub(crate) fn push(&mut self, chunk: &[u8]) {
        self.make_room();
        self.pending.extend_from_slice(chunk);
    }

    /// Where chunks that are made piece by piece are put.
    pub(crate) fn room(&mut self) -> &mut Vec<u8> {
        self.make_room();
        &mut self.pending
    }

    fn make_room(&mut self) {
        self.pending.drain(..self.next);
        self.offset += self.next as u64;
        self.next = 0;
    }

    /// The file ends here.
    pub(crate) fn finish(&mut self) {
        self.ended = true;
    }

    /// No line comes after those that were taken.
    pub(crate) fn is_done(&self) -> bool {
        let at = self.offset + self.next as u64;
        (!self.inside_line && at >= self.end) || (self.ended && self.waiting() == 0)
    }

    /// Whole lines, so many at most, as places in [`Lines::bytes`].
    pub(crate) fn take(&mut self, most: usize) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        while found.len() < most && !self.is_done() {
            let Some((line, after)) = self.line() else { break };
            self.next = after;
            if self.inside_line {
                self.inside_line = false;
            } else {
                found.push(line);
            }
        }
        found
    }

    /// The next line, and where the one after it starts. A `\r` that comes last may be half of an end.
    fn line(&self) -> Option<(Range<usize>, usize)> {
        let rest = &self.pending[self.next..];
        let Some(length) = memchr2(b'\n', b'\r', rest) else {
            let whole = self.ended && !rest.is_empty();
            return whole.then_some((self.next..self.pending.len(), self.pending.len()));
        };
        let end = self.next + length;
        let after = match (rest[length], rest.get(length + 1)) {
            (b'\r', Some(b'\n')) => end + 2,
            (b'\r', None) if !self.ended => return None,
            _ => end + 1,
        };
        Some((self.next..end, after))
    }

    /// What the places of [`Lines::take`] point into, until the next push.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.pending
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a split gives that reads its file in chunks of this size.
    fn read(content: &[u8], split: (u64, u64), chunk: usize, most: usize) -> Vec<Vec<u8>> {
        let mut lines = Lines::new(split.0, split.1);
        let mut found = Vec::new();
        loop {
            for line in lines.take(most) {
                found.push(lines.bytes()[line].to_vec());
            }
            if lines.is_done() {
                return found;
            }
            let at = lines.position() as usize;
            if at < content.len() {
                lines.push(&content[at..content.len().min(at + chunk)]);
            } else {
                lines.finish();
            }
        }
    }

    fn whole(content: &str) -> Vec<Vec<u8>> {
        let plain = content.replace("\r\n", "\n").replace('\r', "\n");
        let mut lines: Vec<Vec<u8>> = plain.split('\n').map(|line| line.as_bytes().to_vec()).collect();
        // What follows the last end is a line only if there is something.
        if lines.last().is_some_and(Vec::is_empty) {
            lines.pop();
        }
        lines
    }

    #[test]
    fn ends_of_lines() {
        for content in ["", "a", "a\n", "a\r\nb\r\n", "a\rb", "\n\n", "\r\n\r\n", "a\n\rb", "\r", "a\r\r\nb\n"] {
            for chunk in 1..4 {
                assert_eq!(read(content.as_bytes(), (0, content.len() as u64), chunk, 2), whole(content), "{content:?}");
            }
        }
    }

    #[test]
    fn every_line_is_in_one_split() {
        let mut chance = fastrand::Rng::with_seed(7);
        for round in 0..5_000 {
            let length = chance.usize(0..60);
            let content: String = (0..length).map(|_| chance.choice(['a', 'b', ',', '\n', '\n', '\r']).unwrap()).collect();
            let mut borders: Vec<u64> = (0..chance.usize(0..5)).map(|_| chance.u64(0..=length as u64)).collect();
            borders.extend([0, length as u64]);
            borders.sort_unstable();
            borders.dedup();
            let (chunk, most) = (chance.usize(1..20), chance.usize(1..5));
            let found: Vec<Vec<u8>> =
                borders.windows(2).flat_map(|border| read(content.as_bytes(), (border[0], border[1]), chunk, most)).collect();
            assert_eq!(found, whole(&content), "round {round}: {content:?} at {borders:?} by {chunk}");
        }
    }
}
