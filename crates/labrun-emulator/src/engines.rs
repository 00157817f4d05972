//! What executes learner code: each engine starts contained processes and speaks with them; services say what they are to do.

pub(crate) mod spark;
