//! Reading tables: which objects a query needs, and their rows.

mod avro;
mod exec;
mod files;
mod guard;
mod lines;
mod location;
mod meter;
mod orc;
mod parquet;
mod partition;
mod pattern;
mod predicate;
mod projection;
mod store;
mod table;
#[cfg(test)]
pub(crate) mod tests;
mod text;

pub use meter::Meter;
pub(crate) use parquet::NOWHERE;
pub(crate) use store::Store;
pub(crate) use table::{HiveTable, Layout, strings};
