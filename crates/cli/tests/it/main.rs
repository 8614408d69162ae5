//! The binary's tests: the house rules, and the processes as an installation runs them.
#![cfg(test)]

mod processes;
mod tidy;
