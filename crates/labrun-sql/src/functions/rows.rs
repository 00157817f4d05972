//! Typed reading and writing of columns, for bodies that work on one row of plain values.

use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, BinaryArray, BinaryBuilder, BooleanArray, BooleanBuilder, PrimitiveArray, PrimitiveBuilder,
    StringViewArray, StringViewBuilder,
};
use datafusion::arrow::datatypes::{
    ArrowPrimitiveType, Date32Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
};

/// A kind of column, as it is read and written.
pub(crate) trait Typed {
    type Value<'a>;
    type Column: Array;
    type Made;
    type Builder;

    fn open(column: &ArrayRef) -> &Self::Column;
    fn value(column: &Self::Column, row: usize) -> Self::Value<'_>;
    fn builder(rows: usize) -> Self::Builder;
    fn push(builder: &mut Self::Builder, value: Option<Self::Made>);
    fn finish(builder: Self::Builder) -> ArrayRef;
}

/// `varchar`, `char`, `json`
pub(crate) struct Text;
/// `varbinary`
pub(crate) struct Bytes;
/// `boolean`
pub(crate) struct Bool;

/// A column of plain numbers.
pub(crate) struct Number<T>(T);
pub(crate) type TinyInt = Number<Int8Type>;
pub(crate) type SmallInt = Number<Int16Type>;
pub(crate) type Integer = Number<Int32Type>;
pub(crate) type Bigint = Number<Int64Type>;
pub(crate) type Real = Number<Float32Type>;
pub(crate) type Double = Number<Float64Type>;
/// Days since 1970-01-01.
pub(crate) type Date = Number<Date32Type>;

impl<T: ArrowPrimitiveType> Typed for Number<T> {
    type Value<'a> = T::Native;
    type Column = PrimitiveArray<T>;
    type Made = T::Native;
    type Builder = PrimitiveBuilder<T>;

    fn open(column: &ArrayRef) -> &Self::Column {
        column.as_primitive()
    }

    fn value(column: &Self::Column, row: usize) -> T::Native {
        column.value(row)
    }

    fn builder(rows: usize) -> Self::Builder {
        PrimitiveBuilder::with_capacity(rows)
    }

    fn push(builder: &mut Self::Builder, value: Option<T::Native>) {
        builder.append_option(value);
    }

    fn finish(mut builder: Self::Builder) -> ArrayRef {
        Arc::new(builder.finish())
    }
}

impl Typed for Bool {
    type Value<'a> = bool;
    type Column = BooleanArray;
    type Made = bool;
    type Builder = BooleanBuilder;

    fn open(column: &ArrayRef) -> &Self::Column {
        column.as_boolean()
    }

    fn value(column: &Self::Column, row: usize) -> bool {
        column.value(row)
    }

    fn builder(rows: usize) -> Self::Builder {
        BooleanBuilder::with_capacity(rows)
    }

    fn push(builder: &mut Self::Builder, value: Option<bool>) {
        builder.append_option(value);
    }

    fn finish(mut builder: Self::Builder) -> ArrayRef {
        Arc::new(builder.finish())
    }
}

impl Typed for Text {
    type Value<'a> = &'a str;
    type Column = StringViewArray;
    type Made = String;
    type Builder = StringViewBuilder;

    fn open(column: &ArrayRef) -> &Self::Column {
        column.as_string_view()
    }

    fn value(column: &Self::Column, row: usize) -> &str {
        column.value(row)
    }

    fn builder(rows: usize) -> Self::Builder {
        StringViewBuilder::with_capacity(rows)
    }

    fn push(builder: &mut Self::Builder, value: Option<String>) {
        builder.append_option(value);
    }

    fn finish(mut builder: Self::Builder) -> ArrayRef {
        Arc::new(builder.finish())
    }
}

impl Typed for Bytes {
    type Value<'a> = &'a [u8];
    type Column = BinaryArray;
    type Made = Vec<u8>;
    type Builder = BinaryBuilder;

    fn open(column: &ArrayRef) -> &Self::Column {
        column.as_binary()
    }

    fn value(column: &Self::Column, row: usize) -> &[u8] {
        column.value(row)
    }

    fn builder(rows: usize) -> Self::Builder {
        BinaryBuilder::with_capacity(rows, 0)
    }

    fn push(builder: &mut Self::Builder, value: Option<Vec<u8>>) {
        builder.append_option(value);
    }

    fn finish(mut builder: Self::Builder) -> ArrayRef {
        Arc::new(builder.finish())
    }
}

/// Declares a function of typed values: null where an argument is; `-> Kind` gives a value, `-> Kind?` an option of one.
macro_rules! rows {
    // Without arguments: another value in each row.
    ($library:expr, $signature:expr, || -> $out:ident $body:block) => {
        $library.columns($signature, |call| {
            use $crate::functions::rows::Typed;
            let mut builder = <$crate::functions::rows::$out as Typed>::builder(call.rows);
            for _ in 0..call.rows {
                #[allow(clippy::redundant_closure_call, reason = "a body may leave with a question mark")]
                let made = (|| -> $crate::fault::Outcome<<$crate::functions::rows::$out as Typed>::Made> { $body })()?;
                <$crate::functions::rows::$out as Typed>::push(&mut builder, Some(made));
            }
            Ok(<$crate::functions::rows::$out as Typed>::finish(builder))
        })
    };
    ($library:expr, $signature:expr, |$($name:ident: $kind:ident),*| -> $out:ident $body:block) => {
        $crate::functions::rows::rows!($library, $signature, |$($name: $kind),*| -> $out? { ($body).map(Some) })
    };
    ($library:expr, $signature:expr, |$($name:ident: $kind:ident),*| -> $out:ident? $body:block) => {
        $library.columns($signature, |call| {
            use $crate::functions::rows::Typed;
            let mut columns = call.columns.iter();
            $(
                let Some($name) = columns.next().map(|column| <$crate::functions::rows::$kind as Typed>::open(column)) else {
                    return Err($crate::fault::Fault::new("GENERIC_INTERNAL_ERROR", "a function misses an argument"));
                };
            )*
            let mut builder = <$crate::functions::rows::$out as Typed>::builder(call.rows);
            for row in 0..call.rows {
                let null = false $(|| datafusion::arrow::array::Array::is_null($name, row))*;
                if null {
                    <$crate::functions::rows::$out as Typed>::push(&mut builder, None);
                    continue;
                }
                $(let $name = <$crate::functions::rows::$kind as Typed>::value($name, row);)*
                #[allow(clippy::redundant_closure_call, reason = "a body may leave with a question mark")]
                let made = (|| -> $crate::fault::Outcome<Option<<$crate::functions::rows::$out as Typed>::Made>> { $body })()?;
                <$crate::functions::rows::$out as Typed>::push(&mut builder, made);
            }
            Ok(<$crate::functions::rows::$out as Typed>::finish(builder))
        })
    };
}
pub(crate) use rows;
