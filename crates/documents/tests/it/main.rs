//! What a certificate must be, whatever stands on it: complete, legible, unbreakable, the same every time.

mod content;
mod file;
mod golden;
mod layout;
mod reading;
mod sample;
