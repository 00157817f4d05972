//! Window functions.

use datafusion::arrow::datatypes::IntervalMonthDayNano;
use datafusion::common::{Column, ScalarValue};
use datafusion::functions_window::{cume_dist, lead_lag, nth_value, ntile, rank, row_number};
use datafusion::logical_expr::expr::{NullTreatment, WindowFunction, WindowFunctionParams};
use datafusion::logical_expr::{
    Expr as Engine, LogicalPlan, LogicalPlanBuilder, SortExpr, WindowFrame, WindowFrameBound, WindowFrameUnits,
    WindowFunctionDefinition, cast, lit,
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
const WINDOW: [&str; 11] = [
    "row_number",
    "rank",
    "dense_rank",
    "percent_rank",
    "cume_dist",
    "ntile",
    "lag",
    "lead",
    "first_value",
    "last_value",
    "nth_value",
];

pub(crate) fn is_window(name: &str) -> bool {
    WINDOW.contains(&name)
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
        let udwf = WindowFunctionDefinition::WindowUDF;
        let expect = |low: usize, high: usize| {
            if (low..=high).contains(&arguments.len()) {
                return Ok(());
            }
            let kinds: Vec<String> = arguments.iter().map(|value| value.kind.to_string()).collect();
            Err(Fault::new("FUNCTION_NOT_FOUND", format!("Unexpected parameters ({}) for function {name}", kinds.join(", "))))
        };
        let nulls =
            function.ignore_nulls.map(|ignore| if ignore { NullTreatment::IgnoreNulls } else { NullTreatment::RespectNulls });
        let whole = |expr: Engine| Typed::new(cast(expr, SqlType::BigInt.arrow()), SqlType::BigInt);
        match name {
            "row_number" => expect(0, 0).map(|()| whole(keep(udwf(row_number::row_number_udwf()), Vec::new(), None))),
            "rank" => expect(0, 0).map(|()| whole(keep(udwf(rank::rank_udwf()), Vec::new(), None))),
            "dense_rank" => expect(0, 0).map(|()| whole(keep(udwf(rank::dense_rank_udwf()), Vec::new(), None))),
            "percent_rank" => {
                expect(0, 0).map(|()| Typed::new(keep(udwf(rank::percent_rank_udwf()), Vec::new(), None), SqlType::Double))
            }
            "cume_dist" => {
                expect(0, 0).map(|()| Typed::new(keep(udwf(cume_dist::cume_dist_udwf()), Vec::new(), None), SqlType::Double))
            }
            "ntile" => {
                expect(1, 1)?;
                let buckets = constant(&arguments[0], name)?;
                if buckets <= 0 {
                    return Err(Fault::argument("Buckets must be greater than 0"));
                }
                Ok(whole(keep(udwf(ntile::ntile_udwf()), vec![lit(buckets)], None)))
            }
            "lag" | "lead" => {
                expect(1, 3)?;
                let value = arguments[0].clone();
                let offset = arguments.get(1).map_or(Ok(1), |offset| constant(offset, name))?;
                if offset < 0 {
                    return Err(Fault::argument("Offset must be at least 0"));
                }
                let mut args = vec![value.expr, lit(offset)];
                if let Some(default) = arguments.get(2) {
                    args.push(coerce(default.clone(), &value.kind)?.expr);
                }
                let udwf_of = if name == "lag" { lead_lag::lag_udwf() } else { lead_lag::lead_udwf() };
                Ok(Typed::new(keep(udwf(udwf_of), args, nulls), value.kind))
            }
            "nth_value" => {
                expect(2, 2)?;
                let at = constant(&arguments[1], name)?;
                if at < 1 {
                    return Err(Fault::argument("Offset must be at least 1"));
                }
                Ok(Typed::new(
                    keep(udwf(nth_value::nth_value_udwf()), vec![arguments[0].expr.clone(), lit(at)], nulls),
                    arguments[0].kind.clone(),
                ))
            }
            _ => {
                expect(1, 1)?;
                let of = if name == "first_value" { nth_value::first_value_udwf() } else { nth_value::last_value_udwf() };
                Ok(Typed::new(keep(udwf(of), vec![arguments[0].expr.clone()], nulls), arguments[0].kind.clone()))
            }
        }
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
