//! Window functions.

use std::sync::Arc;

use datafusion::arrow::datatypes::IntervalMonthDayNano;
use datafusion::common::{Column, ScalarValue};
use datafusion::functions_window::{cume_dist, lead_lag, nth_value, ntile, rank, row_number};
use datafusion::logical_expr::expr::{NullTreatment, WindowFunction, WindowFunctionParams};
use datafusion::logical_expr::{
    Expr as Engine, LogicalPlan, LogicalPlanBuilder, SortExpr, WindowFrame, WindowFrameBound, WindowFrameUnits,
    WindowFunctionDefinition, WindowUDF, cast, lit,
};

use super::coerce::{coerce, comparable};
use super::expr::Analysis;
use super::query::sort_key;
use super::typed::{Typed, column};
use crate::datum::Datum;
use crate::fault::{Fault, Outcome};
use crate::query::tree::{Expr, FrameBound, FrameUnit, Function, Name, Window};
use crate::sqltype::SqlType;
use crate::syntax::Position;

/// Functions that have a meaning in a window only.
///
/// With how many arguments they take, at least and at most.
const WINDOW: [(&str, usize, usize); 11] = [
    ("row_number", 0, 0),
    ("rank", 0, 0),
    ("dense_rank", 0, 0),
    ("percent_rank", 0, 0),
    ("cume_dist", 0, 0),
    ("ntile", 1, 1),
    ("lag", 1, 3),
    ("lead", 1, 3),
    ("first_value", 1, 1),
    ("last_value", 1, 1),
    ("nth_value", 2, 2),
];

pub(crate) fn is_window(name: &str) -> bool {
    WINDOW.iter().any(|(own, _, _)| *own == name)
}

/// A window of the engine.
struct Over {
    partition_by: Vec<Engine>,
    order_by: Vec<SortExpr>,
    frame: WindowFrame,
}

impl<'a> Analysis<'a> {
    pub(crate) fn with_windows(self, windows: &'a [(Name, Window)]) -> Self {
        Analysis { windows, ..self }
    }

    /// A call with `OVER`.
    pub(crate) fn window(&self, name: &str, function: &Function, place: Position) -> Outcome<Typed> {
        let (Some(collector), Some(window)) = (self.collector.filter(|_| self.lambda.is_none()), &function.over) else {
            let message = format!("WHERE clause cannot contain aggregations, window functions or grouping operations: [{name}]");
            return Err(Fault::at(place, "EXPRESSION_NOT_SCALAR", message));
        };
        let before = collector.windows.borrow().len();
        let over = self.over(window)?;
        let keep = |fun: WindowFunctionDefinition,
                    args: Vec<Engine>,
                    filter: Option<Box<Engine>>,
                    distinct: bool,
                    nulls: Option<NullTreatment>| {
            let params = WindowFunctionParams {
                args,
                partition_by: over.partition_by.clone(),
                order_by: over.order_by.clone(),
                window_frame: over.frame.clone(),
                filter,
                null_treatment: nulls,
                distinct,
            };
            let window = Engine::WindowFunction(Box::new(WindowFunction { fun, params }));
            let mut windows = collector.windows.borrow_mut();
            if let Some((known, _)) = windows.iter().find(|(_, other)| *other == window) {
                return column(known);
            }
            let own = self.planner.fresh(name);
            windows.push((own.clone(), window));
            column(&own)
        };
        let found = if is_window(name) {
            self.ranked(name, function, &|fun, args, nulls| keep(fun, args, None, false, nulls))
        } else if super::aggregate::is_aggregate(name) {
            if function.distinct {
                return Err(Fault::at(place, "NOT_SUPPORTED", "DISTINCT in window function parameters not yet supported"));
            }
            self.call_aggregate(name, function, place, &|_, call| {
                keep(WindowFunctionDefinition::AggregateUDF(call.func), call.params.args, call.params.filter, false, None)
            })
        } else {
            let message = format!("{name} is not a window function");
            return Err(Fault::at(place, "FUNCTION_NOT_WINDOW", message));
        };
        let nested = collector.windows.borrow().iter().skip(before).any(|(_, window)| {
            window.column_refs().iter().any(|used| collector.windows.borrow().iter().any(|(name, _)| *name == used.name))
        });
        if nested {
            return Err(Fault::at(place, "NESTED_WINDOW", "Cannot nest window functions inside window function arguments"));
        }
        found
    }

    fn ranked(
        &self,
        name: &str,
        function: &Function,
        keep: &dyn Fn(WindowFunctionDefinition, Vec<Engine>, Option<NullTreatment>) -> Engine,
    ) -> Outcome<Typed> {
        let arguments = function.arguments.iter().map(|argument| self.expr(argument)).collect::<Outcome<Vec<_>>>()?;
        if !WINDOW.iter().any(|(own, least, most)| *own == name && (*least..=*most).contains(&arguments.len())) {
            let kinds: Vec<String> = arguments.iter().map(|value| value.kind.to_string()).collect();
            let message = format!("Unexpected parameters ({}) for function {name}", kinds.join(", "));
            return Err(Fault::new("FUNCTION_NOT_FOUND", message));
        }
        let (function_of, args) = chosen(name, &arguments)?;
        let treatment = |ignore| if ignore { NullTreatment::IgnoreNulls } else { NullTreatment::RespectNulls };
        let looks_at_values = !arguments.is_empty() && name != "ntile";
        let nulls = function.ignore_nulls.filter(|_| looks_at_values).map(treatment);
        let found = keep(WindowFunctionDefinition::WindowUDF(function_of), args, nulls);
        Ok(match name {
            "percent_rank" | "cume_dist" => Typed::new(found, SqlType::Double),
            _ if looks_at_values => Typed::new(found, arguments[0].kind.clone()),
            // The engine counts without a sign.
            _ => Typed::new(cast(found, SqlType::BigInt.arrow()), SqlType::BigInt),
        })
    }

    /// The window as it is written, on top of the named one if it has a name.
    fn over(&self, window: &Window) -> Outcome<Over> {
        let merged = self.merged(window)?;
        let partition_by = merged.partition_by.iter().map(|key| Ok(comparable(self.expr(key)?))).collect::<Outcome<Vec<_>>>()?;
        let mut keys = Vec::new();
        for item in &merged.order_by {
            keys.push((self.expr(&item.expr)?, item));
        }
        let frame = self.frame(&merged, keys.first().map(|(key, _)| key))?;
        let order_by = keys.into_iter().map(|(key, item)| sort_key(key, item)).collect::<Outcome<Vec<_>>>()?;
        Ok(Over { partition_by, order_by, frame })
    }

    fn merged(&self, window: &Window) -> Outcome<Window> {
        let Some(base) = &window.base else { return Ok(window.clone()) };
        let found = self.windows.iter().find(|(name, _)| name.text.eq_ignore_ascii_case(&base.text));
        let Some((_, named)) = found else {
            return Err(Fault::at(base.place, "INVALID_WINDOW_REFERENCE", format!("Cannot resolve WINDOW name {}", base.text)));
        };
        let named = self.merged(named)?;
        if !window.partition_by.is_empty() {
            return Err(Fault::at(
                window.partition_by[0].place,
                "INVALID_PARTITION_BY",
                "WINDOW specification with named WINDOW reference cannot specify PARTITION BY",
            ));
        }
        if !window.order_by.is_empty() && !named.order_by.is_empty() {
            return Err(Fault::at(
                window.place,
                "INVALID_ORDER_BY",
                "Cannot specify ORDER BY if referenced named WINDOW specifies ORDER BY",
            ));
        }
        let order_by = if window.order_by.is_empty() { named.order_by } else { window.order_by.clone() };
        Ok(Window {
            base: None,
            partition_by: named.partition_by,
            order_by,
            frame: window.frame.clone().or(named.frame),
            place: window.place,
        })
    }

    fn frame(&self, window: &Window, key: Option<&Typed>) -> Outcome<WindowFrame> {
        let Some(frame) = &window.frame else {
            return Ok(WindowFrame::new((!window.order_by.is_empty()).then_some(false)));
        };
        let units = match frame.unit {
            FrameUnit::Rows => WindowFrameUnits::Rows,
            FrameUnit::Range => WindowFrameUnits::Range,
            FrameUnit::Groups => WindowFrameUnits::Groups,
        };
        if frame.unit != FrameUnit::Rows
            && window.order_by.is_empty()
            && (is_offset(&frame.start) || is_offset(&frame.end) || frame.unit == FrameUnit::Groups)
        {
            return Err(Fault::at(
                frame.place,
                "MISSING_ORDER_BY",
                format!("Window frame of type {:?} requires ORDER BY", frame.unit).to_uppercase(),
            ));
        }
        let start = self.bound(&frame.start, frame.unit, key)?;
        let end = self.bound(&frame.end, frame.unit, key)?;
        Ok(WindowFrame::new_bounds(units, start, end))
    }

    fn bound(&self, bound: &FrameBound, unit: FrameUnit, key: Option<&Typed>) -> Outcome<WindowFrameBound> {
        Ok(match bound {
            FrameBound::UnboundedPreceding => WindowFrameBound::Preceding(ScalarValue::UInt64(None)),
            FrameBound::UnboundedFollowing => WindowFrameBound::Following(ScalarValue::UInt64(None)),
            FrameBound::CurrentRow => WindowFrameBound::CurrentRow,
            FrameBound::Preceding(distance) => WindowFrameBound::Preceding(self.distance(distance, unit, key)?),
            FrameBound::Following(distance) => WindowFrameBound::Following(self.distance(distance, unit, key)?),
        })
    }

    fn distance(&self, distance: &Expr, unit: FrameUnit, key: Option<&Typed>) -> Outcome<ScalarValue> {
        let value = self.expr(distance)?;
        if unit != FrameUnit::Range {
            let rows = constant(&value, "window frame").map_err(|fault| fault.or_at(distance.place))?;
            return match u64::try_from(rows) {
                Ok(rows) => Ok(ScalarValue::UInt64(Some(rows))),
                Err(_) => Err(Fault::at(
                    distance.place,
                    "INVALID_WINDOW_FRAME",
                    "Window frame offset value must not be negative or null",
                )),
            };
        }
        if let (Some(SqlType::Date | SqlType::Timestamp(_)), Some(span)) = (key.map(|key| &key.kind), value.constant()) {
            match span {
                Datum::Months(months) => return Ok(interval(months, 0)),
                Datum::Milliseconds(span) => return Ok(interval(0, span)),
                _ => {}
            }
        }
        let value = match key {
            Some(key) if value.kind.coerces_to(&key.kind) => coerce(value, &key.kind)?,
            _ => {
                return Err(
                    Fault::not_emulated(format!("RANGE frames with a distance of type {}", value.kind)).or_at(distance.place)
                );
            }
        };
        match self.planner.fold(value)?.expr {
            Engine::Literal(value, _) => Ok(value),
            _ => Err(Fault::not_emulated("RANGE frames whose distance is no constant").or_at(distance.place)),
        }
    }
}

/// In the engine's form.
fn interval(months: i32, milliseconds: i64) -> ScalarValue {
    const DAY: i64 = 86_400_000;
    let (days, rest) = ((milliseconds / DAY) as i32, milliseconds % DAY);
    ScalarValue::IntervalMonthDayNano(Some(IntervalMonthDayNano::new(months, days, rest * 1_000_000)))
}

/// The engine's function of a name, and what it is called with.
fn chosen(name: &str, arguments: &[Typed]) -> Outcome<(Arc<WindowUDF>, Vec<Engine>)> {
    let value = || arguments[0].expr.clone();
    Ok(match name {
        "row_number" => (row_number::row_number_udwf(), Vec::new()),
        "rank" => (rank::rank_udwf(), Vec::new()),
        "dense_rank" => (rank::dense_rank_udwf(), Vec::new()),
        "percent_rank" => (rank::percent_rank_udwf(), Vec::new()),
        "cume_dist" => (cume_dist::cume_dist_udwf(), Vec::new()),
        "ntile" => (ntile::ntile_udwf(), vec![lit(at_least(1, &arguments[0], name, "Buckets must be greater than 0")?)]),
        "lag" => (lead_lag::lag_udwf(), shifted(name, arguments)?),
        "lead" => (lead_lag::lead_udwf(), shifted(name, arguments)?),
        "nth_value" => {
            let at = at_least(1, &arguments[1], name, "Offset must be at least 1")?;
            (nth_value::nth_value_udwf(), vec![value(), lit(at)])
        }
        "first_value" => (nth_value::first_value_udwf(), vec![value()]),
        _ => (nth_value::last_value_udwf(), vec![value()]),
    })
}

/// Of `lag` and `lead`: a value, how many rows away (1), and what stands where there is no such row.
fn shifted(name: &str, arguments: &[Typed]) -> Outcome<Vec<Engine>> {
    let offset = arguments.get(1).map_or(Ok(1), |offset| at_least(0, offset, name, "Offset must be at least 0"))?;
    let mut args = vec![arguments[0].expr.clone(), lit(offset)];
    if let Some(default) = arguments.get(2) {
        args.push(coerce(default.clone(), &arguments[0].kind)?.expr);
    }
    Ok(args)
}

fn at_least(least: i64, value: &Typed, name: &str, wrong: &str) -> Outcome<i64> {
    match constant(value, name)? {
        number if number < least => Err(Fault::argument(wrong)),
        number => Ok(number),
    }
}

fn is_offset(bound: &FrameBound) -> bool {
    matches!(bound, FrameBound::Preceding(_) | FrameBound::Following(_))
}

fn constant(value: &Typed, what: &str) -> Outcome<i64> {
    match value.constant() {
        Some(Datum::Integer(number)) => Ok(number),
        _ => Err(Fault::not_emulated(format!("{what} with an argument that is no constant number"))),
    }
}

/// One more column for each window function, under its name: the engine names them by what they are.
pub(super) fn windowed(plan: LogicalPlan, windows: Vec<(String, Engine)>) -> Outcome<LogicalPlan> {
    let mut expressions: Vec<Engine> = plan.schema().columns().into_iter().map(Engine::Column).collect();
    for (name, window) in &windows {
        let column = Column::new_unqualified(window.schema_name().to_string());
        expressions.push(Engine::Column(column).alias(name));
    }
    let plan = LogicalPlanBuilder::window_plan(plan, windows.into_iter().map(|(_, window)| window))?;
    Ok(LogicalPlanBuilder::new(plan).project(expressions)?.build()?)
}
