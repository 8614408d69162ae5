//! The business of Countersign, with no I/O and no framework.

pub mod certificates;
pub mod ids;
pub mod money;
pub mod policies;
pub mod text;
pub mod vocabulary;
