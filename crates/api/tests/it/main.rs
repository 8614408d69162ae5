//! The API's tests: one binary, so that it is linked once.

mod imports;
mod openapi;
mod sending;
mod support;
