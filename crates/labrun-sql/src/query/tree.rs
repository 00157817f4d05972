//! A query as a tree, each part with its place in the text. The names are those of Trino's grammar; the places are those that Trino's
//! messages point at: the operator of a comparison or of arithmetic, the first word of a predicate (`NOT`, `BETWEEN`, `IN`, `LIKE`, `IS`) and
//! of `AT TIME ZONE`, the first token of everything else.

mod json;

use crate::syntax::Position;

pub use json::{JsonFallback, JsonMake, JsonPath, JsonPathFunction, JsonWrapper};

/// A word or a text in double quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// As it was written, without quotes. Names are compared without case, quoted or not; headings keep the case.
    pub text: String,
    /// It stood in double quotes.
    pub quoted: bool,
    /// Of its first character.
    pub place: Position,
}

/// `catalog.schema.table`, or fewer parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QualifiedName {
    /// One or more.
    pub parts: Vec<Name>,
}

/// `[WITH ..] body [ORDER BY ..] [OFFSET ..] [LIMIT ..]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// `WITH name [(columns)] AS (query), ..`
    pub with: Vec<CommonTable>,
    /// What gives the rows.
    pub body: Body,
    /// Empty if not written.
    pub order_by: Vec<SortItem>,
    /// `OFFSET n [ROW | ROWS]`
    pub offset: Option<Expr>,
    /// `LIMIT n`, `LIMIT ALL` is none; `FETCH FIRST ..`
    pub limit: Option<Limit>,
    /// Of its first token.
    pub place: Position,
}

/// How many rows a query gives at most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// A whole number or a parameter.
    pub count: Expr,
    /// `FETCH FIRST n ROWS WITH TIES`
    pub with_ties: bool,
}

/// One of `WITH`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommonTable {
    /// Its name.
    pub name: Name,
    /// Empty if not written.
    pub columns: Vec<Name>,
    /// What it stands for.
    pub query: Query,
}

/// What gives rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// `SELECT ..`
    Select(Box<Select>),
    /// `VALUES row, ..`; a row of several columns is a [`ExprKind::Row`].
    Values(Vec<Expr>, Position),
    /// `TABLE t`
    Table(QualifiedName),
    /// `( query )`
    Query(Box<Query>),
    /// `left UNION | INTERSECT | EXCEPT [ALL | DISTINCT] right`
    Set(Box<SetOperation>),
}

/// Two results made one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetOperation {
    /// Which.
    pub operator: SetOperator,
    /// Not `ALL`.
    pub distinct: bool,
    /// Before the operator.
    pub left: Body,
    /// After it.
    pub right: Body,
    /// Of the operator.
    pub place: Position,
}

/// `UNION`, `INTERSECT`, `EXCEPT`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetOperator {
    /// Rows of either.
    Union,
    /// Rows of both; binds tighter than the other two.
    Intersect,
    /// Rows of the left only.
    Except,
}

/// `SELECT [DISTINCT] items [FROM ..] [WHERE ..] [GROUP BY ..] [HAVING ..] [WINDOW ..]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Select {
    /// `DISTINCT`
    pub distinct: bool,
    /// One or more.
    pub items: Vec<SelectItem>,
    /// Parted by commas; empty if there is no `FROM`.
    pub from: Vec<Relation>,
    /// `WHERE`
    pub filter: Option<Expr>,
    /// `GROUP BY`
    pub group_by: Option<GroupBy>,
    /// `HAVING`
    pub having: Option<Expr>,
    /// `WINDOW name AS (..), ..`
    pub windows: Vec<(Name, Window)>,
    /// Of `SELECT`.
    pub place: Position,
}

/// What a `SELECT` gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SelectItem {
    /// `*`
    All(Position),
    /// `expression.* [AS (aliases)]`: a relation's columns, or a row's fields.
    AllOf {
        /// Before the star.
        of: Expr,
        /// Empty if not written.
        aliases: Vec<Name>,
    },
    /// `expression [[AS] alias]`
    Expr {
        /// What is computed.
        expr: Expr,
        /// Its heading.
        alias: Option<Name>,
    },
}

/// `GROUP BY [ALL | DISTINCT] element, ..`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupBy {
    /// `DISTINCT`: equal grouping sets count once.
    pub distinct: bool,
    /// One or more.
    pub elements: Vec<GroupingElement>,
}

/// One of `GROUP BY`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupingElement {
    /// An expression, an ordinal, or `(a, b)` as one set; `()` is empty.
    Set(Vec<Expr>),
    /// `ROLLUP (set, ..)`
    Rollup(Vec<Vec<Expr>>),
    /// `CUBE (set, ..)`
    Cube(Vec<Vec<Expr>>),
    /// `GROUPING SETS (set, ..)`
    Sets(Vec<Vec<Expr>>),
}

/// A source of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    /// What it is.
    pub kind: RelationKind,
    /// `[AS] alias [(columns)]`
    pub alias: Option<TableAlias>,
    /// `TABLESAMPLE BERNOULLI | SYSTEM (percentage)`
    pub sample: Option<Sample>,
    /// Of its first token; of a join, of the whole of it.
    pub place: Position,
}

/// `alias (columns)`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableAlias {
    /// What the relation is called.
    pub name: Name,
    /// Empty if not written.
    pub columns: Vec<Name>,
}

/// A part of the rows, by chance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// `SYSTEM`, not `BERNOULLI`.
    pub system: bool,
    /// 0 to 100.
    pub percentage: Expr,
}

/// What a relation is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RelationKind {
    /// A table, a view, or a common table. `FOR TIMESTAMP | VERSION AS OF` is refused by the parser.
    Table(QualifiedName),
    /// `( query )`
    Query(Box<Query>),
    /// `LATERAL ( query )`
    Lateral(Box<Query>),
    /// `UNNEST (expression, ..) [WITH ORDINALITY]`
    Unnest {
        /// One or more arrays or maps.
        arguments: Vec<Expr>,
        /// One more column, which counts from 1.
        ordinality: bool,
    },
    /// `TABLE (function (..))`
    Function {
        /// `sequence`, ..
        name: QualifiedName,
        /// With names if written `name => value`.
        arguments: Vec<(Option<Name>, Expr)>,
    },
    /// `left JOIN right`
    Join(Box<Join>),
    /// `( relation )`
    Nested(Box<Relation>),
}

/// Two relations made one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Join {
    /// Which rows are kept.
    pub kind: JoinKind,
    /// Before `JOIN`.
    pub left: Relation,
    /// After it.
    pub right: Relation,
    /// Which rows match; none for [`JoinKind::Cross`].
    pub criteria: JoinCriteria,
}

/// Which rows a join keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinKind {
    /// `CROSS JOIN`
    Cross,
    /// `[INNER] JOIN`
    Inner,
    /// `LEFT [OUTER] JOIN`
    Left,
    /// `RIGHT [OUTER] JOIN`
    Right,
    /// `FULL [OUTER] JOIN`
    Full,
}

/// Which rows match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JoinCriteria {
    /// Each with each.
    None,
    /// `ON condition`
    On(Expr),
    /// `USING (columns)`
    Using(Vec<Name>),
    /// `NATURAL`; Trino parses it and says that it is not supported.
    Natural,
}

/// `expression [ASC | DESC] [NULLS FIRST | LAST]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SortItem {
    /// An expression or an ordinal.
    pub expr: Expr,
    /// `DESC`
    pub descending: bool,
    /// `NULLS FIRST`; nulls are last where nothing is written, in both directions.
    pub nulls_first: bool,
}

/// `OVER (..)`, or a name of `WINDOW`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// `OVER name`, or the name that opens the parentheses.
    pub base: Option<Name>,
    /// `PARTITION BY`
    pub partition_by: Vec<Expr>,
    /// `ORDER BY`
    pub order_by: Vec<SortItem>,
    /// `ROWS | RANGE | GROUPS ..`
    pub frame: Option<Frame>,
    /// Of the name or the parenthesis.
    pub place: Position,
}

/// Which rows around one a window function sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// What is counted.
    pub unit: FrameUnit,
    /// Where it starts.
    pub start: FrameBound,
    /// `CURRENT ROW` if not written.
    pub end: FrameBound,
    /// Of its first token.
    pub place: Position,
}

/// `ROWS`, `RANGE`, `GROUPS`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameUnit {
    /// Rows.
    Rows,
    /// The value of the sort key.
    Range,
    /// Rows of equal sort keys.
    Groups,
}

/// An end of a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FrameBound {
    /// `UNBOUNDED PRECEDING`
    UnboundedPreceding,
    /// `expression PRECEDING`
    Preceding(Expr),
    /// `CURRENT ROW`
    CurrentRow,
    /// `expression FOLLOWING`
    Following(Expr),
    /// `UNBOUNDED FOLLOWING`
    UnboundedFollowing,
}

/// An expression at its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expr {
    /// What it is.
    pub kind: Box<ExprKind>,
    /// What messages point at.
    pub place: Position,
}

/// What an expression is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExprKind {
    /// `NULL`
    Null,
    /// `TRUE`, `FALSE`
    Boolean(bool),
    /// Digits only; an integer or, from 2^31 on, a bigint. The sign is a [`Unary`].
    Integer(String),
    /// With a point, without an exponent.
    Decimal(String),
    /// With an exponent.
    Double(String),
    /// `'text'`, `U&'text'`
    Text(String),
    /// `X'6566'`
    Binary(Vec<u8>),
    /// `DATE '2020-01-01'`, `TIMESTAMP '..'`, `TIME '..'`, `DECIMAL '1.5'`, `JSON '..'`, `BIGINT '1'`, ..: a type and a text.
    Typed(TypeName, String),
    /// `INTERVAL [+ | -] 'text' field [TO field]`
    Interval {
        /// A minus before the text.
        negative: bool,
        /// In the quotes.
        text: String,
        /// The first field.
        from: IntervalField,
        /// The second.
        to: Option<IntervalField>,
    },
    /// `?`, from 0.
    Parameter(usize),
    /// A column, a parameter of a lambda.
    Name(Name),
    /// `base.field`: a column of a relation, or a field of a row.
    Field(Expr, Name),
    /// `base[index]`
    Subscript(Expr, Expr),
    /// `NOT`, `+`, `-`
    Unary(Unary, Expr),
    /// Arithmetic and `||`; the place is that of the operator.
    Arithmetic(Expr, Arithmetic, Expr),
    /// `=`, `<>`, ..; the place is that of the operator.
    Comparison(Expr, Comparison, Expr),
    /// `left operator ALL | ANY | SOME (query)`
    Quantified {
        /// Before the operator.
        left: Expr,
        /// The operator.
        operator: Comparison,
        /// `ALL`, not `ANY` or `SOME`.
        all: bool,
        /// What gives the values.
        query: Box<Query>,
    },
    /// `a AND b AND ..`
    And(Vec<Expr>),
    /// `a OR b OR ..`
    Or(Vec<Expr>),
    /// `value [NOT] BETWEEN low AND high`
    Between {
        /// What is compared.
        value: Expr,
        /// The least.
        low: Expr,
        /// The most.
        high: Expr,
        /// `NOT`
        negated: bool,
    },
    /// `value [NOT] IN (list)`
    InList {
        /// What is looked for.
        value: Expr,
        /// One or more.
        list: Vec<Expr>,
        /// `NOT`
        negated: bool,
    },
    /// `value [NOT] IN (query)`
    InQuery {
        /// What is looked for.
        value: Expr,
        /// What gives the values.
        query: Box<Query>,
        /// `NOT`
        negated: bool,
    },
    /// `value [NOT] LIKE pattern [ESCAPE escape]`
    Like {
        /// What is looked at.
        value: Expr,
        /// With `%` and `_`.
        pattern: Expr,
        /// One character.
        escape: Option<Expr>,
        /// `NOT`
        negated: bool,
    },
    /// `value IS [NOT] NULL`
    IsNull {
        /// What is asked for.
        value: Expr,
        /// `NOT`
        negated: bool,
    },
    /// `value IS [NOT] DISTINCT FROM other`
    IsDistinct {
        /// Before `IS`.
        value: Expr,
        /// After `FROM`.
        other: Expr,
        /// `NOT`
        negated: bool,
    },
    /// `EXISTS (query)`
    Exists(Box<Query>),
    /// `(query)` as a value
    Subquery(Box<Query>),
    /// `CASE [operand] WHEN .. THEN .. [ELSE ..] END`
    Case {
        /// What `WHEN`s are compared with.
        operand: Option<Expr>,
        /// `WHEN`, `THEN`.
        branches: Vec<(Expr, Expr)>,
        /// `ELSE`
        otherwise: Option<Expr>,
    },
    /// `CAST(value AS type)`, `TRY_CAST(value AS type)`
    Cast {
        /// What is cast.
        value: Expr,
        /// To which type.
        to: TypeName,
        /// A value that can't be cast is null.
        attempt: bool,
    },
    /// `EXTRACT(field FROM value)`
    Extract {
        /// In upper case.
        field: String,
        /// Out of what.
        value: Expr,
    },
    /// `value AT TIME ZONE zone`
    AtTimeZone(Expr, Expr),
    /// `ARRAY[a, ..]`
    Array(Vec<Expr>),
    /// `ROW(a, ..)`, `(a, b, ..)`
    Row(Vec<Expr>),
    /// `name -> body`, `(a, b) -> body`
    Lambda(Vec<Name>, Expr),
    /// `function(..)`. `IF`, `COALESCE`, `NULLIF`, `TRY`, `GROUPING`, `POSITION(a IN b)` (arguments in that order), `NORMALIZE`,
    /// `SUBSTRING(a FROM b FOR c)`, `TRIM` (named `trim`, `ltrim`, `rtrim`; the characters are the second argument), `CURRENT_DATE` and the
    /// like (no arguments, and their precision if written) and `LISTAGG` are functions here too.
    Function(Box<Function>),
    /// `JSON_EXISTS`, `JSON_VALUE`, `JSON_QUERY`
    JsonPath(Box<JsonPath>),
    /// `JSON_OBJECT`, `JSON_ARRAY`
    JsonMake(Box<JsonMake>),
}

/// A call of a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name, with at most one part in what exists.
    pub name: QualifiedName,
    /// What it is called with.
    pub arguments: Vec<Expr>,
    /// `count(*)`
    pub star: bool,
    /// `DISTINCT`
    pub distinct: bool,
    /// `ORDER BY` among the arguments, or `WITHIN GROUP (ORDER BY ..)`.
    pub order_by: Vec<SortItem>,
    /// `FILTER (WHERE ..)`
    pub filter: Option<Expr>,
    /// `IGNORE NULLS` (true), `RESPECT NULLS` (false)
    pub ignore_nulls: Option<bool>,
    /// `OVER ..`
    pub over: Option<Window>,
    /// `LISTAGG (.. ON OVERFLOW TRUNCATE 'filler' WITH | WITHOUT COUNT)`: the filler if written, and whether with the count. An overflow
    /// is an error where this is none.
    pub on_overflow: Option<(Option<String>, bool)>,
}

/// `NOT`, `+`, `-`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unary {
    /// `NOT`
    Not,
    /// `+`
    Plus,
    /// `-`
    Minus,
}

/// Operators of arithmetic, and `||`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Modulus,
    /// `||`
    Concat,
}

/// Operators of comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `<>`, `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// A field of an interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum IntervalField {
    /// `YEAR`
    Year,
    /// `MONTH`
    Month,
    /// `WEEK`
    Week,
    /// `DAY`
    Day,
    /// `HOUR`
    Hour,
    /// `MINUTE`
    Minute,
    /// `SECOND`
    Second,
}

/// A type as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeName {
    /// What is written.
    pub kind: TypeNameKind,
    /// Of its first token.
    pub place: Position,
}

/// How a type is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TypeNameKind {
    /// `name [(argument, ..)]`, such as `decimal(10, 2)`, `array(integer)`, `map(varchar, bigint)`; the name in lower case, `double precision`
    /// is `double`.
    Named(String, Vec<TypeArgument>),
    /// `TIMESTAMP [(p)] [WITH | WITHOUT TIME ZONE]`
    Timestamp {
        /// Digits after the second.
        precision: Option<u32>,
        /// `WITH TIME ZONE`
        zoned: bool,
    },
    /// `TIME [(p)] [WITH | WITHOUT TIME ZONE]`
    Time {
        /// Digits after the second.
        precision: Option<u32>,
        /// `WITH TIME ZONE`
        zoned: bool,
    },
    /// `INTERVAL YEAR TO MONTH` (true), `INTERVAL DAY TO SECOND` (false)
    Interval(bool),
    /// `ROW ([name] type, ..)`
    Row(Vec<(Option<Name>, TypeName)>),
}

/// In the parentheses of a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TypeArgument {
    /// A length, precision or scale.
    Number(u32),
    /// Of an item, a key or a value.
    Type(TypeName),
}

impl Expr {
    /// At a place.
    pub fn new(kind: ExprKind, place: Position) -> Self {
        Expr { kind: Box::new(kind), place }
    }

    /// A text that stands in no query.
    pub fn text(text: &str) -> Self {
        Expr::new(ExprKind::Text(text.to_owned()), Position { line: 1, column: 1 })
    }
}
