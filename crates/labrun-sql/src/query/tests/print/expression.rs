//! Expressions and types.

use super::{json, name, names, order_by, qualified, query, window};
use crate::query::tree::{Arithmetic, Comparison, Expr, ExprKind, Function, Name, TypeArgument, TypeName, TypeNameKind, Unary};

pub(super) fn exprs(all: &[Expr]) -> String {
    all.iter().map(expr).collect::<Vec<_>>().join(", ")
}

pub(super) fn expr(one: &Expr) -> String {
    match one.kind.as_ref() {
        ExprKind::Null
        | ExprKind::Boolean(_)
        | ExprKind::Integer(_)
        | ExprKind::Decimal(_)
        | ExprKind::Double(_)
        | ExprKind::Text(_)
        | ExprKind::Binary(_)
        | ExprKind::Typed(..)
        | ExprKind::Interval { .. }
        | ExprKind::Parameter(_)
        | ExprKind::Name(_) => leaf(one),
        ExprKind::Field(base, field) => format!("{}.{}", expr(base), name(field)),
        ExprKind::Subscript(base, index) => format!("{}[{}]", expr(base), expr(index)),
        ExprKind::Unary(Unary::Not, value) => format!("(NOT {})", expr(value)),
        ExprKind::Unary(Unary::Plus, value) => format!("(+ {})", expr(value)),
        ExprKind::Unary(Unary::Minus, value) => format!("(- {})", expr(value)),
        ExprKind::Arithmetic(left, operator, right) => format!("({} {} {})", expr(left), arithmetic(*operator), expr(right)),
        ExprKind::AtTimeZone(value, zone) => format!("({} AT TIME ZONE {})", expr(value), expr(zone)),
        ExprKind::And(operands) => format!("({})", operands.iter().map(expr).collect::<Vec<_>>().join(" AND ")),
        ExprKind::Or(operands) => format!("({})", operands.iter().map(expr).collect::<Vec<_>>().join(" OR ")),
        ExprKind::Subquery(inside) => format!("({})", query(inside)),
        ExprKind::Exists(inside) => format!("EXISTS ({})", query(inside)),
        ExprKind::Case { operand, branches, otherwise } => case(operand.as_ref(), branches, otherwise.as_ref()),
        ExprKind::Cast { value, to, attempt } => {
            format!("{}({} AS {})", if *attempt { "TRY_CAST" } else { "CAST" }, expr(value), type_name(to))
        }
        ExprKind::Extract { field, value } => format!("EXTRACT({field} FROM {})", expr(value)),
        ExprKind::Array(items) => format!("ARRAY[{}]", exprs(items)),
        ExprKind::Row(fields) => format!("ROW({})", exprs(fields)),
        ExprKind::Lambda(parameters, body) => format!("(({}) -> {})", names(parameters), expr(body)),
        ExprKind::Function(call) => function(call),
        ExprKind::JsonPath(path) => json::path(path),
        ExprKind::JsonMake(make) => json::make(make),
        _ => predicate(one),
    }
}

fn leaf(one: &Expr) -> String {
    match one.kind.as_ref() {
        ExprKind::Null => "NULL".to_owned(),
        ExprKind::Boolean(value) => if *value { "TRUE" } else { "FALSE" }.to_owned(),
        ExprKind::Integer(digits) | ExprKind::Decimal(digits) | ExprKind::Double(digits) => digits.clone(),
        ExprKind::Text(inside) => text(inside),
        ExprKind::Binary(bytes) => format!("X'{}'", bytes.iter().map(|byte| format!("{byte:02X}")).collect::<String>()),
        ExprKind::Typed(kind, inside) => format!("{} {}", type_name(kind), text(inside)),
        ExprKind::Interval { negative, text: inside, from, to } => {
            let to = to.map_or_else(String::new, |to| format!(" TO {to:?}").to_uppercase());
            let from = format!("{from:?}").to_uppercase();
            format!("INTERVAL {}{} {from}{to}", if *negative { "-" } else { "" }, text(inside))
        }
        ExprKind::Parameter(_) => "?".to_owned(),
        ExprKind::Name(column) => name(column),
        other => panic!("no leaf: {other:?}"),
    }
}

fn text(inside: &str) -> String {
    format!("'{}'", inside.replace('\'', "''"))
}

fn arithmetic(operator: Arithmetic) -> &'static str {
    match operator {
        Arithmetic::Add => "+",
        Arithmetic::Subtract => "-",
        Arithmetic::Multiply => "*",
        Arithmetic::Divide => "/",
        Arithmetic::Modulus => "%",
        Arithmetic::Concat => "||",
    }
}

fn comparison(operator: Comparison) -> &'static str {
    match operator {
        Comparison::Equal => "=",
        Comparison::NotEqual => "<>",
        Comparison::Less => "<",
        Comparison::LessOrEqual => "<=",
        Comparison::Greater => ">",
        Comparison::GreaterOrEqual => ">=",
    }
}

fn predicate(one: &Expr) -> String {
    let not = |negated: &bool| if *negated { "NOT " } else { "" };
    let inside = match one.kind.as_ref() {
        ExprKind::Comparison(left, operator, right) => format!("{} {} {}", expr(left), comparison(*operator), expr(right)),
        ExprKind::Quantified { left, operator, all, query: inside } => {
            format!("{} {} {} ({})", expr(left), comparison(*operator), if *all { "ALL" } else { "ANY" }, query(inside))
        }
        ExprKind::Between { value, low, high, negated } => {
            format!("{} {}BETWEEN {} AND {}", expr(value), not(negated), expr(low), expr(high))
        }
        ExprKind::InList { value, list, negated } => format!("{} {}IN ({})", expr(value), not(negated), exprs(list)),
        ExprKind::InQuery { value, query: inside, negated } => format!("{} {}IN ({})", expr(value), not(negated), query(inside)),
        ExprKind::Like { value, pattern, escape, negated } => {
            let escape = escape.as_ref().map_or_else(String::new, |escape| format!(" ESCAPE {}", expr(escape)));
            format!("{} {}LIKE {}{escape}", expr(value), not(negated), expr(pattern))
        }
        ExprKind::IsNull { value, negated } => format!("{} IS {}NULL", expr(value), not(negated)),
        ExprKind::IsDistinct { value, other, negated } => {
            format!("{} IS {}DISTINCT FROM {}", expr(value), not(negated), expr(other))
        }
        other => panic!("no predicate: {other:?}"),
    };
    format!("({inside})")
}

fn case(operand: Option<&Expr>, branches: &[(Expr, Expr)], otherwise: Option<&Expr>) -> String {
    let operand = operand.map_or_else(String::new, |operand| format!(" {}", expr(operand)));
    let branches: String = branches.iter().map(|(when, then)| format!(" WHEN {} THEN {}", expr(when), expr(then))).collect();
    let otherwise = otherwise.map_or_else(String::new, |otherwise| format!(" ELSE {}", expr(otherwise)));
    format!("CASE{operand}{branches}{otherwise} END")
}

fn function(call: &Function) -> String {
    let called = qualified(&call.name);
    let arguments: Vec<String> = call.arguments.iter().map(expr).collect();
    match (called.to_lowercase().as_str(), arguments.as_slice()) {
        ("position", [part, whole]) => return format!("position({part} IN {whole})"),
        ("normalize", [value, form]) => return format!("normalize({value}, {})", form.trim_matches('\'')),
        ("current_date" | "current_user" | "current_catalog" | "current_schema" | "current_path", []) => return called,
        ("current_time" | "current_timestamp" | "localtime" | "localtimestamp", []) => return called,
        ("listagg", _) => return listagg(call),
        _ => {}
    }
    let distinct = if call.distinct { "DISTINCT " } else { "" };
    let order_by = order_by(if arguments.is_empty() { "ORDER BY " } else { " ORDER BY " }, &call.order_by);
    let inside = if call.star { "*".to_owned() } else { format!("{distinct}{}{order_by}", arguments.join(", ")) };
    let nulls = match call.ignore_nulls {
        Some(true) => " IGNORE NULLS",
        Some(false) => " RESPECT NULLS",
        None => "",
    };
    let over = call.over.as_ref().map_or_else(String::new, |over| format!(" OVER {}", window::specification(over)));
    format!("{called}({inside}){}{nulls}{over}", filter(call))
}

fn filter(call: &Function) -> String {
    call.filter.as_ref().map_or_else(String::new, |filter| format!(" FILTER (WHERE {})", expr(filter)))
}

fn listagg(call: &Function) -> String {
    let overflow = call.on_overflow.as_ref().map_or_else(String::new, |(filler, counted)| {
        let filler = filler.as_ref().map_or_else(String::new, |filler| format!(" {}", text(filler)));
        format!(" ON OVERFLOW TRUNCATE{filler} {} COUNT", if *counted { "WITH" } else { "WITHOUT" })
    });
    let inside = format!("{}{}{overflow}", if call.distinct { "DISTINCT " } else { "" }, exprs(&call.arguments));
    format!("{}({inside}) WITHIN GROUP ({}){}", qualified(&call.name), order_by("ORDER BY ", &call.order_by), filter(call))
}

pub(super) fn type_name(one: &TypeName) -> String {
    let timed = |base: &str, precision: &Option<u32>, zoned: bool| {
        let precision = precision.map_or_else(String::new, |precision| format!("({precision})"));
        format!("{base}{precision}{}", if zoned { " with time zone" } else { "" })
    };
    match &one.kind {
        TypeNameKind::Named(base, arguments) if arguments.is_empty() => base.clone(),
        TypeNameKind::Named(base, arguments) => {
            let argument = |argument: &TypeArgument| match argument {
                TypeArgument::Number(number) => number.to_string(),
                TypeArgument::Type(kind) => type_name(kind),
            };
            format!("{base}({})", arguments.iter().map(argument).collect::<Vec<_>>().join(", "))
        }
        TypeNameKind::Timestamp { precision, zoned } => timed("timestamp", precision, *zoned),
        TypeNameKind::Time { precision, zoned } => timed("time", precision, *zoned),
        TypeNameKind::Interval(true) => "interval year to month".to_owned(),
        TypeNameKind::Interval(false) => "interval day to second".to_owned(),
        TypeNameKind::Row(fields) => {
            let field = |(alias, kind): &(Option<Name>, TypeName)| {
                let alias = alias.as_ref().map_or_else(String::new, |alias| format!("{} ", name(alias)));
                format!("{alias}{}", type_name(kind))
            };
            format!("row({})", fields.iter().map(field).collect::<Vec<_>>().join(", "))
        }
    }
}
