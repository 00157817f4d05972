//! labrun-wire's API models, as lint asks for them.

use labrun_wire::model::{Kind, Model, Shape, ShapeRef, names};

use crate::lab::lint::{Api, Members, Operation, Side};

/// The embedded models.
pub(crate) struct Models;

impl Api for Models {
    fn services(&self) -> Vec<String> {
        names().map(str::to_owned).collect()
    }

    fn operations(&self, service: &str) -> Vec<String> {
        Model::named(service).map(|model| model.operations.keys().cloned().collect()).unwrap_or_default()
    }

    fn members(&self, call: &Operation<'_>, side: Side, path: &[String]) -> Members {
        let Some(model) = Model::named(call.service) else { return Members::Unknown };
        let Some(operation) = model.operation(call.name) else { return Members::Unknown };
        let start = match side {
            Side::Input => &operation.input,
            Side::Output => &operation.output,
        };
        let Some(start) = start else { return Members::Names { all: Vec::new(), required: Vec::new() } };
        match walk(model, start, path) {
            Some(shape) => members(shape),
            None => Members::Unknown,
        }
    }
}

fn walk<'m>(model: &'m Model, start: &'m ShapeRef, path: &[String]) -> Option<&'m Shape> {
    path.iter().try_fold(model.shape(start), |shape, name| {
        let next = match shape.kind {
            Kind::Structure => shape.member(name),
            Kind::List => shape.member.as_ref(),
            Kind::Map => shape.value.as_ref(),
            _ => None,
        };
        next.map(|next| model.shape(next))
    })
}

fn members(shape: &Shape) -> Members {
    match shape.kind {
        Kind::Structure => {
            Members::Names { all: shape.members.iter().map(|(name, _)| name.clone()).collect(), required: shape.required.clone() }
        }
        Kind::Map => Members::Any,
        Kind::List => Members::List,
        _ => Members::Leaf,
    }
}
