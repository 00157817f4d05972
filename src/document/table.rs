//! Reads a table of a content file member by member, notes every fault, and names what nothing asked for.

use std::cell::RefCell;
use std::ops::Range;

use super::diagnostic::{Fault, Faults};
use super::node::{Kind, Node, Text};

/// A table under reading. Members that were never asked for are reported by `done`.
pub(crate) struct Table<'n> {
    entries: &'n [(Text, Node)],
    span: Range<usize>,
    name: &'n str,
    asked: RefCell<Vec<&'static str>>,
    faults: &'n Faults<'n>,
}

impl<'n> Table<'n> {
    /// `name` is how messages call this table, such as `[[task]]`.
    pub(crate) fn open(node: &'n Node, name: &'n str, faults: &'n Faults<'n>) -> Self {
        let entries = match &node.kind {
            Kind::Table(entries) => entries.as_slice(),
            _ => {
                faults.add(node.span.clone(), Fault::new(format!("`{name}` is {}, not a table", node.what())));
                &[]
            }
        };
        Table { entries, span: node.span.clone(), name, asked: RefCell::default(), faults }
    }

    pub(crate) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    pub(crate) fn faults(&self) -> &'n Faults<'n> {
        self.faults
    }

    pub(crate) fn has(&self, key: &'static str) -> bool {
        self.node(key).is_some()
    }

    pub(crate) fn node(&self, key: &'static str) -> Option<&'n Node> {
        self.asked.borrow_mut().push(key);
        self.entries.iter().find(|(name, _)| name.value == key).map(|(_, node)| node)
    }

    pub(crate) fn text(&self, key: &'static str) -> Option<Text> {
        let node = self.node(key)?;
        match &node.kind {
            Kind::Text(text) => Some(text.clone()),
            _ => self.wrong(key, node, "a string"),
        }
    }

    /// As `text`, where absence is a fault too; what comes back is then empty.
    pub(crate) fn need_text(&self, key: &'static str) -> Text {
        if !self.has(key) {
            self.missing(key);
        }
        self.text(key).unwrap_or(Text { value: String::new(), span: self.span(), inner: None })
    }

    pub(crate) fn whole(&self, key: &'static str) -> Option<u64> {
        let node = self.node(key)?;
        match &node.kind {
            Kind::Number(number) if number.as_u64().is_some() => number.as_u64(),
            _ => self.wrong(key, node, "a whole number, zero or more"),
        }
    }

    pub(crate) fn need_whole(&self, key: &'static str) -> u64 {
        if !self.has(key) {
            self.missing(key);
        }
        self.whole(key).unwrap_or_default()
    }

    pub(crate) fn decimal(&self, key: &'static str) -> Option<f64> {
        let node = self.node(key)?;
        match &node.kind {
            Kind::Number(number) => number.as_f64(),
            _ => self.wrong(key, node, "a number"),
        }
    }

    pub(crate) fn flag(&self, key: &'static str) -> Option<bool> {
        let node = self.node(key)?;
        match &node.kind {
            Kind::Flag(flag) => Some(*flag),
            _ => self.wrong(key, node, "true or false"),
        }
    }

    pub(crate) fn texts(&self, key: &'static str) -> Vec<Text> {
        let Some(node) = self.node(key) else { return Vec::new() };
        let Kind::List(items) = &node.kind else {
            return self.wrong(key, node, "a list of strings").unwrap_or_default();
        };
        let string = |item: &Node| match &item.kind {
            Kind::Text(text) => Some(text.clone()),
            _ => self.wrong(key, item, "a string"),
        };
        items.iter().filter_map(string).collect()
    }

    pub(crate) fn table(&self, key: &'static str) -> Option<Table<'n>> {
        Some(Table::open(self.node(key)?, key, self.faults))
    }

    pub(crate) fn tables(&self, key: &'static str) -> Vec<Table<'n>> {
        match self.node(key) {
            None => Vec::new(),
            Some(Node { kind: Kind::List(items), .. }) => items.iter().map(|item| Table::open(item, key, self.faults)).collect(),
            Some(node) => self.wrong(key, node, "a list of tables").unwrap_or_default(),
        }
    }

    /// The members of a table whose names the author chooses.
    pub(crate) fn entries(&self, key: &'static str) -> &'n [(Text, Node)] {
        match self.node(key) {
            None => &[],
            Some(Node { kind: Kind::Table(entries), .. }) => entries,
            Some(node) => self.wrong::<&[(Text, Node)]>(key, node, "a table").unwrap_or_default(),
        }
    }

    /// Reads `schema`, the version of the file's format, and refuses one that is newer than `newest`.
    pub(crate) fn schema(&self, newest: u64) {
        let schema = self.need_whole("schema");
        if schema > newest {
            let message = format!("this file is made for a newer labrun (schema {schema}; this one reads {newest})");
            self.faults.add(self.node("schema").map_or(0..0, |node| node.span.clone()), Fault::new(message));
        }
    }

    pub(crate) fn missing(&self, key: &str) {
        self.faults.add(self.span(), Fault::new(format!("`{}` needs `{key}`", self.name)));
    }

    /// Reports every member that nothing asked for.
    pub(crate) fn done(self) {
        let asked = self.asked.borrow();
        for (key, _) in self.entries.iter().filter(|(key, _)| !asked.contains(&key.value.as_str())) {
            let fault = Fault::new(format!("`{}` has no member `{}`", self.name, key.value)).label("unknown");
            self.faults.add(key.span.clone(), fault.did_you_mean(&key.value, asked.iter().copied()));
        }
    }

    fn wrong<T>(&self, key: &str, node: &Node, wanted: &str) -> Option<T> {
        let fault = Fault::new(format!("`{key}` is {}; it must be {wanted}", node.what()));
        self.faults.add(node.span.clone(), fault);
        None
    }
}
