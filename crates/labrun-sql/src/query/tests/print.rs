//! The canonical text of a tree: all words in one case, all operators in parentheses, nothing that may be left out.

mod expression;
mod json;
mod window;

use crate::query::tree::{
    Body, CommonTable, Expr, GroupingElement, Join, JoinCriteria, JoinKind, Name, QualifiedName, Query, Relation, RelationKind,
    Select, SelectItem, SetOperator, SortItem,
};

use expression::{expr, exprs};

pub(super) fn expression(value: &Expr) -> String {
    expr(value)
}

pub(super) fn query(query: &Query) -> String {
    let with: Vec<String> = query.with.iter().map(common_table).collect();
    let mut out = if with.is_empty() { String::new() } else { format!("WITH {} ", with.join(", ")) };
    out.push_str(&body(&query.body));
    out.push_str(&order_by(" ORDER BY ", &query.order_by));
    if let Some(offset) = &query.offset {
        out.push_str(&format!(" OFFSET {}", expr(offset)));
    }
    match &query.limit {
        Some(limit) if limit.with_ties => out.push_str(&format!(" FETCH FIRST {} ROWS WITH TIES", expr(&limit.count))),
        Some(limit) => out.push_str(&format!(" LIMIT {}", expr(&limit.count))),
        None => {}
    }
    out
}

fn common_table(table: &CommonTable) -> String {
    format!("{}{} AS ({})", name(&table.name), columns(&table.columns), query(&table.query))
}

fn columns(columns: &[Name]) -> String {
    if columns.is_empty() { String::new() } else { format!("({})", names(columns)) }
}

fn names(names: &[Name]) -> String {
    names.iter().map(name).collect::<Vec<_>>().join(", ")
}

fn name(name: &Name) -> String {
    if name.quoted { format!("\"{}\"", name.text.replace('"', "\"\"")) } else { name.text.clone() }
}

fn qualified(qualified: &QualifiedName) -> String {
    qualified.parts.iter().map(name).collect::<Vec<_>>().join(".")
}

/// Set operations stand without parentheses: those would be queries in the tree.
fn body(body: &Body) -> String {
    match body {
        Body::Select(select) => self::select(select),
        Body::Values(rows, _) => format!("VALUES {}", exprs(rows)),
        Body::Table(name) => format!("TABLE {}", qualified(name)),
        Body::Query(inside) => format!("({})", query(inside)),
        Body::Set(set) => {
            let operator = match set.operator {
                SetOperator::Union => "UNION",
                SetOperator::Intersect => "INTERSECT",
                SetOperator::Except => "EXCEPT",
            };
            let all = if set.distinct { "" } else { " ALL" };
            format!("{} {operator}{all} {}", self::body(&set.left), self::body(&set.right))
        }
    }
}

fn select(select: &Select) -> String {
    let items: Vec<String> = select.items.iter().map(item).collect();
    let mut out = format!("SELECT {}{}", if select.distinct { "DISTINCT " } else { "" }, items.join(", "));
    if !select.from.is_empty() {
        out.push_str(&format!(" FROM {}", select.from.iter().map(relation).collect::<Vec<_>>().join(", ")));
    }
    if let Some(filter) = &select.filter {
        out.push_str(&format!(" WHERE {}", expr(filter)));
    }
    if let Some(group_by) = &select.group_by {
        let elements: Vec<String> = group_by.elements.iter().map(element).collect();
        out.push_str(&format!(" GROUP BY {}{}", if group_by.distinct { "DISTINCT " } else { "" }, elements.join(", ")));
    }
    if let Some(having) = &select.having {
        out.push_str(&format!(" HAVING {}", expr(having)));
    }
    if !select.windows.is_empty() {
        let windows =
            select.windows.iter().map(|(alias, window)| format!("{} AS {}", name(alias), window::specification(window)));
        out.push_str(&format!(" WINDOW {}", windows.collect::<Vec<_>>().join(", ")));
    }
    out
}

fn item(item: &SelectItem) -> String {
    match item {
        SelectItem::All(_) => "*".to_owned(),
        SelectItem::AllOf { of, aliases } if aliases.is_empty() => format!("{}.*", expr(of)),
        SelectItem::AllOf { of, aliases } => format!("{}.* AS ({})", expr(of), names(aliases)),
        SelectItem::Expr { expr: value, alias: None } => expr(value),
        SelectItem::Expr { expr: value, alias: Some(alias) } => format!("{} AS {}", expr(value), name(alias)),
    }
}

/// Each set in parentheses, so that they are never those of an expression.
fn element(element: &GroupingElement) -> String {
    let set = |set: &Vec<Expr>| format!("({})", exprs(set));
    let sets = |sets: &[Vec<Expr>]| sets.iter().map(set).collect::<Vec<_>>().join(", ");
    match element {
        GroupingElement::Set(one) => set(one),
        GroupingElement::Rollup(all) => format!("ROLLUP ({})", sets(all)),
        GroupingElement::Cube(all) => format!("CUBE ({})", sets(all)),
        GroupingElement::Sets(all) => format!("GROUPING SETS ({})", sets(all)),
    }
}

fn relation(relation: &Relation) -> String {
    let mut out = match &relation.kind {
        RelationKind::Table(name) => qualified(name),
        RelationKind::Query(inside) => format!("({})", query(inside)),
        RelationKind::Lateral(inside) => format!("LATERAL ({})", query(inside)),
        RelationKind::Unnest { arguments, ordinality } => {
            format!("UNNEST({}){}", exprs(arguments), if *ordinality { " WITH ORDINALITY" } else { "" })
        }
        RelationKind::Function { name, arguments } => {
            let arguments: Vec<String> = arguments.iter().map(argument).collect();
            format!("TABLE({}({}))", qualified(name), arguments.join(", "))
        }
        RelationKind::Join(join) => self::join(join),
        RelationKind::Nested(inside) => format!("({})", self::relation(inside)),
    };
    if let Some(alias) = &relation.alias {
        out.push_str(&format!(" AS {}{}", name(&alias.name), columns(&alias.columns)));
    }
    if let Some(sample) = &relation.sample {
        let method = if sample.system { "SYSTEM" } else { "BERNOULLI" };
        out.push_str(&format!(" TABLESAMPLE {method} ({})", expr(&sample.percentage)));
    }
    out
}

fn argument((named, value): &(Option<Name>, Expr)) -> String {
    named.as_ref().map_or_else(|| expr(value), |named| format!("{} => {}", name(named), expr(value)))
}

fn join(join: &Join) -> String {
    let kind = match join.kind {
        JoinKind::Cross => "CROSS JOIN",
        JoinKind::Inner => "JOIN",
        JoinKind::Left => "LEFT JOIN",
        JoinKind::Right => "RIGHT JOIN",
        JoinKind::Full => "FULL JOIN",
    };
    let (natural, criteria) = match &join.criteria {
        JoinCriteria::None => ("", String::new()),
        JoinCriteria::On(condition) => ("", format!(" ON {}", expr(condition))),
        JoinCriteria::Using(columns) => ("", format!(" USING ({})", names(columns))),
        JoinCriteria::Natural => ("NATURAL ", String::new()),
    };
    format!("{} {natural}{kind} {}{criteria}", relation(&join.left), relation(&join.right))
}

fn order_by(before: &str, items: &[SortItem]) -> String {
    let item = |item: &SortItem| {
        let direction = if item.descending { " DESC" } else { "" };
        format!("{}{direction}{}", expr(&item.expr), if item.nulls_first { " NULLS FIRST" } else { "" })
    };
    if items.is_empty() { String::new() } else { format!("{before}{}", items.iter().map(item).collect::<Vec<_>>().join(", ")) }
}
