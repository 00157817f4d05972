//! All functions by name, and which of one name a call means.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use datafusion::arrow::array::ArrayRef;

use super::call::Call;
use super::collect::Finish;
use super::scalar::{Body, Scalar};
use super::signature::{ArgumentType, Bound, Signature};
use crate::datum::Datum;
use crate::fault::{Fault, Outcome};
use crate::sqltype::SqlType;

/// What a call gives, of the types of its arguments.
pub(crate) type Returning = fn(&[SqlType]) -> Outcome<SqlType>;

/// What can be called.
#[derive(Default)]
pub(crate) struct Library {
    scalars: BTreeMap<&'static str, Vec<Scalar>>,
    aggregates: BTreeMap<&'static str, Vec<Aggregate>>,
}

/// An aggregate as it is declared.
pub(crate) struct Aggregate {
    pub(crate) signature: Signature,
    pub(crate) finish: Finish,
    /// What it gives, where the signature can't say it.
    pub(crate) returning: Option<Returning>,
}

/// The one library, made at its first use.
pub(crate) fn library() -> &'static Library {
    static LIBRARY: OnceLock<Library> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        let mut library = Library::default();
        super::register(&mut library);
        library
    })
}

impl Library {
    pub(crate) fn columns(&mut self, signature: &'static str, body: fn(&Call) -> Outcome<ArrayRef>) -> &mut Scalar {
        self.add(signature, Body::Columns(body))
    }

    pub(crate) fn values(&mut self, signature: &'static str, body: fn(&Call, &[Datum]) -> Outcome<Datum>) -> &mut Scalar {
        self.add(signature, Body::Values(body))
    }

    pub(crate) fn nullable(&mut self, signature: &'static str, body: fn(&Call, &[Datum]) -> Outcome<Datum>) -> &mut Scalar {
        self.add(signature, Body::Nullable(body))
    }

    fn add(&mut self, signature: &'static str, body: Body) -> &mut Scalar {
        let signature = Signature::parse(signature);
        let named = self.scalars.entry(signature.name).or_default();
        named.push(Scalar { signature, body, returning: None, volatile: false });
        let last = named.len() - 1;
        &mut named[last]
    }

    /// An aggregate that looks at all values of a group at its end.
    pub(crate) fn aggregate(&mut self, signature: &'static str, finish: Finish) -> &mut Aggregate {
        let signature = Signature::parse(signature);
        let named = self.aggregates.entry(signature.name).or_default();
        named.push(Aggregate { signature, finish, returning: None });
        let last = named.len() - 1;
        &mut named[last]
    }

    /// Whether an aggregate has this name.
    pub(crate) fn has_aggregate(&self, name: &str) -> bool {
        self.aggregates.contains_key(name)
    }

    /// Whether a function of one row has this name.
    pub(crate) fn has_scalar(&self, name: &str) -> bool {
        self.scalars.contains_key(name)
    }

    /// The function that a call means: one that fits without coercion, else the most specific one that fits with it.
    pub(crate) fn scalar(&self, name: &str, arguments: &[ArgumentType]) -> Outcome<(&Scalar, Bound)> {
        choose(name, arguments, self.scalars.get(name), |scalar| &scalar.signature)
    }

    /// The same of aggregates.
    pub(crate) fn find_aggregate(&self, name: &str, arguments: &[ArgumentType]) -> Outcome<(&Aggregate, Bound)> {
        choose(name, arguments, self.aggregates.get(name), |aggregate| &aggregate.signature)
    }
}

fn choose<'l, F>(
    name: &str,
    arguments: &[ArgumentType],
    candidates: Option<&'l Vec<F>>,
    signature: fn(&F) -> &Signature,
) -> Outcome<(&'l F, Bound)> {
    let candidates = candidates.map(Vec::as_slice).unwrap_or_default();
    if candidates.is_empty() {
        return Err(Fault::new("FUNCTION_NOT_FOUND", format!("Function '{name}' not registered")));
    }
    if let Some(found) = candidates.iter().find_map(|function| Some((function, signature(function).fits(arguments)?))) {
        return Ok(found);
    }
    let mut fitting: Vec<(&F, Bound)> =
        candidates.iter().filter_map(|function| Some((function, signature(function).fits_coerced(arguments)?))).collect();
    let best = fitting.iter().position(|(_, bound)| fitting.iter().all(|(_, other)| bound.is_within(other)));
    if fitting.is_empty() {
        return Err(unexpected(name, arguments, candidates.iter().map(signature)));
    }
    // Of several that a bare null fits, Trino takes one too; the first is the common one.
    Ok(fitting.swap_remove(best.unwrap_or(0)))
}

fn unexpected<'s>(name: &str, arguments: &[ArgumentType], candidates: impl Iterator<Item = &'s Signature>) -> Fault {
    let given: Vec<String> = arguments.iter().map(shown).collect();
    let expected: Vec<String> = candidates.map(ToString::to_string).collect();
    let message = format!("Unexpected parameters ({}) for function {name}. Expected: {}", given.join(", "), expected.join(", "));
    Fault::new("FUNCTION_NOT_FOUND", message)
}

fn shown(argument: &ArgumentType) -> String {
    match argument {
        ArgumentType::Value(kind) => kind.to_string(),
        ArgumentType::Lambda(_) => "function".to_owned(),
    }
}

impl Scalar {
    /// What it gives is computed from the types of its arguments.
    pub(crate) fn giving(&mut self, returning: Returning) -> &mut Self {
        self.returning = Some(returning);
        self
    }

    /// Two calls may differ.
    pub(crate) fn volatile(&mut self) -> &mut Self {
        self.volatile = true;
        self
    }
}
