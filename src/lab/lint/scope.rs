//! What the expressions of a lab may name at a place, and where in a model each name stands.

use std::collections::HashMap;

use super::{Api, Members, Operation, Side};
use crate::lab::action::Action;

/// A place in what an expression runs over.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Place {
    /// Nothing is known below; anything may be named.
    Unknown,
    /// Below an operation's output. `error`: the answer may also be an error.
    Output { service: String, operation: String, path: Vec<String>, error: bool },
    /// A structure of our own.
    Own(&'static [&'static str]),
    /// A list made by an expression.
    List(Box<Place>),
}

/// The names at hand.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    names: HashMap<String, Place>,
    root: Option<Place>,
}

impl Scope {
    pub(super) fn of<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        let names = names.into_iter().map(|name| (name.to_owned(), Place::Unknown)).collect();
        Scope { names, root: None }
    }

    pub(super) fn define(&mut self, name: &str, place: Place) {
        self.names.insert(name.to_owned(), place);
    }

    /// Expressions run over `place` itself, not over names.
    pub(super) fn root(&mut self, place: Place) {
        self.root = Some(place);
    }

    /// Where expressions begin: `None` stands for the names.
    pub(super) fn start(&self) -> Option<Place> {
        self.root.clone()
    }

    pub(super) fn get(&self, name: &str) -> Option<&Place> {
        self.names.get(name)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }
}

impl Place {
    pub(super) fn output(service: &str, operation: &str) -> Self {
        Place::Output { service: service.to_owned(), operation: operation.to_owned(), path: Vec::new(), error: false }
    }

    /// As `output`, or AWS's error under `Error`.
    pub(super) fn answer(service: &str, operation: &str) -> Self {
        Place::Output { service: service.to_owned(), operation: operation.to_owned(), path: Vec::new(), error: true }
    }

    pub(super) fn rows() -> Self {
        Place::Own(&["rows", "count", "files"])
    }

    pub(super) fn text() -> Self {
        Place::Own(&["text"])
    }

    /// What an action's `bind` names.
    pub(super) fn of_action(action: &Action) -> Self {
        match action {
            Action::Run { .. } => Place::output("glue", "GetJobRun").below("JobRun"),
            Action::Call(call) => Place::answer(&call.service, &call.operation),
            _ => Place::Unknown,
        }
    }

    pub(super) fn item(&self) -> Place {
        match self {
            Place::List(item) => (**item).clone(),
            Place::Output { .. } => self.below("[]"),
            Place::Own(_) | Place::Unknown => Place::Unknown,
        }
    }

    /// The place under a name, or the names that there are instead.
    pub(super) fn member(&self, name: &str, api: &dyn Api) -> Result<Place, Vec<String>> {
        match self {
            Place::Unknown | Place::List(_) => Ok(Place::Unknown),
            Place::Own(names) if names.contains(&name) => Ok(Place::Unknown),
            Place::Own(names) => Err(names.iter().map(|name| (*name).to_owned()).collect()),
            Place::Output { path, error: true, .. } if path.is_empty() && name == "Error" => Ok(Place::Own(&["Code", "Message"])),
            Place::Output { service, operation, path, .. } => {
                match api.members(&Operation { service, name: operation }, Side::Output, path) {
                    Members::Names { all, .. } if !all.iter().any(|other| other == name) => Err(all),
                    Members::Names { .. } | Members::Any => Ok(self.below(name)),
                    Members::List | Members::Leaf | Members::Unknown => Ok(Place::Unknown),
                }
            }
        }
    }

    fn below(&self, name: &str) -> Place {
        match self {
            Place::Output { service, operation, path, .. } => {
                let path = path.iter().cloned().chain([name.to_owned()]).collect();
                Place::Output { service: service.clone(), operation: operation.clone(), path, error: false }
            }
            _ => Place::Unknown,
        }
    }

    /// How a message calls this place.
    pub(super) fn what(&self) -> String {
        match self {
            Place::Output { operation, path, .. } if path.is_empty() => format!("what {operation} returns"),
            Place::Output { operation, path, .. } => {
                format!("`{}` of what {operation} returns", path.join(".").replace(".[]", "[]"))
            }
            _ => "this".to_owned(),
        }
    }
}
