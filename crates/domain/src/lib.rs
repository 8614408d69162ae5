//! The business of Countersign, with no I/O, no framework and no clock: `now` and new ids are arguments.
//!
//! * [`agency`] – the tenant, the producer on a certificate
//! * [`insureds`] – its customers; [`policies`] – their cover and the forms attached to it
//! * [`holders`] – who asks for proof; [`interests`] – who has a stake, and of what nature; [`certificates`] – the proof, how it is checked and sent
//! * [`state_rules`] – what the states ask of a certificate's form
//! * [`portal`] – the insureds' sign-ins; [`authz`] – who may do what, all of it in one file
//! * [`tasks`] – what staff must do: mail that came back, answers of insureds
//! * [`templates`] – wording that is written once and picked again
//! * [`imports`] – files into checked records
//! * [`passwords`] – what a password must be, and the ladder against guessing
//! * [`exports`] – lists that leave as a file
//! * [`audit`], [`jobs`] – what an outcome leaves behind: a trace, and things to do later
//! * [`ids`], [`text`], [`money`], [`vocabulary`] – values
//!
//! Invariants of the business: a certificate never says more than the policies behind it; it never changes
//! once issued; a resend mails the same bytes; only staff decide what an insured may do.

pub mod agency;
pub mod audit;
pub mod authz;
pub mod certificates;
pub mod exports;
pub mod holders;
pub mod ids;
pub mod imports;
pub mod insureds;
pub mod interests;
pub mod jobs;
pub mod money;
pub mod passwords;
pub mod policies;
pub mod portal;
pub mod state_rules;
pub mod tasks;
pub mod templates;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod text;
pub mod vocabulary;
