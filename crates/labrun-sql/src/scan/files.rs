//! The objects that a query reads, each with the values of its partition.

use std::sync::Arc;

use crate::datum::Datum;
use crate::source::Object;

/// A part of an object.
#[derive(Clone, Debug)]
pub(crate) struct Split {
    pub(crate) file: Arc<File>,
    /// Lines that start in here.
    pub(crate) start: u64,
    pub(crate) end: u64,
}

/// An object of a table.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) bucket: String,
    pub(crate) object: Object,
    /// Of the partition's columns, then `$path`.
    pub(crate) values: Vec<Datum>,
}

/// Parts are at least this large: less is not worth a task of its own.
const LEAST: u64 = 8 << 20;

impl File {
    pub(crate) fn path(&self) -> String {
        format!("s3://{}/{}", self.bucket, self.object.key)
    }
}

/// The files in groups of about equal size, one a task; a file that can be split gives parts to several.
pub(crate) fn groups(files: &[Arc<File>], tasks: usize, splits: impl Fn(&File) -> bool) -> Vec<Vec<Split>> {
    let total: u64 = files.iter().map(|file| file.object.size).sum();
    let share = (total / tasks.max(1) as u64 + 1).max(LEAST);
    let mut groups: Vec<Vec<Split>> = vec![Vec::new()];
    let mut filled = 0;
    for file in files {
        let size = file.object.size;
        let mut start = 0;
        while start < size {
            let room = share.saturating_sub(filled);
            let end = if splits(file) && room < size - start { start + room.max(1) } else { size };
            let last = groups.len() - 1;
            groups[last].push(Split { file: Arc::clone(file), start, end });
            filled += end - start;
            start = end;
            if filled >= share && groups.len() < tasks {
                groups.push(Vec::new());
                filled = 0;
            }
        }
    }
    groups.retain(|group| !group.is_empty());
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(key: &str, size: u64) -> Arc<File> {
        let object = Object { key: key.to_owned(), size, modified: 0 };
        Arc::new(File { bucket: "b".to_owned(), object, values: Vec::new() })
    }

    #[test]
    fn every_byte_is_in_one_group() {
        for (sizes, tasks) in [(vec![100 << 20], 4), (vec![1, 2, 3], 4), (vec![9 << 20, 1, 30 << 20], 2), (vec![], 2)] {
            let files: Vec<_> = sizes.iter().enumerate().map(|(at, size)| file(&format!("f{at}"), *size)).collect();
            for whole in [true, false] {
                let found = groups(&files, tasks, |_| !whole);
                assert!(found.len() <= tasks.max(1), "{sizes:?}");
                let mut next: std::collections::BTreeMap<String, u64> = std::collections::BTreeMap::new();
                for split in found.iter().flatten() {
                    let at = next.entry(split.file.object.key.clone()).or_default();
                    assert_eq!(split.start, *at);
                    *at = split.end;
                }
                assert_eq!(next.values().sum::<u64>(), sizes.iter().sum::<u64>());
            }
        }
    }
}
