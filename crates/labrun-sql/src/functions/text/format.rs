//! `format`, with the specifiers of Java's `Formatter`: `%s`, `%05d`, `%,.2f`, `%1$tY` (functions/conversion).

mod digits;
mod moment;

use digits::Digits;

use crate::datum::Datum;
use crate::fault::{Fault, Outcome};
use crate::functions::{Call, Library, cast};
use crate::sqltype::SqlType;

pub(super) fn register(library: &mut Library) {
    library.nullable("format(varchar, any...) -> varchar", format);
}

/// `%[index$][flags][width][.precision]conversion`
#[derive(Debug, Default)]
struct Specifier {
    /// From 1.
    index: Option<usize>,
    flags: String,
    width: usize,
    precision: Option<usize>,
    conversion: char,
    /// Of `t`: which part of the moment.
    part: char,
}

/// Why Java would refuse it: the name of its exception, and its words.
type Refusal = String;

fn format(call: &Call, values: &[Datum]) -> Outcome<Datum> {
    let Datum::Text(pattern) = &values[0] else { return Ok(Datum::Null) };
    let refused = |why: Refusal| Fault::argument(format!("Invalid format string: {pattern} ({why})"));
    let mut out = String::new();
    let (mut rest, mut next) = (pattern.as_str(), 1);
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        let (specifier, length) = Specifier::read(&rest[at..]).map_err(refused)?;
        let shown = &rest[at..at + length];
        rest = &rest[at + length..];
        match specifier.conversion {
            'n' => out.push('\n'),
            '%' => out.push_str(&specifier.padded("%".to_owned())),
            _ => {
                let index = specifier.index.unwrap_or(next);
                next += usize::from(specifier.index.is_none());
                let missing = || refused(format!("MissingFormatArgument: Format specifier '{shown}'"));
                let value = values.get(index).ok_or_else(missing)?;
                out.push_str(&specifier.show(value, &call.kinds[index]).map_err(refused)?);
            }
        }
    }
    out.push_str(rest);
    Ok(Datum::Text(out))
}

/// As Java's own `toString` has it where the value is one of Java's, else as its cast to varchar.
fn plain(value: &Datum, kind: &SqlType) -> String {
    match (value, kind) {
        (Datum::Decimal(value), SqlType::Decimal(_, scale)) => digits::big_decimal(*value, *scale),
        (Datum::Time(_) | Datum::Timestamp(_) | Datum::TimestampTz(..), _) => moment::iso(value),
        _ => cast::text(value, kind).unwrap_or_default(),
    }
}

impl Specifier {
    /// At a `%`; also how long it is.
    fn read(text: &str) -> Result<(Self, usize), Refusal> {
        let mut specifier = Specifier::default();
        let mut rest = &text[1..];
        let number = |rest: &mut &str| {
            let end = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
            let digits = &rest[..end];
            *rest = &rest[end..];
            digits.parse::<usize>().ok()
        };
        let mut after = rest;
        if !rest.starts_with('0')
            && let Some(index) = number(&mut after)
            && let Some(behind) = after.strip_prefix('$')
        {
            specifier.index = Some(index);
            rest = behind;
        }
        let flags = rest.find(|letter: char| !"-#+ 0,(".contains(letter)).unwrap_or(rest.len());
        specifier.flags = rest[..flags].to_owned();
        rest = &rest[flags..];
        specifier.width = number(&mut rest).unwrap_or(0);
        if let Some(behind) = rest.strip_prefix('.') {
            rest = behind;
            specifier.precision = number(&mut rest);
        }
        let mut letters = rest.chars();
        let unknown = |letter: char| format!("UnknownFormatConversion: Conversion = '{letter}'");
        specifier.conversion = letters.next().ok_or_else(|| unknown('%'))?;
        if matches!(specifier.conversion, 't' | 'T') {
            specifier.part = letters.next().ok_or_else(|| unknown(specifier.conversion))?;
        }
        if !"sSdxXofeEgGcCbBtTn%".contains(specifier.conversion) {
            return Err(unknown(specifier.conversion));
        }
        Ok((specifier, text.len() - letters.as_str().len()))
    }

    fn has(&self, flag: char) -> bool {
        self.flags.contains(flag)
    }

    fn padded(&self, text: String) -> String {
        let missing = self.width.saturating_sub(text.chars().count());
        if self.has('-') { text + &" ".repeat(missing) } else { " ".repeat(missing) + &text }
    }

    /// What has no form of its own is shown as its cast to varchar.
    fn show(&self, value: &Datum, kind: &SqlType) -> Result<String, Refusal> {
        let shown = match (self.conversion.to_ascii_lowercase(), value) {
            ('b', Datum::Boolean(value)) => self.cut(value.to_string()),
            ('b', value) => self.cut((!value.is_null()).to_string()),
            (_, Datum::Null) => self.cut("null".to_owned()),
            ('s', value) => self.cut(plain(value, kind)),
            ('d' | 'x' | 'o', Datum::Integer(value)) => return Ok(self.whole(*value)),
            ('f' | 'e' | 'g', value) => match Digits::of(value, kind) {
                Some(Ok(digits)) => return Ok(self.number(digits)),
                Some(Err(word)) => word.to_owned(),
                None => return Err(self.conversion_of(value)),
            },
            ('c', Datum::Integer(code)) => match u32::try_from(*code).ok().and_then(char::from_u32) {
                Some(letter) => letter.to_string(),
                None => return Err(format!("IllegalFormatCodePoint: Code point = 0x{code:x}")),
            },
            ('t', value) => moment::part(self.part, value).ok_or_else(|| self.conversion_of(value))?,
            (_, value) => return Err(self.conversion_of(value)),
        };
        let shown = if self.conversion.is_ascii_uppercase() { shown.to_uppercase() } else { shown };
        Ok(self.padded(shown))
    }

    fn cut(&self, text: String) -> String {
        self.precision.map_or(text.clone(), |most| text.chars().take(most).collect())
    }

    fn conversion_of(&self, value: &Datum) -> Refusal {
        let class = match value {
            Datum::Boolean(_) => "java.lang.Boolean",
            Datum::Integer(_) => "java.lang.Long",
            Datum::Real(_) => "java.lang.Float",
            Datum::Double(_) => "java.lang.Double",
            Datum::Decimal(_) => "java.math.BigDecimal",
            Datum::Date(_) => "java.time.LocalDate",
            Datum::Time(_) => "java.time.LocalTime",
            Datum::Timestamp(_) => "java.time.LocalDateTime",
            Datum::TimestampTz(..) => "java.time.ZonedDateTime",
            _ => "java.lang.String",
        };
        format!("IllegalFormatConversion: {} != {class}", self.conversion)
    }

    fn whole(&self, value: i64) -> String {
        let bits = value as u64;
        match self.conversion {
            'x' => self.filled("", &format!("{}{bits:x}", if self.has('#') { "0x" } else { "" }), ""),
            'X' => self.filled("", &format!("{}{bits:X}", if self.has('#') { "0X" } else { "" }), ""),
            'o' => self.filled("", &format!("{}{bits:o}", if self.has('#') { "0" } else { "" }), ""),
            _ => self.signed(value < 0, &self.grouped(&value.unsigned_abs().to_string())),
        }
    }

    fn number(&self, digits: Digits) -> String {
        let precision = self.precision.unwrap_or(6);
        let shown = match self.conversion.to_ascii_lowercase() {
            'f' => self.grouped(&digits.fixed(precision)),
            'e' => digits.scientific(precision),
            _ => digits.general(precision.max(1)),
        };
        let shown = if self.conversion.is_ascii_uppercase() { shown.to_uppercase() } else { shown };
        self.signed(digits.negative, &shown)
    }

    /// With commas between thousands, if they are asked for.
    fn grouped(&self, number: &str) -> String {
        if !self.has(',') {
            return number.to_owned();
        }
        let (whole, fraction) = number.find('.').map_or((number, ""), |at| number.split_at(at));
        let mut grouped = String::new();
        for (at, digit) in whole.chars().enumerate() {
            grouped.push_str(if at > 0 && (whole.len() - at) % 3 == 0 { "," } else { "" });
            grouped.push(digit);
        }
        grouped + fraction
    }

    fn signed(&self, negative: bool, number: &str) -> String {
        match (negative, self.has('(')) {
            (true, true) => self.filled("(", number, ")"),
            (true, false) => self.filled("-", number, ""),
            (false, _) if self.has('+') => self.filled("+", number, ""),
            (false, _) if self.has(' ') => self.filled(" ", number, ""),
            (false, _) => self.filled("", number, ""),
        }
    }

    /// Zeros go between the sign and the digits.
    fn filled(&self, before: &str, number: &str, behind: &str) -> String {
        let missing = self.width.saturating_sub(before.len() + number.len() + behind.len());
        let zeros = if self.has('0') { "0".repeat(missing) } else { String::new() };
        self.padded(format!("{before}{zeros}{number}{behind}"))
    }
}
