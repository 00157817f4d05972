//! Partition projection: partitions that follow from a table's properties, and are in no catalog (partition-projection and its pages).

use datafusion::logical_expr::Expr;

use super::location::Location;
use super::partition::{self, Partition};
use super::pattern::Pattern;
use super::predicate::{constants, holding, only_of};
use super::table::Layout;
use crate::datum::Datum;
use crate::fault::{Fault, Outcome};
use crate::sqltype::SqlType;

/// A scan can have so many partitions (service-limits).
const MOST: usize = 1_000_000;

/// Values are made and looked at in such portions.
const PORTION: usize = 8_192;

pub(crate) fn is_on(layout: &Layout) -> bool {
    layout.parameters.get("projection.enabled").is_some_and(|value| value.eq_ignore_ascii_case("true"))
}

/// What a column's values are made of.
enum Source {
    /// In their order.
    Enum(Vec<String>),
    /// From, to, step, digits.
    Integer(i64, i64, i64, usize),
    /// From, to (seconds), the step, and how a value is written.
    Date { from: i64, to: i64, step: i64, unit: Unit, pattern: Pattern },
    /// Only what the query asks for.
    Injected,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    Months(i64),
    Seconds(i64),
}

/// The partitions that conditions on their columns leave; nothing is listed, so a folder may be missing.
pub(crate) fn find(layout: &Layout, conditions: &[Expr], now: i128) -> Outcome<Vec<Partition>> {
    check_configured(layout)?;
    let mut rows: Vec<Vec<String>> = vec![Vec::new()];
    for (name, kind) in &layout.partitioned_by {
        let own: Vec<Expr> = conditions.iter().filter(|filter| only_of(filter, std::slice::from_ref(name))).cloned().collect();
        let texts = texts(layout, name, kind, &own, now)?;
        if rows.len().saturating_mul(texts.len()) > MOST {
            return Err(Fault::new(
                "HIVE_EXCEEDED_PARTITION_LIMIT",
                format!(
                    "Query over table '{}.{}' can potentially read more than {MOST} partitions",
                    layout.database, layout.name
                ),
            ));
        }
        rows = rows
            .iter()
            .flat_map(|row| texts.iter().map(move |text| [row.as_slice(), std::slice::from_ref(text)].concat()))
            .collect();
    }
    let partitions = rows.iter().map(|row| projected(layout, row)).collect::<Outcome<Vec<_>>>()?;
    let kinds: Vec<SqlType> = layout.partitioned_by.iter().map(|(_, kind)| kind.clone()).collect();
    let values: Vec<Vec<Datum>> = partitions.iter().map(|partition| partition.values.clone()).collect();
    let keep = holding(conditions, &layout.partition_schema(), &kinds, &values)?;
    Ok(partitions.into_iter().zip(keep).filter(|(_, keep)| *keep).map(|(partition, _)| partition).collect())
}

fn check_configured(layout: &Layout) -> Outcome<()> {
    let missing: Vec<&str> = layout
        .partitioned_by
        .iter()
        .map(|(name, _)| name.as_str())
        .filter(|name| property(layout, name, "type").is_none())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Fault::new(
        "HIVE_METASTORE_ERROR",
        format!(
            "Table {}.{} is configured for partition projection, but the following partition columns are missing projection configuration: [{}]",
            layout.database,
            layout.name,
            missing.join(", ")
        ),
    ))
}

fn property<'l>(layout: &'l Layout, column: &str, key: &str) -> Option<&'l str> {
    layout.parameters.get(&format!("projection.{column}.{key}")).map(String::as_str)
}

fn invalid(column: &str, what: &str) -> Fault {
    Fault::new("INVALID_TABLE_PROPERTY", format!("Invalid partition projection for column '{column}': {what}"))
}

fn source(layout: &Layout, column: &str, now: i128) -> Outcome<Source> {
    let needed = |key: &str| {
        property(layout, column, key).ok_or_else(|| invalid(column, &format!("missing property 'projection.{column}.{key}'")))
    };
    match needed("type")?.to_lowercase().as_str() {
        "enum" => Ok(Source::Enum(needed("values")?.split(',').map(ToOwned::to_owned).collect())),
        "injected" => Ok(Source::Injected),
        "integer" => {
            let number = |text: &str| text.trim().parse::<i64>().map_err(|_| invalid(column, &format!("'{text}' is no integer")));
            let (from, to) = needed("range")?.split_once(',').ok_or_else(|| invalid(column, "the range is not 'min,max'"))?;
            let step = property(layout, column, "interval").map_or(Ok(1), number)?;
            let digits = property(layout, column, "digits").map_or(Ok(0), number)?;
            if step < 1 {
                return Err(invalid(column, "the interval is not positive"));
            }
            Ok(Source::Integer(number(from)?, number(to)?, step, usize::try_from(digits).unwrap_or(0)))
        }
        "date" => dates(layout, column, now),
        other => Err(invalid(column, &format!("'{other}' is no projection type"))),
    }
}

fn dates(layout: &Layout, column: &str, now: i128) -> Outcome<Source> {
    let needed = |key: &str| {
        property(layout, column, key).ok_or_else(|| invalid(column, &format!("missing property 'projection.{column}.{key}'")))
    };
    let pattern = Pattern::parse(needed("format")?).ok_or_else(|| invalid(column, "the format can't be read"))?;
    let (from, to) = needed("range")?.split_once(',').ok_or_else(|| invalid(column, "the range is not 'from,to'"))?;
    let seconds = i64::try_from(now.div_euclid(1_000_000_000)).unwrap_or(i64::MAX);
    let end = |text: &str| {
        moment(text, &pattern, seconds).ok_or_else(|| invalid(column, &format!("'{text}' is no date of the format")))
    };
    let step = property(layout, column, "interval")
        .map_or(Ok(1), |text| text.trim().parse::<i64>())
        .map_err(|_| invalid(column, "the interval is no integer"))?;
    let unit = match property(layout, column, "interval.unit") {
        Some(word) => unit(word).ok_or_else(|| invalid(column, &format!("'{word}' is no interval unit")))?,
        None if pattern.is_of_days() => Unit::Seconds(86_400),
        None if pattern.is_of_months() => Unit::Months(1),
        None => return Err(invalid(column, "an interval and its unit are required for this format")),
    };
    if step < 1 {
        return Err(invalid(column, "the interval is not positive"));
    }
    Ok(Source::Date { from: end(from)?, to: end(to)?, step, unit, pattern })
}

fn unit(word: &str) -> Option<Unit> {
    Some(match word.trim().trim_end_matches(['s', 'S']).to_uppercase().as_str() {
        "YEAR" => Unit::Months(12),
        "MONTH" => Unit::Months(1),
        "WEEK" => Unit::Seconds(7 * 86_400),
        "DAY" => Unit::Seconds(86_400),
        "HOUR" => Unit::Seconds(3_600),
        "MINUTE" => Unit::Seconds(60),
        "SECOND" => Unit::Seconds(1),
        _ => return None,
    })
}

/// A date of the format, or `NOW`, `NOW-3DAYS`, `NOW+1MONTH`.
fn moment(text: &str, pattern: &Pattern, now: i64) -> Option<i64> {
    let text = text.trim();
    let Some(rest) = text.strip_prefix("NOW") else { return pattern.read(text) };
    let rest: String = rest.chars().filter(|letter| !letter.is_whitespace()).collect();
    let Some(sign) = rest.chars().next() else { return Some(now) };
    let digits: String = rest[1..].chars().take_while(char::is_ascii_digit).collect();
    let count: i64 = digits.parse().ok()?;
    let count = match sign {
        '+' => count,
        '-' => -count,
        _ => return None,
    };
    after(now, unit(&rest[1 + digits.len()..])?, count)
}

fn after(moment: i64, unit: Unit, count: i64) -> Option<i64> {
    match unit {
        Unit::Seconds(size) => moment.checked_add(size.checked_mul(count)?),
        Unit::Months(size) => {
            let now = chrono::DateTime::from_timestamp(moment, 0)?;
            let months = u32::try_from(size.checked_mul(count.abs())?).ok()?;
            let months = chrono::Months::new(months);
            let moved = if count < 0 { now.checked_sub_months(months) } else { now.checked_add_months(months) };
            moved.map(|moved| moved.timestamp())
        }
    }
}

/// The texts of a column that its conditions leave, in the order of its range.
fn texts(layout: &Layout, name: &str, kind: &SqlType, conditions: &[Expr], now: i128) -> Outcome<Vec<String>> {
    let source = source(layout, name, now)?;
    if let Some(asked) = constants(conditions, name) {
        // What is asked for by name is looked up, however long the range is.
        return Ok(asked.into_iter().filter(|text| source.has(text)).collect());
    }
    let mut kept = Vec::new();
    let mut values = source.iterate().ok_or_else(|| {
        let message = format!("For the injected projected partition column {name}, the WHERE clause must contain only static equality conditions, and at least one such condition must be present");
        Fault::new("CONSTRAINT_VIOLATION", message)
    })?;
    loop {
        let portion: Vec<String> = values.by_ref().take(PORTION).collect();
        if portion.is_empty() {
            return Ok(kept);
        }
        let rows = portion.iter().map(|text| Ok(vec![partition::value(text, name, kind)?])).collect::<Outcome<Vec<_>>>()?;
        let schema = layout.column_schema(name, kind);
        let keep = holding(conditions, &schema, std::slice::from_ref(kind), &rows)?;
        kept.extend(portion.into_iter().zip(keep).filter(|(_, keep)| *keep).map(|(text, _)| text));
        if kept.len() > MOST {
            return Err(Fault::new(
                "HIVE_EXCEEDED_PARTITION_LIMIT",
                format!("the projection of '{name}' has more than {MOST} values"),
            ));
        }
    }
}

impl Source {
    fn has(&self, text: &str) -> bool {
        match self {
            Source::Enum(values) => values.iter().any(|value| value == text),
            Source::Injected => true,
            Source::Integer(from, to, step, digits) => {
                let number =
                    text.parse::<i64>().ok().filter(|number| (*from..=*to).contains(number) && (number - from) % step == 0);
                number.is_some_and(|number| padded(number, *digits) == text || *digits == 0)
            }
            Source::Date { from, to, pattern, .. } => pattern.read(text).is_some_and(|at| (*from..=*to).contains(&at)),
        }
    }

    /// `None` where there is no range.
    fn iterate(&self) -> Option<Box<dyn Iterator<Item = String> + '_>> {
        match self {
            Source::Enum(values) => Some(Box::new(values.iter().cloned())),
            Source::Injected => None,
            Source::Integer(from, to, step, digits) => {
                let numbers =
                    std::iter::successors(Some(*from), |number| number.checked_add(*step)).take_while(|number| number <= to);
                Some(Box::new(numbers.map(|number| padded(number, *digits))))
            }
            Source::Date { from, to, step, unit, pattern } => {
                let moments = (0..)
                    .map_while(|count: i64| after(*from, *unit, count.checked_mul(*step)?))
                    .take_while(|moment| moment <= to);
                Some(Box::new(moments.map(|moment| pattern.write(moment))))
            }
        }
    }
}

fn padded(number: i64, digits: usize) -> String {
    let sign = if number < 0 { "-" } else { "" };
    format!("{sign}{:0digits$}", number.unsigned_abs())
}

/// Where a projected partition lies: as the template says, else in a folder `column=value` for each column.
fn projected(layout: &Layout, texts: &[String]) -> Outcome<Partition> {
    let named = layout.partitioned_by.iter().zip(texts);
    let location = match layout.parameters.get("storage.location.template") {
        Some(template) => {
            let filled =
                named.clone().fold(template.clone(), |path, ((name, _), text)| path.replace(&format!("${{{name}}}"), text));
            Location::parse(&filled)?
        }
        None => {
            let folders: String = named.clone().map(|((name, _), text)| format!("{name}={text}/")).collect();
            Location { prefix: format!("{}{folders}", layout.location.prefix), ..layout.location.clone() }
        }
    };
    let values = named.map(|((name, kind), text)| partition::value(text, name, kind)).collect::<Outcome<_>>()?;
    Ok(Partition { location, values })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_each_source() {
        let list = |source: &Source| source.iterate().unwrap().collect::<Vec<_>>();
        assert_eq!(list(&Source::Integer(-1, 3, 2, 2)), ["-01", "01", "03"]);
        let pattern = Pattern::parse("yyyy/MM/dd").unwrap();
        let at = |text: &str| pattern.read(text).unwrap();
        let days = Source::Date {
            from: at("2024/02/28"),
            to: at("2024/03/01"),
            step: 1,
            unit: Unit::Seconds(86_400),
            pattern: pattern.clone(),
        };
        assert_eq!(list(&days), ["2024/02/28", "2024/02/29", "2024/03/01"]);
        let months = Source::Date { from: at("2024/01/31"), to: at("2024/04/30"), step: 1, unit: Unit::Months(1), pattern };
        assert_eq!(list(&months), ["2024/01/31", "2024/02/29", "2024/03/31", "2024/04/30"]);
        assert!(Source::Injected.iterate().is_none());
    }

    #[test]
    fn now_and_around_it() {
        let pattern = Pattern::parse("yyyy-MM-dd").unwrap();
        let now = pattern.read("2024-05-31").unwrap() + 3_600;
        assert_eq!(moment("NOW", &pattern, now), Some(now));
        assert_eq!(moment("NOW-1DAY", &pattern, now), Some(now - 86_400));
        assert_eq!(moment("NOW - 3 MONTHS", &pattern, now), Some(pattern.read("2024-02-29").unwrap() + 3_600));
        assert_eq!(moment("NOWHERE", &pattern, now), None);
    }
}
