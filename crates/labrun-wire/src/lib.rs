//! AWS API models and the protocols they are spoken in, both directions.
//!
//! This crate knows no service by name and does no IO: it turns bytes into [`value::Value`]s and back by the model, signs and
//! verifies, frames and checks bodies. Who listens, who stores and who answers is `labrun-emulator`'s business.

pub mod body;
pub mod checksum;
pub mod chunked;
pub mod client;
pub mod error;
pub mod model;
pub mod page;
pub mod protocol;
pub mod route;
pub mod sign;
pub mod time;
pub mod uri;
pub mod validate;
pub mod value;

pub use error::{AwsError, AwsResult};
pub use value::{Blob, Timestamp, Value};
