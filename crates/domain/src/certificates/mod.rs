//! Certificates of insurance: what they print, how they are sent, what may become of them.

pub mod payload;
