//! REST routing from the model: method, path template, literal query, and the query and header members that an operation demands.
//!
//! The most demanding operation whose demands are all met wins. A sub-resource that the model knows (`?uploads`) never falls
//! through to an operation that does not name it: that would send a request to a *different* operation.

use http::{HeaderMap, Method};

use crate::error::AwsError;
use crate::model::{Location, Model, Operation};
use crate::uri;

/// The REST operations of one model, most demanding first.
#[derive(Debug)]
pub struct Routes {
    routes: Vec<Route>,
    /// Literal query keys of all operations.
    subresources: Vec<String>,
}

#[derive(Debug)]
struct Route {
    operation: String,
    method: Method,
    segments: Vec<Segment>,
    literals: Vec<(String, Option<String>)>,
    query: Vec<String>,
    headers: Vec<String>,
}

#[derive(Debug)]
enum Segment {
    Literal(String),
    Label(String),
    /// Takes the rest of the path, slashes and all.
    Greedy(String),
}

/// An operation, and what its path labels stand for (decoded).
#[derive(Debug, PartialEq)]
pub struct Routed<'m> {
    pub operation: &'m str,
    pub labels: Vec<(String, String)>,
}

/// Finds the operation of a REST request. `path` is raw (still encoded); `query` is decoded.
///
/// # Errors
/// `MethodNotAllowed` where no operation takes this method on this resource.
pub fn route<'m>(
    model: &'m Model,
    method: &Method,
    path: &str,
    query: &[(String, String)],
    headers: &HeaderMap,
) -> Result<Routed<'m>, AwsError> {
    let routes = model.routes.get_or_init(|| Routes::new(model));
    let asked: Vec<&str> =
        routes.subresources.iter().map(String::as_str).filter(|name| query.iter().any(|(key, _)| key == name)).collect();
    for route in &routes.routes {
        if route.method != *method || !route.demands_met(query, headers) {
            continue;
        }
        let names_all = asked.iter().all(|name| route.literals.iter().any(|(literal, _)| literal == name));
        if let Some(labels) = names_all.then(|| route.labels(path)).flatten() {
            return Ok(Routed { operation: &route.operation, labels });
        }
    }
    Err(AwsError::new("MethodNotAllowed", "The specified method is not allowed against this resource.")
        .status(405)
        .with("Method", method.as_str())
        .with("ResourceType", asked.first().map_or("SERVICE", |_| "SUBRESOURCE")))
}

impl Routes {
    fn new(model: &Model) -> Self {
        let mut routes: Vec<Route> = model
            .operations
            .values()
            .filter(|operation| !model.patch.unroutable.contains(&operation.name))
            .map(|operation| Route::new(model, operation))
            .collect();
        routes.sort_by_key(|route| std::cmp::Reverse(route.demands()));
        let mut subresources: Vec<String> =
            routes.iter().flat_map(|route| route.literals.iter().map(|(key, _)| key.clone())).collect();
        subresources.sort();
        subresources.dedup();
        Routes { routes, subresources }
    }
}

impl Route {
    fn new(model: &Model, operation: &Operation) -> Self {
        let (path, query) = operation.http.request_uri.split_once('?').unwrap_or((&operation.http.request_uri, ""));
        let literals = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| match pair.split_once('=') {
            Some((key, value)) => (key.to_owned(), Some(value.to_owned())),
            None => (pair.to_owned(), None),
        });
        let demanded = |location: Location| -> Vec<String> {
            let Some(input) = &operation.input else {
                return Vec::new();
            };
            let shape = model.shape(input);
            let required = shape.members.iter().filter(|(name, _)| shape.required.contains(name));
            let located = required.filter(|(_, member)| member.location == Some(location));
            located.map(|(name, member)| member.location_name.clone().unwrap_or_else(|| name.clone())).collect()
        };
        Route {
            operation: operation.name.clone(),
            method: operation.http.method.parse().unwrap_or(Method::POST),
            segments: path.split('/').filter(|part| !part.is_empty()).map(Segment::new).collect(),
            literals: literals.collect(),
            query: demanded(Location::Querystring),
            headers: demanded(Location::Header),
        }
    }

    fn demands(&self) -> usize {
        let literal_segments = self.segments.iter().filter(|segment| matches!(segment, Segment::Literal(_))).count();
        100 * (literal_segments + self.literals.len()) + self.query.len() + self.headers.len()
    }

    fn demands_met(&self, query: &[(String, String)], headers: &HeaderMap) -> bool {
        self.literals.iter().all(|(key, value)| {
            query.iter().any(|(name, given)| name == key && value.as_ref().is_none_or(|value| value == given))
        }) && self.query.iter().all(|key| query.iter().any(|(name, _)| name == key))
            && self.headers.iter().all(|name| headers.contains_key(name))
    }

    fn labels(&self, path: &str) -> Option<Vec<(String, String)>> {
        let mut rest = path.strip_prefix('/').unwrap_or(path);
        let mut labels = Vec::new();
        for segment in &self.segments {
            if let Segment::Greedy(name) = segment {
                let value = (!rest.is_empty()).then(|| uri::decode(rest)).flatten()?;
                labels.push((name.clone(), value));
                return Some(labels);
            }
            let (part, after) = rest.split_once('/').unwrap_or((rest, ""));
            match segment {
                Segment::Literal(text) if text == part => {}
                Segment::Label(name) if !part.is_empty() => labels.push((name.clone(), uri::decode(part)?)),
                _ => return None,
            }
            rest = after;
        }
        rest.is_empty().then_some(labels)
    }
}

impl Segment {
    fn new(part: &str) -> Self {
        match part.strip_prefix('{').and_then(|label| label.strip_suffix('}')) {
            Some(label) => match label.strip_suffix('+') {
                Some(greedy) => Segment::Greedy(greedy.to_owned()),
                None => Segment::Label(label.to_owned()),
            },
            None => Segment::Literal(part.to_owned()),
        }
    }
}
