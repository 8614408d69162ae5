//! The binary's tests: the house rules, and the processes as an installation runs them.

mod processes;
mod tidy;
