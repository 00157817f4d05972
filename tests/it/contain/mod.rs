//! Containment, seen from inside: what a run can do, what stops it, and that nothing of it stays.
//!
//! All of it runs twice when started as root: as root (the run then drops to user 65534) and as an ordinary user. A kernel
//! that lacks a layer is no excuse: the expectation then follows what the run's enforcement says is missing.
#![cfg(target_os = "linux")]

mod killing;
mod limits;
mod ordinary;
mod support;
mod table;
mod talking;
