//! The embedded AWS: one process, many sandboxes, one port.
//!
//! Bytes come in at the [`gateway`], which finds sandbox and principal and hands a value tree to a service's handler; handlers are
//! plain functions over a transaction ([`sandbox::tx`]); what follows from a change is a task in the sandbox's outbox. Learner code
//! never runs in this process.

mod admin;
pub mod contain;
mod emulator;
mod engines;
mod gateway;
mod registry;
mod runs;
mod sandbox;
mod services;

pub use emulator::{Config, SparkSet, StartFault, serve};
pub use registry::{Coverage, coverage};
pub use sandbox::OpenFault;

/// The machine's time.
fn sandbox_wall() -> labrun_wire::Timestamp {
    sandbox::clock::wall()
}
