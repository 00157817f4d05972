//! Athena's SQL: which engine a statement goes to, Hive's DDL as data, what it does to tables of the Data Catalog, what it shows, and
//! Trino's queries as trees.
//!
//! No IO, no clock, no service: tables and partitions come and go as [`serde_json::Value`]s with Glue's member names. Running queries is
//! not here yet. Page names in comments are those of Athena's user guide; `[hive]` marks what Hive does and Athena's pages do not say.

mod cursor;
pub mod ddl;
pub mod dml;
mod member;
pub mod msck;
pub mod prepared;
pub mod query;
mod reserved;
pub mod script;
pub mod show;
pub mod statement;
pub mod syntax;
pub mod table;
mod token;
pub mod types;
pub mod view;

pub use statement::{Kind, Statement, parse};
pub use syntax::SyntaxError;
