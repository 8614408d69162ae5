//! What must hold of the business for everybody and for every draft: who may do what, and that a
//! certificate never says more than the policies behind it.
#![cfg(test)]

mod access_matrix;
mod authority;
mod import_docs;
mod requirements;
mod surface;
mod truth;
mod values;
