//! Calls of aggregates: which of the engine's, or of the library's, they are.

use datafusion::functions_aggregate as engine;
use datafusion::logical_expr::expr::{AggregateFunction, AggregateFunctionParams};
use datafusion::logical_expr::{AggregateUDF, Expr as Engine, SortExpr, lit};
use std::sync::Arc;

use super::coerce::{coerce, compares_natively, convert};
use super::expr::Analysis;
use super::literal::text;
use super::query::sort_key;
use super::typed::{Typed, column};
use crate::datum::Datum;
use crate::fault::{Fault, Outcome};
use crate::functions::{ArgumentType, Collected, Udf, WHOLE_SUM, library};
use crate::query::tree::{Expr, Function};
use crate::sqltype::{SqlType, VARCHAR};
use crate::syntax::Position;

/// Aggregates that the engine computes, beside those of the library.
const NATIVE: [&str; 23] = [
    "count",
    "count_if",
    "sum",
    "avg",
    "min",
    "max",
    "bool_and",
    "bool_or",
    "every",
    "stddev",
    "stddev_samp",
    "stddev_pop",
    "variance",
    "var_samp",
    "var_pop",
    "covar_samp",
    "covar_pop",
    "corr",
    "regr_slope",
    "regr_intercept",
    "approx_distinct",
    "bitwise_and_agg",
    "bitwise_or_agg",
];

pub(crate) fn is_aggregate(name: &str) -> bool {
    NATIVE.contains(&name) || library().has_aggregate(name)
}

/// What becomes of one engine's aggregate of a call: a column of the groups, or a window function.
pub(crate) type Keep<'k> = &'k dyn Fn(&'static str, AggregateFunction) -> Engine;

impl Analysis<'_> {
    /// A call without `OVER`.
    pub(crate) fn aggregate(&self, name: &str, function: &Function, place: Position) -> Outcome<Typed> {
        let Some(collector) = self.collector.filter(|_| self.lambda.is_none()) else {
            let message =
                format!("{} cannot contain aggregations, window functions or grouping operations: [{name}]", "WHERE clause");
            return Err(Fault::at(place, "EXPRESSION_NOT_SCALAR", message));
        };
        if collector.inside.get() {
            let message = format!("Cannot nest aggregations inside aggregation '{name}'");
            return Err(Fault::at(place, "NESTED_AGGREGATION", message));
        }
        self.call_aggregate(name, function, place, &|word, call| {
            let call = Engine::AggregateFunction(call);
            let mut aggregates = collector.aggregates.borrow_mut();
            if let Some((known, _)) = aggregates.iter().find(|(_, other)| *other == call) {
                return column(known);
            }
            let own = self.planner.fresh(word);
            aggregates.push((own.clone(), call));
            column(&own)
        })
    }

    /// The engine's aggregates of a call, and what is made of their results.
    pub(crate) fn call_aggregate(&self, name: &str, function: &Function, place: Position, keep: Keep) -> Outcome<Typed> {
        let inside = self.collector.map(|collector| collector.inside.replace(true));
        let parts = self.parts(function);
        if let (Some(collector), Some(before)) = (self.collector, inside) {
            collector.inside.set(before);
        }
        let call = parts?;
        if name == "count" && (function.star || function.arguments.is_empty()) {
            return Ok(Typed::new(keep("count", call.native(engine::count::count_udaf(), vec![lit(1_i64)])), SqlType::BigInt));
        }
        // None of the engine's own depends on the order.
        if NATIVE.contains(&name) && call.fits_engine(name) {
            return self.native(name, &call, keep).map_err(|fault| fault.or_at(place));
        }
        self.collected(name, call, keep)
    }

    fn parts(&self, function: &Function) -> Outcome<Call> {
        let mut arguments = function.arguments.iter().map(|argument| self.expr(argument)).collect::<Outcome<Vec<_>>>()?;
        if function.name.parts.last().is_some_and(|name| name.text.eq_ignore_ascii_case("listagg")) {
            overflow(function, &mut arguments)?;
        }
        let filter = function.filter.as_ref().map(|filter| self.condition(filter, "FILTER expression")).transpose()?;
        let order_by = function.order_by.iter().map(|item| {
            let key = self.expr(&item.expr)?;
            // Only for its check.
            sort_key(key.clone(), item)?;
            Ok((key, item.descending, item.nulls_first))
        });
        let order_by = order_by.collect::<Outcome<Vec<_>>>()?;
        Ok(Call { arguments, filter, order_by, distinct: function.distinct })
    }

    fn native(&self, name: &str, call: &Call, keep: Keep) -> Outcome<Typed> {
        let expect = |count: usize| if call.arguments.len() == count { Ok(()) } else { Err(call.unexpected(name)) };
        if ["covar_samp", "covar_pop", "corr", "regr_slope", "regr_intercept"].contains(&name) {
            expect(2)?;
            return call.statistics(name, keep);
        }
        expect(1)?;
        let value = call.arguments[0].clone();
        match name {
            "count" => Ok(Typed::new(keep("count", call.native(engine::count::count_udaf(), vec![value.expr])), SqlType::BigInt)),
            "count_if" => {
                let condition = call.of(name, &SqlType::Boolean)?;
                let only = Engine::Case(datafusion::logical_expr::expr::Case::new(
                    None,
                    vec![(Box::new(condition.expr), Box::new(lit(1_i64)))],
                    None,
                ));
                Ok(Typed::new(keep("count", call.native(engine::count::count_udaf(), vec![only])), SqlType::BigInt))
            }
            "sum" => call.sum(keep),
            "avg" => call.average(keep),
            "min" | "max" => {
                let udaf = if name == "min" { engine::min_max::min_udaf() } else { engine::min_max::max_udaf() };
                Ok(Typed::new(keep(if name == "min" { "min" } else { "max" }, call.native(udaf, vec![value.expr])), value.kind))
            }
            "bool_and" | "every" | "bool_or" => {
                let condition = call.of(name, &SqlType::Boolean)?;
                let udaf =
                    if name == "bool_or" { engine::bool_and_or::bool_or_udaf() } else { engine::bool_and_or::bool_and_udaf() };
                Ok(Typed::boolean(keep("bool", call.native(udaf, vec![condition.expr]))))
            }
            "bitwise_and_agg" | "bitwise_or_agg" => {
                let bits = call.of(name, &SqlType::BigInt)?;
                let udaf = if name == "bitwise_or_agg" {
                    engine::bit_and_or_xor::bit_or_udaf()
                } else {
                    engine::bit_and_or_xor::bit_and_udaf()
                };
                Ok(Typed::new(keep("bits", call.native(udaf, vec![bits.expr])), SqlType::BigInt))
            }
            "approx_distinct" => {
                let count =
                    keep("approx_distinct", call.native(engine::approx_distinct::approx_distinct_udaf(), vec![value.expr]));
                Ok(Typed::new(datafusion::logical_expr::cast(count, SqlType::BigInt.arrow()), SqlType::BigInt))
            }
            _ => call.statistics(name, keep),
        }
    }

    /// Values are kept until the end of the group: for what the engine does not have as Trino does.
    fn collected(&self, name: &str, call: Call, keep: Keep) -> Outcome<Typed> {
        let kinds: Vec<ArgumentType> = call.arguments.iter().map(|value| ArgumentType::Value(value.kind.clone())).collect();
        let (aggregate, bound) = library().find_aggregate(name, &kinds)?;
        let returns = match aggregate.returning {
            Some(returning) => returning(&bound.parameters)?,
            None => bound.returns(),
        };
        let mut arguments = Vec::new();
        for (value, kind) in call.arguments.iter().cloned().zip(&bound.parameters) {
            arguments.push(coerce(value, kind)?.expr);
        }
        let mut kinds = bound.parameters;
        let mut order = Vec::new();
        for (key, descending, nulls_first) in &call.order_by {
            kinds.push(key.kind.clone());
            arguments.push(key.expr.clone());
            order.push((*descending, *nulls_first));
        }
        let collected = Collected::new(name, aggregate.finish, kinds, returns.clone()).ordered(order).distinct(call.distinct);
        let udaf = AggregateUDF::new_from_impl(collected);
        // Told equal by our own rules, inside.
        let call = Call { distinct: false, ..call };
        Ok(Typed::new(keep("aggregate", call.native(Arc::new(udaf), arguments)), returns))
    }

    /// `grouping(a, b)`: a bit for each, set where it is not grouped by.
    pub(crate) fn grouping(&self, arguments: &[Expr], place: Position) -> Outcome<Typed> {
        let Some(collector) = self.collector else {
            return Err(Fault::at(place, "EXPRESSION_NOT_SCALAR", "grouping operations are not allowed here"));
        };
        let columns = arguments.iter().map(|argument| Ok(self.expr(argument)?.expr)).collect::<Outcome<Vec<_>>>()?;
        let own = self.planner.fresh("grouping");
        collector.groupings.borrow_mut().push((own.clone(), columns, place));
        Ok(Typed::new(column(&own), if arguments.len() > 31 { SqlType::BigInt } else { SqlType::Integer }))
    }
}

/// What `listagg` takes beside its value: a separator, and what stands where the text grows too long (null: an error).
fn overflow(function: &Function, arguments: &mut Vec<Typed>) -> Outcome<()> {
    if arguments.len() == 1 {
        arguments.push(text("")?);
    }
    let (filler, counted) = match &function.on_overflow {
        None => (Typed::literal(Datum::Null, VARCHAR)?, false),
        Some((filler, counted)) => (text(filler.as_deref().unwrap_or("..."))?, *counted),
    };
    arguments.extend([filler, Typed::literal(Datum::Boolean(counted), SqlType::Boolean)?]);
    Ok(())
}

/// A call of an aggregate.
struct Call {
    arguments: Vec<Typed>,
    filter: Option<Engine>,
    /// Key, descending, nulls first.
    order_by: Vec<(Typed, bool, bool)>,
    distinct: bool,
}

impl Call {
    fn native(&self, udaf: Arc<AggregateUDF>, args: Vec<Engine>) -> AggregateFunction {
        let params = AggregateFunctionParams {
            args,
            distinct: self.distinct,
            filter: self.filter.clone().map(Box::new),
            order_by: Vec::<SortExpr>::new(),
            null_treatment: None,
        };
        AggregateFunction { func: udaf, params }
    }

    /// The engine compares such values as Trino does.
    fn fits_engine(&self, name: &str) -> bool {
        let value = self.arguments.first().map(|value| &value.kind);
        let floats = matches!(value, Some(SqlType::Real | SqlType::Double));
        match name {
            "min" | "max" | "approx_distinct" if self.arguments.len() == 2 => false,
            "min" | "max" => {
                value.is_some_and(|kind| compares_natively(kind) && !matches!(kind, SqlType::TimestampTz(_)))
                    || (floats && self.arguments.len() == 1)
            }
            "sum" | "avg" => value.is_some_and(SqlType::is_numeric),
            "count" | "approx_distinct" if self.distinct || name == "approx_distinct" => {
                value.is_some_and(|kind| compares_natively(kind) && !matches!(kind, SqlType::TimestampTz(_))) || floats
            }
            _ => true,
        }
    }

    fn unexpected(&self, name: &str) -> Fault {
        let kinds: Vec<String> = self.arguments.iter().map(|value| value.kind.to_string()).collect();
        Fault::new("FUNCTION_NOT_FOUND", format!("Unexpected parameters ({}) for function {name}", kinds.join(", ")))
    }

    fn of(&self, name: &str, kind: &SqlType) -> Outcome<Typed> {
        let value = self.arguments[0].clone();
        if value.kind.coerces_to(kind) { coerce(value, kind) } else { Err(self.unexpected(name)) }
    }

    /// Whole numbers are summed as decimals, so that a sum that is no bigint is seen.
    fn sum(&self, keep: Keep) -> Outcome<Typed> {
        let value = self.arguments[0].clone();
        let udaf = engine::sum::sum_udaf();
        match value.kind.clone() {
            kind if kind.is_integer() => {
                let wide = convert(value, &SqlType::Decimal(28, 0), false)?;
                let sum = Typed::new(keep("sum", self.native(udaf, vec![wide.expr])), SqlType::Decimal(38, 0));
                let udf = Udf::new("whole sum", WHOLE_SUM, vec![sum.kind], SqlType::BigInt, false);
                Ok(Typed::new(super::coerce::call(udf, vec![sum.expr]), SqlType::BigInt))
            }
            SqlType::Decimal(precision, scale) => {
                let wide = convert(value, &SqlType::Decimal(precision.max(28), scale), false)?;
                Ok(Typed::new(keep("sum", self.native(udaf, vec![wide.expr])), SqlType::Decimal(38, scale)))
            }
            SqlType::Real => {
                let wide = convert(value, &SqlType::Double, false)?;
                let sum = Typed::new(keep("sum", self.native(udaf, vec![wide.expr])), SqlType::Double);
                convert(sum, &SqlType::Real, false)
            }
            _ => Ok(Typed::new(keep("sum", self.native(udaf, vec![value.expr])), SqlType::Double)),
        }
    }

    fn average(&self, keep: Keep) -> Outcome<Typed> {
        let value = self.arguments[0].clone();
        if let SqlType::Decimal(precision, scale) = value.kind {
            let sum = self.sum(keep)?;
            let count = keep("count", self.native(engine::count::count_udaf(), vec![value.expr]));
            let kind = SqlType::Decimal(precision, scale);
            let udf =
                Udf::new("decimal average", crate::functions::AVERAGE, vec![sum.kind, SqlType::BigInt], kind.clone(), false);
            return Ok(Typed::new(super::coerce::call(udf, vec![sum.expr, count]), kind));
        }
        let real = value.kind == SqlType::Real;
        let wide = convert(value, &SqlType::Double, false)?;
        let average = Typed::new(keep("avg", self.native(engine::average::avg_udaf(), vec![wide.expr])), SqlType::Double);
        if real { convert(average, &SqlType::Real, false) } else { Ok(average) }
    }

    fn statistics(&self, name: &str, keep: Keep) -> Outcome<Typed> {
        let udaf = match name {
            "stddev" | "stddev_samp" => engine::stddev::stddev_udaf(),
            "stddev_pop" => engine::stddev::stddev_pop_udaf(),
            "variance" | "var_samp" => engine::variance::var_samp_udaf(),
            "var_pop" => engine::variance::var_pop_udaf(),
            "covar_samp" => engine::covariance::covar_samp_udaf(),
            "covar_pop" => engine::covariance::covar_pop_udaf(),
            "corr" => engine::correlation::corr_udaf(),
            "regr_slope" => engine::regr::regr_slope_udaf(),
            "regr_intercept" => engine::regr::regr_intercept_udaf(),
            other => return Err(Fault::new("GENERIC_INTERNAL_ERROR", format!("no statistics: {other}"))),
        };
        let mut arguments = Vec::new();
        for value in &self.arguments {
            if !value.kind.coerces_to(&SqlType::Double) {
                return Err(self.unexpected(name));
            }
            arguments.push(coerce(value.clone(), &SqlType::Double)?.expr);
        }
        Ok(Typed::new(keep("statistics", self.native(udaf, arguments)), SqlType::Double))
    }
}
