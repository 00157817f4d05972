//! Arithmetic, comparison and what connects conditions.

use datafusion::common::ScalarValue;
use datafusion::logical_expr::{BinaryExpr, Expr as Engine, Operator, lit};

use super::coerce::{coerce, comparable, compares_natively, convert};
use super::expr::Analysis;
use super::typed::Typed;
use crate::datum::Datum;
use crate::fault::{Fault, Outcome};
use crate::query::tree::{Arithmetic, Comparison, Expr, ExprKind};
use crate::sqltype::SqlType;

impl Arithmetic {
    fn sign(self) -> &'static str {
        match self {
            Arithmetic::Add => "+",
            Arithmetic::Subtract => "-",
            Arithmetic::Multiply => "*",
            Arithmetic::Divide => "/",
            Arithmetic::Modulus => "%",
            Arithmetic::Concat => "||",
        }
    }
}

impl Comparison {
    fn sign(self) -> &'static str {
        match self {
            Comparison::Equal => "=",
            Comparison::NotEqual => "<>",
            Comparison::Less => "<",
            Comparison::LessOrEqual => "<=",
            Comparison::Greater => ">",
            Comparison::GreaterOrEqual => ">=",
        }
    }

    pub(crate) fn engine(self) -> Operator {
        match self {
            Comparison::Equal => Operator::Eq,
            Comparison::NotEqual => Operator::NotEq,
            Comparison::Less => Operator::Lt,
            Comparison::LessOrEqual => Operator::LtEq,
            Comparison::Greater => Operator::Gt,
            Comparison::GreaterOrEqual => Operator::GtEq,
        }
    }

    /// With its sides exchanged.
    fn turned(self) -> Self {
        match self {
            Comparison::Less => Comparison::Greater,
            Comparison::LessOrEqual => Comparison::GreaterOrEqual,
            Comparison::Greater => Comparison::Less,
            Comparison::GreaterOrEqual => Comparison::LessOrEqual,
            same => same,
        }
    }

    pub(crate) fn orders(self) -> bool {
        !matches!(self, Comparison::Equal | Comparison::NotEqual)
    }
}

pub(crate) fn binary(left: Engine, operator: Operator, right: Engine) -> Engine {
    Engine::BinaryExpr(BinaryExpr::new(Box::new(left), operator, Box::new(right)))
}

impl Analysis<'_> {
    pub(crate) fn arithmetic(&self, left: &Expr, operator: Arithmetic, right: &Expr) -> Outcome<Typed> {
        let (left, right) = (self.expr(left)?, self.expr(right)?);
        let sign = operator.sign();
        let message = format!("Cannot apply operator: {} {sign} {}", left.kind, right.kind);
        self.scalar(sign, vec![left, right]).map_err(|fault| match fault.code {
            "FUNCTION_NOT_FOUND" => Fault::new("TYPE_MISMATCH", message),
            _ => fault,
        })
    }

    /// A minus before digits is a part of the number: the least bigint can be written.
    pub(crate) fn negate(&self, value: &Expr) -> Outcome<Typed> {
        if let ExprKind::Integer(digits) = &*value.kind
            && let Ok(number) = format!("-{digits}").parse::<i64>()
        {
            let kind = if i32::try_from(number).is_ok() { SqlType::Integer } else { SqlType::BigInt };
            return Typed::literal(Datum::Integer(number), kind);
        }
        let value = self.expr(value)?;
        if let Some(Datum::Double(number)) = value.constant() {
            return Typed::literal(Datum::Double(-number), SqlType::Double);
        }
        let message = format!("Cannot negate {}", value.kind);
        self.scalar("negate", vec![value]).map_err(|fault| match fault.code {
            "FUNCTION_NOT_FOUND" => Fault::new("TYPE_MISMATCH", message),
            _ => fault,
        })
    }

    /// Both sides as the type that they meet in.
    fn met(&self, left: Typed, sign: &str, right: Typed, orders: bool) -> Outcome<(Typed, Typed, SqlType)> {
        let wrong = || Fault::new("TYPE_MISMATCH", format!("Cannot apply operator: {} {sign} {}", left.kind, right.kind));
        let kind = left.kind.common(&right.kind).ok_or_else(wrong)?;
        if !(if orders { kind.is_orderable() } else { kind.is_comparable() }) {
            return Err(wrong());
        }
        Ok((coerce(left, &kind)?, coerce(right, &kind)?, kind))
    }

    pub(crate) fn compare(&self, left: Typed, operator: Comparison, right: Typed) -> Outcome<Typed> {
        let (left, right, kind) = self.met(left, operator.sign(), right, operator.orders())?;
        if compares_natively(&kind) {
            return Ok(Typed::boolean(binary(comparable(left), operator.engine(), comparable(right))));
        }
        if let Some(native) = with_float(&left, operator, &right).or_else(|| with_float(&right, operator.turned(), &left)) {
            return Ok(Typed::boolean(native));
        }
        if kind == SqlType::Unknown {
            return convert(Typed::null(), &SqlType::Boolean, false);
        }
        self.scalar(operator.sign(), vec![left, right])
    }

    /// `IS DISTINCT FROM`: never null.
    pub(crate) fn distinct(&self, left: Typed, right: Typed) -> Outcome<Typed> {
        let (left, right, kind) = self.met(left, "IS DISTINCT FROM", right, false)?;
        if compares_natively(&kind) {
            return Ok(Typed::boolean(binary(comparable(left), Operator::IsDistinctFrom, comparable(right))));
        }
        if kind == SqlType::Unknown {
            return Typed::literal(Datum::Boolean(false), SqlType::Boolean);
        }
        self.scalar("is distinct", vec![left, right])
    }

    /// `AND`, `OR`.
    pub(crate) fn connected(&self, parts: &[Expr], operator: Operator) -> Outcome<Typed> {
        let parts = parts.iter().map(|part| self.logical(part)).collect::<Outcome<Vec<_>>>()?;
        let all = parts.into_iter().reduce(|left, right| binary(left, operator, right));
        all.map(Typed::boolean).ok_or_else(|| Fault::new("GENERIC_INTERNAL_ERROR", "a condition without parts"))
    }

    /// An operand of `AND`, `OR`, `NOT`.
    pub(crate) fn logical(&self, part: &Expr) -> Outcome<Engine> {
        let value = self.expr(part)?;
        match value.kind {
            SqlType::Boolean => Ok(value.expr),
            SqlType::Unknown => Ok(convert(value, &SqlType::Boolean, false)?.expr),
            kind => Err(Fault::at(
                part.place,
                "TYPE_MISMATCH",
                format!("Logical expression term must evaluate to a boolean (actual: {kind})"),
            )),
        }
    }
}

/// A floating number with a constant. The engine orders all floats in one row, where the two zeros differ and NaN is the greatest: against a
/// constant that is neither, this is Trino's comparison if NaN is left out, and statistics of files can be used.
fn with_float(value: &Typed, operator: Comparison, constant: &Typed) -> Option<Engine> {
    let (number, greatest) = match constant.constant()? {
        Datum::Double(number) => (number, ScalarValue::Float64(Some(f64::INFINITY))),
        Datum::Real(number) => (f64::from(number), ScalarValue::Float32(Some(f32::INFINITY))),
        _ => return None,
    };
    if number == 0.0 || number.is_nan() {
        return None;
    }
    let native = binary(value.expr.clone(), operator.engine(), constant.expr.clone());
    if !matches!(operator, Comparison::Greater | Comparison::GreaterOrEqual) {
        return Some(native);
    }
    Some(binary(native, Operator::And, binary(value.expr.clone(), Operator::LtEq, lit(greatest))))
}
