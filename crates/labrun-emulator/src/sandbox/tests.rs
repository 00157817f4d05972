//! Laws of the sandbox.
