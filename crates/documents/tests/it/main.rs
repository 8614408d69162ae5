//! What a certificate must be, whatever stands on it: complete, legible, unbreakable, the same every time.

#![expect(
    clippy::unwrap_used,
    reason = "what is missing or broken is what the tests look for"
)]
#![expect(
    clippy::indexing_slicing,
    reason = "a page that is not there must stop the test"
)]

mod bundle;
mod content;
mod file;
mod golden;
mod layout;
mod reading;
mod sample;
