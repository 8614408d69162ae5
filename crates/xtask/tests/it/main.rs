//! What no crate can say alone: that the files around the product say the same as the product.

mod deployment;
