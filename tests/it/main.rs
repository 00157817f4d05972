//! The one integration test binary: the built program, seen from outside, by its users' own tools.
//!
//! What a single function does is tested beside it; what the pieces do together, and what real clients make of it, is tested here.
//! Every test has a home and a port of its own; those that keep both cores busy take turns (`support::heavy`).

mod cli;
mod clients;
mod contain;
mod content;
mod crash;
mod jobs;
mod spark;
mod support;
