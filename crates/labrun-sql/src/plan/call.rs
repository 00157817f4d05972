//! Calls of functions.

use datafusion::logical_expr::Expr as Engine;

use super::coerce::{call, coerce};
use super::expr::Analysis;
use super::lambda::Analyzed;
use super::typed::Typed;
use crate::datum::{Datum, UTC};
use crate::fault::{Fault, Outcome};
use crate::functions::{ArgumentType, Udf, library};
use crate::query::tree::{Expr, ExprKind, Function};
use crate::sqltype::SqlType;
use crate::syntax::Position;

/// Fields of `EXTRACT` and the functions that they are.
const EXTRACTS: [(&str, &str); 16] = [
    ("YEAR", "year"),
    ("QUARTER", "quarter"),
    ("MONTH", "month"),
    ("WEEK", "week"),
    ("DAY", "day"),
    ("DAY_OF_MONTH", "day"),
    ("DAY_OF_WEEK", "day_of_week"),
    ("DOW", "day_of_week"),
    ("DAY_OF_YEAR", "day_of_year"),
    ("DOY", "day_of_year"),
    ("YEAR_OF_WEEK", "year_of_week"),
    ("YOW", "year_of_week"),
    ("HOUR", "hour"),
    ("MINUTE", "minute"),
    ("SECOND", "second"),
    ("TIMEZONE_HOUR", "timezone_hour"),
];

impl Analysis<'_> {
    pub(crate) fn function(&self, function: &Function, place: Position) -> Outcome<Typed> {
        let name = function.name.parts.last().map(|part| part.text.to_lowercase()).unwrap_or_default();
        if function.over.is_some() {
            return self.window(&name, function, place);
        }
        if super::aggregate::is_aggregate(&name) {
            return self.aggregate(&name, function, place);
        }
        if function.distinct || function.filter.is_some() || !function.order_by.is_empty() || function.star {
            let what = if function.distinct { "DISTINCT" } else { "FILTER or ORDER BY" };
            return Err(Fault::at(
                place,
                "FUNCTION_NOT_AGGREGATE",
                format!("{what} is not supported for non-aggregation functions"),
            ));
        }
        match name.as_str() {
            "if" => self.if_function(&function.arguments),
            "coalesce" => self.coalesce(&function.arguments),
            "nullif" => self.nullif(&function.arguments),
            "grouping" => self.grouping(&function.arguments, place),
            "try" => self.attempt(&function.arguments),
            "typeof" => self.type_of(&function.arguments),
            "current_date" | "current_timestamp" | "now" | "localtimestamp" | "localtime" | "current_time"
            | "current_timezone" => self.clock(&name, &function.arguments),
            _ => self.plain(&name, &function.arguments, place),
        }
    }

    fn plain(&self, name: &str, arguments: &[Expr], place: Position) -> Outcome<Typed> {
        if !library().has_scalar(name) {
            if super::window::is_window(name) {
                return Err(Fault::at(place, "MISSING_OVER", format!("Window function {name} requires an OVER clause")));
            }
            return Err(unknown(name).or_at(place));
        }
        if arguments.iter().any(|argument| matches!(*argument.kind, ExprKind::Lambda(..))) {
            return self.with_lambdas(name, arguments);
        }
        let values = arguments.iter().map(|argument| self.expr(argument)).collect::<Outcome<Vec<_>>>()?;
        self.scalar(name, values)
    }

    /// A function of the library on values.
    pub(crate) fn scalar(&self, name: &str, values: Vec<Typed>) -> Outcome<Typed> {
        let kinds: Vec<ArgumentType> = values.iter().map(|value| ArgumentType::Value(value.kind.clone())).collect();
        let (scalar, bound) = library().scalar(name, &kinds)?;
        let mut arguments = Vec::new();
        for (value, kind) in values.into_iter().zip(&bound.parameters) {
            arguments.push(coerce(value, kind)?.expr);
        }
        let returns = match scalar.returning {
            Some(returning) => returning(&bound.parameters)?,
            None => bound.returns(),
        };
        let udf = Udf::new(name, scalar.body, bound.parameters, returns.clone(), scalar.volatile);
        Ok(Typed::new(call(udf, arguments), returns))
    }

    /// Values first: what they are says what the lambdas' parameters are.
    fn with_lambdas(&self, name: &str, arguments: &[Expr]) -> Outcome<Typed> {
        let mut kinds = Vec::new();
        let mut values = Vec::new();
        for argument in arguments {
            if let ExprKind::Lambda(names, _) = &*argument.kind {
                kinds.push(ArgumentType::Lambda(names.len()));
                values.push(None);
            } else {
                let value = self.expr(argument)?;
                kinds.push(ArgumentType::Value(value.kind.clone()));
                values.push(Some(value));
            }
        }
        let (scalar, mut bound) = library().scalar(name, &kinds)?;
        let mut lambdas: Vec<Option<Analyzed>> = Vec::new();
        for (at, argument) in arguments.iter().enumerate() {
            let ExprKind::Lambda(names, body) = &*argument.kind else { continue };
            let SqlType::Function(parameters, _) = bound.parameters[at].clone() else { continue };
            let analyzed = self.lambda(names, body, &parameters, None)?;
            if !bound.lambda_gives(at, &analyzed.lambda.returns) {
                let message = format!("Unexpected lambda result {} for function {name}", analyzed.lambda.returns);
                return Err(Fault::at(argument.place, "TYPE_MISMATCH", message));
            }
            lambdas.push(Some(analyzed));
        }
        // What a later lambda gave may have widened what an earlier one takes or gives: `reduce` does.
        let mut at_lambda = 0;
        for (at, argument) in arguments.iter().enumerate() {
            let ExprKind::Lambda(names, body) = &*argument.kind else { continue };
            let SqlType::Function(parameters, result) = bound.parameters[at].clone() else { continue };
            let fits = lambdas[at_lambda]
                .as_ref()
                .is_some_and(|analyzed| analyzed.lambda.parameters == parameters && analyzed.lambda.returns == *result);
            if !fits {
                lambdas[at_lambda] = Some(self.lambda(names, body, &parameters, Some(&result))?);
            }
            at_lambda += 1;
        }
        let mut own = Vec::new();
        let mut own_kinds = Vec::new();
        for (value, kind) in values.into_iter().zip(&bound.parameters) {
            if let Some(value) = value {
                own.push(coerce(value, kind)?.expr);
                own_kinds.push(kind.clone());
            }
        }
        let returns = bound.returns();
        let mut udf = Udf::new(name, scalar.body, own_kinds, returns.clone(), scalar.volatile);
        for analyzed in lambdas.into_iter().flatten() {
            own.extend(analyzed.captures);
            udf.lambdas.push(analyzed.lambda);
        }
        Ok(Typed::new(call(udf, own), returns))
    }

    /// `TRY(expression)`: a lambda without parameters, so that its failures are caught row by row.
    fn attempt(&self, arguments: &[Expr]) -> Outcome<Typed> {
        let [value] = arguments else {
            return Err(Fault::new("INVALID_FUNCTION_ARGUMENT", "The 'try' function must have exactly one argument"));
        };
        let lambda = Expr::new(ExprKind::Lambda(Vec::new(), value.clone()), value.place);
        self.with_lambdas("try", &[lambda])
    }

    fn type_of(&self, arguments: &[Expr]) -> Outcome<Typed> {
        let [value] = arguments else {
            return Err(Fault::new("FUNCTION_NOT_FOUND", "Unexpected parameters for function typeof. Expected: typeof(t)"));
        };
        super::literal::text(&self.expr(value)?.kind.to_string())
    }

    pub(crate) fn extract(&self, field: &str, value: &Expr) -> Outcome<Typed> {
        let name = match field {
            "TIMEZONE_MINUTE" => Some("timezone_minute"),
            other => EXTRACTS.iter().find(|(word, _)| *word == other).map(|(_, name)| *name),
        };
        let Some(name) = name else {
            return Err(Fault::new("INVALID_FUNCTION_ARGUMENT", format!("Invalid EXTRACT field: {field}")));
        };
        let value = self.expr(value)?;
        let message = format!("Cannot extract {field} from {}", value.kind);
        // As a function it takes a date for its midnight.
        if value.kind == SqlType::Date && ["hour", "minute", "second"].contains(&name) {
            return Err(Fault::new("TYPE_MISMATCH", message));
        }
        self.scalar(name, vec![value]).map_err(|fault| match fault.code {
            "FUNCTION_NOT_FOUND" => Fault::new("TYPE_MISMATCH", message),
            _ => fault,
        })
    }

    /// The time at which the query started, the same in all of it.
    fn clock(&self, name: &str, arguments: &[Expr]) -> Outcome<Typed> {
        const DAY: i128 = 86_400_000_000_000;
        let digits = match arguments.first().map(|digits| &*digits.kind) {
            None => 3,
            Some(ExprKind::Integer(digits)) => digits
                .parse()
                .ok()
                .filter(|digits| *digits <= 9)
                .ok_or_else(|| Fault::not_emulated("more than 9 digits after the second"))?,
            Some(_) => return Err(Fault::new("TYPE_MISMATCH", format!("the precision of {name} is a number"))),
        };
        let unit = 10_i128.pow(9 - u32::from(digits));
        let now = self.planner.context.now.div_euclid(unit) * unit;
        let of_day = i64::try_from(now.rem_euclid(DAY)).unwrap_or_default();
        match name {
            "current_date" => Typed::literal(Datum::Date(i32::try_from(now.div_euclid(DAY)).unwrap_or_default()), SqlType::Date),
            "localtimestamp" => Typed::literal(Datum::Timestamp(now), SqlType::Timestamp(digits)),
            "localtime" => Typed::literal(Datum::Time(of_day), SqlType::Time(digits)),
            "current_time" => Typed::literal(Datum::TimeTz(of_day, crate::datum::Zone::Offset(0)), SqlType::TimeTz(digits)),
            "current_timezone" => super::literal::text("UTC"),
            _ => Typed::literal(Datum::TimestampTz(now, UTC), SqlType::TimestampTz(digits)),
        }
    }

    pub(crate) fn subscript(&self, base: &Expr, index: &Expr) -> Outcome<Typed> {
        let (base, index) = (self.expr(base)?, self.expr(index)?);
        if let SqlType::Row(fields) = &base.kind {
            let Some(Datum::Integer(at)) = index.constant() else {
                return Err(Fault::new("TYPE_MISMATCH", "Subscript expression on ROW requires a constant index"));
            };
            let found =
                usize::try_from(at).ok().and_then(|at| at.checked_sub(1)).and_then(|at| Some((at, fields.get(at)?.clone())));
            let Some((at, (name, kind))) = found else {
                return Err(Fault::new("INVALID_FUNCTION_ARGUMENT", format!("ROW index out of bounds: {at}")));
            };
            let expr =
                datafusion::functions::core::expr_fn::get_field(base.expr, crate::sqltype::field_name(at, name.as_deref()));
            return Ok(Typed::new(expr, kind));
        }
        let message = format!("Cannot use {} for subscript of {}", index.kind, base.kind);
        self.scalar("subscript", vec![base, index]).map_err(|fault| match fault.code {
            "FUNCTION_NOT_FOUND" => Fault::new("TYPE_MISMATCH", message),
            _ => fault,
        })
    }

    pub(crate) fn array(&self, items: &[Expr]) -> Outcome<Typed> {
        let values = items.iter().map(|item| self.expr(item)).collect::<Outcome<Vec<_>>>()?;
        let kinds: Vec<SqlType> = values.iter().map(|value| value.kind.clone()).collect();
        let Some(item) = super::coerce::common(&kinds) else {
            let at = kinds.iter().position(|kind| kinds[0].common(kind).is_none()).unwrap_or(0);
            let message = format!(
                "All ARRAY elements must be the same type or coercible to a common type. Cannot find common type between {} and {}",
                kinds[0], kinds[at]
            );
            return Err(Fault::at(items[at].place, "TYPE_MISMATCH", message));
        };
        let arguments: Vec<Engine> = values.into_iter().map(|value| Ok(coerce(value, &item)?.expr)).collect::<Outcome<_>>()?;
        let kind = SqlType::array(item.clone());
        let udf = Udf::new("array", crate::functions::construct::ARRAY, vec![item; arguments.len()], kind.clone(), false);
        Ok(Typed::new(call(udf, arguments), kind))
    }
}

fn unknown(name: &str) -> Fault {
    Fault::new("FUNCTION_NOT_FOUND", format!("Function '{name}' not registered"))
}
