//! Conditions with words, and `CASE`.

use datafusion::logical_expr::expr::{Case, InList, Like};
use datafusion::logical_expr::{Expr as Engine, Operator};

use super::coerce::{coerce, common, comparable, compares_natively, convert};
use super::expr::Analysis;
use super::operator::binary;
use super::typed::Typed;
use crate::datum::Datum;
use crate::fault::{Fault, Outcome};
use crate::query::tree::{Comparison, Expr, ExprKind};
use crate::sqltype::{SqlType, VARCHAR};

fn negate_if(negated: bool, condition: Engine) -> Typed {
    Typed::boolean(if negated { Engine::Not(Box::new(condition)) } else { condition })
}

impl Analysis<'_> {
    pub(crate) fn predicate(&self, expr: &Expr) -> Outcome<Typed> {
        match &*expr.kind {
            ExprKind::Between { value, low, high, negated } => self.between(value, low, high, *negated),
            ExprKind::InList { value, list, negated } => Ok(negate_if(*negated, self.in_list(value, list)?)),
            ExprKind::Like { value, pattern, escape, negated } => {
                Ok(negate_if(*negated, self.like(value, pattern, escape.as_ref())?))
            }
            ExprKind::IsNull { value, negated } => {
                let value = Box::new(self.expr(value)?.expr);
                Ok(Typed::boolean(if *negated { Engine::IsNotNull(value) } else { Engine::IsNull(value) }))
            }
            ExprKind::IsDistinct { value, other, negated } => {
                let distinct = self.distinct(self.expr(value)?, self.expr(other)?)?;
                Ok(negate_if(*negated, distinct.expr))
            }
            other => Err(Fault::new("GENERIC_INTERNAL_ERROR", format!("no predicate: {other:?}"))),
        }
    }

    fn between(&self, value: &Expr, low: &Expr, high: &Expr, negated: bool) -> Outcome<Typed> {
        let value = self.expr(value)?;
        let (low, high) = (self.expr(low)?, self.expr(high)?);
        if value.kind.common(&low.kind).and_then(|kind| kind.common(&high.kind)).is_none() {
            let message = format!("Cannot check if {} is BETWEEN {} and {}", value.kind, low.kind, high.kind);
            return Err(Fault::new("TYPE_MISMATCH", message));
        }
        let least = self.compare(value.clone(), Comparison::GreaterOrEqual, low)?;
        let most = self.compare(value, Comparison::LessOrEqual, high)?;
        Ok(negate_if(negated, binary(least.expr, Operator::And, most.expr)))
    }

    fn in_list(&self, value: &Expr, list: &[Expr]) -> Outcome<Engine> {
        let value = self.expr(value)?;
        let items = list.iter().map(|item| self.expr(item)).collect::<Outcome<Vec<_>>>()?;
        let kinds: Vec<SqlType> = std::iter::once(value.kind.clone()).chain(items.iter().map(|item| item.kind.clone())).collect();
        let Some(kind) = common(&kinds) else {
            let item = kinds.iter().find(|kind| kinds[0].common(kind).is_none()).unwrap_or(&kinds[0]);
            return Err(Fault::new(
                "TYPE_MISMATCH",
                format!("IN value and list items must be the same type: {} vs {item}", kinds[0]),
            ));
        };
        if compares_natively(&kind) {
            let items = items.into_iter().map(|item| Ok(comparable(coerce(item, &kind)?))).collect::<Outcome<Vec<_>>>()?;
            return Ok(Engine::InList(InList::new(Box::new(comparable(coerce(value, &kind)?)), items, false)));
        }
        let answers = items.into_iter().map(|item| Ok(self.compare(value.clone(), Comparison::Equal, item)?.expr));
        let any = answers.collect::<Outcome<Vec<_>>>()?.into_iter().reduce(|left, right| binary(left, Operator::Or, right));
        any.ok_or_else(|| Fault::new("GENERIC_INTERNAL_ERROR", "IN without a list"))
    }

    /// The engine's own where a backslash, which it takes for an escape, can't occur.
    fn like(&self, value: &Expr, pattern: &Expr, escape: Option<&Expr>) -> Outcome<Engine> {
        let (text, pattern_value) = (self.expr(value)?, self.expr(pattern)?);
        for (side, at) in [(&text, value), (&pattern_value, pattern)] {
            if !side.kind.coerces_to(&VARCHAR) {
                let what = if at.place == value.place { "Left side of LIKE expression" } else { "Pattern for LIKE expression" };
                return Err(Fault::at(
                    at.place,
                    "TYPE_MISMATCH",
                    format!("{what} must evaluate to a varchar (actual: {})", side.kind),
                ));
            }
        }
        if let (None, Some(Datum::Text(constant))) = (escape, pattern_value.constant())
            && !constant.contains('\\')
            && text.kind.is_varchar()
        {
            return Ok(Engine::Like(Like::new(false, Box::new(text.expr), Box::new(pattern_value.expr), None, false)));
        }
        let mut arguments = vec![text, pattern_value];
        if let Some(escape) = escape {
            arguments.push(self.expr(escape)?);
        }
        Ok(self.scalar("like", arguments)?.expr)
    }

    pub(crate) fn case(&self, operand: Option<&Expr>, branches: &[(Expr, Expr)], otherwise: Option<&Expr>) -> Outcome<Typed> {
        let operand = operand.map(|operand| self.expr(operand)).transpose()?;
        let mut conditions = Vec::new();
        let mut results = Vec::new();
        for (when, then) in branches {
            conditions.push(match &operand {
                Some(operand) => {
                    self.compare(operand.clone(), Comparison::Equal, self.expr(when)?)
                        .map_err(|fault| fault.or_at(when.place))?
                        .expr
                }
                None => self.condition(when, "CASE WHEN clause")?,
            });
            results.push((self.expr(then)?, then.place));
        }
        let last = otherwise.map(|otherwise| Ok::<_, Fault>((self.expr(otherwise)?, otherwise.place))).transpose()?;
        let kinds: Vec<SqlType> = results.iter().chain(&last).map(|(value, _)| value.kind.clone()).collect();
        let Some(kind) = common(&kinds) else {
            let wrong = results.iter().chain(&last).find(|(value, _)| kinds[0].common(&value.kind).is_none());
            let (at, actual) = wrong.map_or((branches[0].1.place, &kinds[0]), |(value, place)| (*place, &value.kind));
            let message = format!(
                "All CASE results must be the same type or coercible to a common type. Cannot find common type between {} and {actual}",
                kinds[0]
            );
            return Err(Fault::at(at, "TYPE_MISMATCH", message));
        };
        let when_then = conditions
            .into_iter()
            .zip(results)
            .map(|(condition, (result, _))| Ok((Box::new(condition), Box::new(coerce(result, &kind)?.expr))));
        let when_then = when_then.collect::<Outcome<Vec<_>>>()?;
        let last = last.map(|(value, _)| Ok::<_, Fault>(Box::new(coerce(value, &kind)?.expr))).transpose()?;
        Ok(Typed::new(Engine::Case(Case::new(None, when_then, last)), kind))
    }

    /// `IF(condition, then[, else])`
    pub(crate) fn if_function(&self, arguments: &[Expr]) -> Outcome<Typed> {
        let [condition, then, rest @ ..] = arguments else {
            return Err(Fault::new("INVALID_FUNCTION_ARGUMENT", "Invalid number of arguments for 'if' function"));
        };
        if rest.len() > 1 {
            return Err(Fault::new("INVALID_FUNCTION_ARGUMENT", "Invalid number of arguments for 'if' function"));
        }
        self.case(None, &[(condition.clone(), then.clone())], rest.first())
    }

    pub(crate) fn coalesce(&self, arguments: &[Expr]) -> Outcome<Typed> {
        if arguments.len() < 2 {
            return Err(Fault::new("INVALID_FUNCTION_ARGUMENT", "The 'coalesce' function must have at least two arguments"));
        }
        let values = arguments.iter().map(|argument| self.expr(argument)).collect::<Outcome<Vec<_>>>()?;
        let kinds: Vec<SqlType> = values.iter().map(|value| value.kind.clone()).collect();
        let Some(kind) = common(&kinds) else {
            let at = kinds.iter().position(|kind| kinds[0].common(kind).is_none()).unwrap_or(0);
            let message = format!(
                "All COALESCE operands must be the same type or coercible to a common type. Cannot find common type between {} and {}",
                kinds[0], kinds[at]
            );
            return Err(Fault::at(arguments[at].place, "TYPE_MISMATCH", message));
        };
        let mut values = values.into_iter().map(|value| Ok(coerce(value, &kind)?.expr)).collect::<Outcome<Vec<_>>>()?;
        // The engine's own coalesce lives only until its optimizer has run, which sees no lambdas.
        let last = values.pop();
        let cases = values.into_iter().map(|value| (Box::new(value.clone().is_not_null()), Box::new(value)));
        let case = Case::new(None, cases.collect(), last.map(Box::new));
        Ok(Typed::new(datafusion::logical_expr::Expr::Case(case), kind))
    }

    /// Null if both are equal, else the first.
    pub(crate) fn nullif(&self, arguments: &[Expr]) -> Outcome<Typed> {
        let [first, second] = arguments else {
            return Err(Fault::new("INVALID_FUNCTION_ARGUMENT", "Invalid number of arguments for 'nullif' function"));
        };
        let value = self.expr(first)?;
        let equal = self.compare(value.clone(), Comparison::Equal, self.expr(second)?)?;
        let nothing = convert(Typed::null(), &value.kind, false)?;
        let branches = vec![(Box::new(equal.expr), Box::new(nothing.expr))];
        Ok(Typed::new(Engine::Case(Case::new(None, branches, Some(Box::new(value.expr)))), value.kind))
    }
}
