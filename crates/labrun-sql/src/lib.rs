//! Athena's SQL: which engine a statement goes to, Hive's DDL as data, what it does to tables of the Data Catalog, what it shows; Trino's
//! queries, planned and run on DataFusion.
//!
//! No HTTP, no clock, no service: tables and partitions come and go as [`serde_json::Value`]s with Glue's member names, and queries read and
//! write through the traits of [`source`]. Page names in comments are those of Athena's user guide; `[hive]` marks what Hive does and
//! Athena's pages do not say.

mod calendar;
mod cursor;
pub(crate) mod datum;
pub mod ddl;
pub mod dml;
pub mod engine;
pub mod fault;
mod formats;
mod functions;
pub mod grok;
mod member;
pub mod msck;
mod plan;
pub mod prepared;
pub mod query;
mod reserved;
pub mod result;
mod scan;
pub mod script;
pub mod show;
pub mod source;
pub mod sqltype;
pub mod statement;
pub mod syntax;
pub mod table;
mod token;
pub mod types;
pub mod view;

pub use statement::{Kind, Statement, parse};
pub use syntax::SyntaxError;
