//! Which folders are tables and which are partitions. No IO.
//!
//! Source: Glue Developer Guide, "How does a crawler determine when to create partitions?": where the majority of the schemas on a
//! folder's level are similar, the folders are partitions of one table, otherwise tables. AWS's Knowledge Center ("Why is the
//! crawler creating multiple tables") names 70 percent as the threshold; that it means columns with the same name and a type that
//! fits, of all columns of both, is our reading.

use std::collections::BTreeMap;

use super::super::classify::{Format, Found, merged};

const SIMILAR: f64 = 0.7;

/// An object below an include path. What was not read, because a sample was enough, has no `found`.
pub(super) struct File {
    pub(super) folders: Vec<String>,
    pub(super) name: String,
    pub(super) size: u64,
    /// How much of it the records were counted in.
    pub(super) read: u64,
    pub(super) found: Option<Found>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Stats {
    pub(super) objects: u64,
    pub(super) bytes: u64,
    /// Of the files that were read.
    pub(super) read: u64,
    pub(super) records: u64,
}

impl Stats {
    fn of(file: &File) -> Self {
        let (read, records) = file.found.as_ref().map_or((0, 0), |found| (file.read, found.records));
        Stats { objects: 1, bytes: file.size, read, records }
    }

    fn plus(self, other: Stats) -> Self {
        Stats {
            objects: self.objects + other.objects,
            bytes: self.bytes + other.bytes,
            read: self.read + other.read,
            records: self.records + other.records,
        }
    }
}

/// A table to be, below the include path.
#[derive(Debug)]
pub(super) struct Planned {
    pub(super) folders: Vec<String>,
    /// The file that it is, where the files of a folder are no one table.
    pub(super) file: Option<String>,
    pub(super) found: Found,
    pub(super) stats: Stats,
    /// Names of partition keys.
    pub(super) keys: Vec<String>,
    pub(super) parts: Vec<Part>,
}

#[derive(Debug)]
pub(super) struct Part {
    pub(super) folders: Vec<String>,
    pub(super) found: Found,
    pub(super) stats: Stats,
}

pub(super) struct Rules<'a> {
    /// Schemas need not be similar, only to fit.
    pub(super) combine: bool,
    /// How many folders below the include path tables are.
    pub(super) level: Option<usize>,
    /// Folders that hold tables already and so are none.
    pub(super) holds_tables: &'a dyn Fn(&[String]) -> bool,
}

#[derive(Default)]
struct Folder {
    files: Vec<File>,
    folders: BTreeMap<String, Folder>,
}

/// A folder that is a table, or a partition of one. Each part's path begins with the folder's.
struct Group {
    found: Found,
    stats: Stats,
    depth: usize,
    parts: Vec<Part>,
}

pub(super) fn tables(files: Vec<File>, rules: &Rules) -> Vec<Planned> {
    let mut root = Folder::default();
    for file in files {
        let folder = file.folders.iter().fold(&mut root, |folder, name| folder.folders.entry(name.clone()).or_default());
        folder.files.push(file);
    }
    let mut tables = Vec::new();
    if let Some(group) = rules.resolve(root, &[], &mut tables) {
        tables.push(group.table(&[]));
    }
    tables
}

impl Rules<'_> {
    /// What a folder is as a whole, if it is one thing; tables that it is not part of are added to `tables`.
    fn resolve(&self, folder: Folder, path: &[String], tables: &mut Vec<Planned>) -> Option<Group> {
        let children = folder.folders.len();
        let mut groups = Vec::new();
        for (name, child) in folder.folders {
            let below = [path, &[name]].concat();
            groups.extend(self.resolve(child, &below, tables).map(|group| (below, group)));
        }
        if children == 0 {
            return self.leaf(folder.files, path, tables);
        }
        // Files beside folders: no partition could hold them.
        tables.extend(folder.files.into_iter().filter_map(|file| single(file, path)));
        let (inside, outside) = self.majority(groups, children, path);
        tables.extend(outside.into_iter().map(|(path, group)| group.table(&path)));
        inside
    }

    fn leaf(&self, files: Vec<File>, path: &[String], tables: &mut Vec<Planned>) -> Option<Group> {
        let first = files.iter().find_map(|file| file.found.as_ref())?;
        let alike = files.iter().filter_map(|file| file.found.as_ref()).all(|found| self.similar(first, found));
        if !alike {
            tables.extend(files.into_iter().filter_map(|file| single(file, path)));
            return None;
        }
        let found = files.iter().filter_map(|file| file.found.clone()).reduce(together)?;
        let stats = files.iter().map(Stats::of).fold(Stats::default(), Stats::plus);
        let part = Part { folders: path.to_vec(), found: found.clone(), stats };
        Some(Group { found, stats, depth: 0, parts: vec![part] })
    }

    /// The folders that are partitions of this one, as one group, and those that are not.
    fn majority(&self, groups: Vec<Placed>, children: usize, path: &[String]) -> (Option<Group>, Vec<Placed>) {
        if self.level.is_some_and(|level| path.len() < level) || (self.holds_tables)(path) {
            return (None, groups);
        }
        let forced = self.level == Some(path.len());
        let mut clusters: Vec<Vec<Placed>> = Vec::new();
        for (path, group) in groups {
            let fits = |cluster: &&mut Vec<Placed>| {
                let first = &cluster[0].1;
                first.depth == group.depth
                    && if forced { fits(&first.found, &group.found) } else { self.similar(&first.found, &group.found) }
            };
            match clusters.iter_mut().find(fits) {
                Some(cluster) => cluster.push((path, group)),
                None => clusters.push(vec![(path, group)]),
            }
        }
        clusters.sort_by_key(|cluster| std::cmp::Reverse(cluster.len()));
        let has_majority = clusters.first().is_some_and(|largest| largest.len() * 2 > children);
        let outside = clusters.split_off(usize::from(has_majority)).into_iter().flatten().collect();
        let inside = clusters.pop().and_then(|cluster| cluster.into_iter().map(|(_, group)| group).reduce(Group::beside));
        (inside.map(|group| Group { depth: group.depth + 1, ..group }), outside)
    }

    fn similar(&self, a: &Found, b: &Found) -> bool {
        if self.combine {
            return fits(a, b) && clashes(a, b) == 0;
        }
        let all = merged(&a.columns, &b.columns).len();
        let both = a.columns.len() + b.columns.len() - all;
        fits(a, b) && (all == 0 || (both - clashes(a, b)) as f64 / all as f64 > SIMILAR)
    }
}

type Placed = (Vec<String>, Group);

impl Group {
    fn beside(self, other: Group) -> Group {
        let mut parts = self.parts;
        parts.extend(other.parts);
        Group { found: together(self.found, other.found), stats: self.stats.plus(other.stats), depth: self.depth, parts }
    }

    fn table(self, path: &[String]) -> Planned {
        let names =
            (0..self.depth).map(|level| key(self.parts.iter().map(|part| part.folders[path.len() + level].as_str()), level));
        let keys = distinct(names.collect());
        let parts = if self.depth == 0 { Vec::new() } else { self.parts };
        Planned { folders: path.to_vec(), file: None, found: self.found, stats: self.stats, keys, parts }
    }
}

/// The name in `name=value`, if all folders of the level have the same; otherwise `partition_0` and so on.
fn key<'f>(mut folders: impl Iterator<Item = &'f str>, level: usize) -> String {
    let name = |folder: &'f str| folder.split_once('=').map(|(name, _)| name).filter(|name| !name.is_empty());
    let first = folders.next().and_then(name);
    first
        .filter(|first| folders.all(|folder| name(folder) == Some(first)))
        .map_or(format!("partition_{level}"), str::to_lowercase)
}

/// Two levels with the same key would be no table.
fn distinct(mut keys: Vec<String>) -> Vec<String> {
    for at in 1..keys.len() {
        if keys[..at].contains(&keys[at]) {
            keys[at] = format!("partition_{at}");
        }
    }
    keys
}

/// The value of a partition folder.
pub(super) fn value(folder: &str) -> &str {
    folder.split_once('=').filter(|(name, _)| !name.is_empty()).map_or(folder, |(_, value)| value)
}

/// A file that is a table of its own.
pub(super) fn single(file: File, path: &[String]) -> Option<Planned> {
    let stats = Stats::of(&file);
    let found = file.found?;
    Some(Planned { folders: path.to_vec(), file: Some(file.name), found, stats, keys: Vec::new(), parts: Vec::new() })
}

/// "Compatible": same format, read in the same way, same compression.
fn fits(a: &Found, b: &Found) -> bool {
    let alike = match (&a.format, &b.format) {
        (
            Format::Csv { delimiter, quote, header, serde, .. },
            Format::Csv { delimiter: other, quote: other_quote, header: other_header, serde: other_serde, .. },
        ) => (delimiter, quote, header, serde) == (other, other_quote, other_header, other_serde),
        (Format::Avro { .. }, Format::Avro { .. }) => true,
        (a, b) => a == b,
    };
    alike && a.classification == b.classification && a.compression == b.compression
}

/// Columns of the same name whose types have none in common but text.
fn clashes(a: &Found, b: &Found) -> usize {
    let clash = |column: &&super::super::classify::Column| {
        let other = b.columns.iter().find(|other| other.name.eq_ignore_ascii_case(&column.name));
        other.is_some_and(|other| column.kind.merge(&other.kind).is_none())
    };
    a.columns.iter().filter(clash).count()
}

fn together(a: Found, b: Found) -> Found {
    let quoted = [&a, &b].iter().any(|found| matches!(found.format, Format::Csv { quoted: true, .. }));
    let mut format = a.format;
    if let Format::Csv { quoted: any, .. } = &mut format {
        *any = quoted;
    }
    let columns = merged(&a.columns, &b.columns);
    Found { columns, records: a.records + b.records, format, ..a }
}

#[cfg(test)]
mod tests {
    use super::super::super::classify::{classify, whole};
    use super::*;

    fn file(path: &str, text: &str) -> File {
        let mut folders: Vec<String> = path.split('/').map(str::to_owned).collect();
        let name = folders.pop().unwrap();
        let found = classify(&whole(text.as_bytes()), &[]).unwrap();
        File { folders, name, size: text.len() as u64, read: text.len() as u64, found: Some(found) }
    }

    /// `folder/file? keys | part, part` for each table.
    fn shown(files: &[(&str, &str)], rules: &Rules) -> Vec<String> {
        let files = files.iter().map(|(path, text)| file(path, text)).collect();
        let mut all: Vec<String> = tables(files, rules)
            .into_iter()
            .map(|table| {
                let parts: Vec<String> = table.parts.iter().map(|part| part.folders.join("/")).collect();
                format!(
                    "{}:{} {} | {}",
                    table.folders.join("/"),
                    table.file.unwrap_or_default(),
                    table.keys.join(","),
                    parts.join(",")
                )
            })
            .collect();
        all.sort();
        all
    }

    const RULES: Rules = Rules { combine: false, level: None, holds_tables: &|_| false };
    const A: &str = "{\"a\":1,\"b\":2,\"c\":3,\"d\":4}";
    const NEAR_A: &str = "{\"a\":1.5,\"b\":2,\"c\":3,\"d\":4,\"e\":5}";
    const B: &str = "{\"x\":1}";
    const CSV: &str = "a,b\n1,2\n3,4\n";

    #[test]
    fn similar_folders_are_partitions() {
        let files = [("year=2023/month=1/f", A), ("year=2023/month=2/f", A), ("year=2024/month=1/f", NEAR_A)];
        let expected = ": year,month | year=2023/month=1,year=2023/month=2,year=2024/month=1";
        assert_eq!(shown(&files, &RULES), [expected]);
        assert_eq!(shown(&[("eu/f", A), ("us/f", A)], &RULES), [": partition_0 | eu,us"]);
        assert_eq!(shown(&[("f", A), ("g", A)], &RULES), [":  | "]);
    }

    #[test]
    fn others_are_tables() {
        assert_eq!(shown(&[("a/f", A), ("b/f", B)], &RULES), ["a:  | ", "b:  | "]);
        assert_eq!(shown(&[("a/f", A), ("b/f", CSV)], &RULES), ["a:  | ", "b:  | "]);
        assert_eq!(shown(&[("f", A), ("g", B)], &RULES), [":f  | ", ":g  | "]);
        assert_eq!(shown(&[("f", A), ("x/g", A)], &RULES), [": partition_0 | x", ":f  | "]);
    }

    #[test]
    fn the_majority_counts() {
        let files = [("d=1/f", A), ("d=2/f", A), ("d=3/f", B)];
        assert_eq!(shown(&files, &RULES), [": d | d=1,d=2", "d=3:  | "]);
    }

    #[test]
    fn grouping() {
        let combine = Rules { combine: true, ..RULES };
        assert_eq!(shown(&[("a/f", A), ("b/f", B)], &combine), [": partition_0 | a,b"]);
        assert_eq!(shown(&[("a/f", A), ("b/f", "{\"a\":\"text\"}")], &combine), ["a:  | ", "b:  | "]);
        let level = Rules { level: Some(1), ..RULES };
        let files = [("orders/d=1/f", A), ("orders/d=2/f", B), ("users/d=1/f", A)];
        assert_eq!(shown(&files, &level), ["orders: d | orders/d=1,orders/d=2", "users: d | users/d=1"]);
        let held = Rules { holds_tables: &|path| path.is_empty(), ..RULES };
        assert_eq!(shown(&[("items/f", A)], &held), ["items:  | "]);
    }
}
