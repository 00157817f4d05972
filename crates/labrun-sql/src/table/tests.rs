//! Tables out of statements.
