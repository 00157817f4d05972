//! The record of sittings, `answers.jsonl`: one line an event, on disk before anyone is told.

use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use super::ProgressError;
use crate::quiz::sitting::Entry;

const FILE: &str = "answers.jsonl";

/// Appends to the record. Several sittings may write at once.
#[derive(Debug)]
pub(crate) struct Answers {
    path: PathBuf,
}

impl Answers {
    /// The record of a folder, with all that is in it.
    pub(crate) fn open(folder: &Path) -> Result<(Answers, Vec<Entry>), ProgressError> {
        let path = folder.join(FILE);
        let bytes = match fs::read(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            read => read.map_err(ProgressError::file(&path))?,
        };
        // What is no text is no JSON either, and told with its line.
        let text = String::from_utf8_lossy(&bytes);
        // What follows the last line break was cut off while it was written: nobody was told that it is kept.
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        let entry = |(number, line): (usize, &str)| {
            serde_json::from_str(line).map_err(|fault| ProgressError::Line { path: path.clone(), line: number + 1, fault })
        };
        let lines = whole.lines().enumerate().filter(|(_, line)| !line.is_empty());
        let entries = lines.map(entry).collect::<Result<_, _>>()?;
        Ok((Answers { path }, entries))
    }

    /// Returns when the entry is on disk.
    pub(crate) fn append(&self, entry: &Entry) -> Result<(), ProgressError> {
        let mut line = serde_json::to_vec(entry).map_err(|fault| ProgressError::Content { path: self.path.clone(), fault })?;
        line.push(b'\n');
        self.write(&line).map_err(ProgressError::file(&self.path))
    }

    fn write(&self, line: &[u8]) -> std::io::Result<()> {
        fs::create_dir_all(self.path.parent().unwrap_or(Path::new(".")))?;
        let mut file = File::options().read(true).write(true).create(true).truncate(false).open(&self.path)?;
        file.lock()?;
        cut_torn_line(&mut file)?;
        file.seek(SeekFrom::End(0))?;
        file.write_all(line)?;
        file.sync_data()
    }
}

/// Leaves whole lines only.
fn cut_torn_line(file: &mut File) -> std::io::Result<()> {
    let length = file.metadata()?.len();
    if length == 0 {
        return Ok(());
    }
    let mut last = [0];
    file.seek(SeekFrom::Start(length - 1))?;
    file.read_exact(&mut last)?;
    if last == *b"\n" {
        return Ok(());
    }
    let mut text = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.read_to_end(&mut text)?;
    let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    file.set_len(whole as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quiz::mark::{Answer, Credit};
    use crate::quiz::sitting::{Event, Form, Mode};

    fn entry(event: Event) -> Entry {
        Entry { sitting: "a".into(), at_ms: 1, event }
    }

    #[test]
    fn a_line_that_was_cut_off_is_no_answer_and_harms_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let (answers, entries) = Answers::open(folder.path()).expect("an empty record");
        assert_eq!(entries, []);
        let mode = Mode::Exam { form: Form::Task, minutes: 130 };
        let start = entry(Event::Start { mode, seed: 7, deal: Vec::new() });
        answers.append(&start).expect("written");
        let path = folder.path().join(FILE);
        let torn = [fs::read(&path).expect("a file"), br#"{"sitting":"a","at_"#.to_vec()].concat();
        fs::write(&path, torn).expect("written");
        assert_eq!(Answers::open(folder.path()).expect("readable").1, std::slice::from_ref(&start));
        let answer = entry(Event::Answer { question: 0, answer: Answer(vec![2]), credit: Credit(0.5) });
        answers.append(&answer).expect("written");
        assert_eq!(Answers::open(folder.path()).expect("readable").1, [start, answer]);
    }
}
