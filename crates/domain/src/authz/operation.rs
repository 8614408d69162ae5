//! The mechanism of authorization: an operation judges an actor and a target; only an allowed request
//! yields a [`Permit`], and only a permit opens a loader's result or a transition.
//!
//! Invariant: a `Permit<O>` exists only because `O::judge` allowed it for exactly that target.

use std::marker::PhantomData;
use std::ops::Deref;

use super::actor::{Actor, By};
use crate::ids::{AgencyId, InsuredId};
use crate::vocabulary;

vocabulary! {
    /// The rule that spoke.
    pub enum Rule {
        /// The account is suspended.
        AccountSuspended = "account_suspended",
        /// The record belongs to another agency.
        OtherAgency = "other_agency",
        /// The record belongs to another insured.
        OtherInsured = "other_insured",
        /// The security group does not open this.
        GroupDoesNotOpen = "group_does_not_open",
        /// The portal user does not hold the right.
        RightNotGranted = "right_not_granted",
        /// The act is not for this kind of actor at all.
        NotForThisActor = "not_for_this_actor",
        /// The agency did not open the record to the portal.
        NotOpenedToPortal = "not_opened_to_portal",
        /// The actor's own request, which another person decides.
        OwnRequest = "own_request",
    }
}

/// The answer to "may this actor do this to that?".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Yes.
    Allowed,
    /// No, and the actor may not even know that the target exists.
    Hidden(Rule),
    /// No, and the actor may know why.
    Forbidden(Rule),
}

/// One verb: what it acts on and who may do it. Every implementation is in `rules.rs`.
pub trait Operation: Sized {
    /// What it acts on.
    type Target: Belongs;
    /// The operation's name in the access matrix, `verb_noun`.
    const NAME: &'static str;

    /// Judges an actor of the target's agency whose account is active.
    fn judge(actor: &Actor, target: &Self::Target) -> Verdict;
}

/// A target of an operation belongs to one agency.
pub trait Belongs {
    /// The agency it belongs to.
    fn agency(&self) -> AgencyId;
}

/// Evaluates the whole chain: agency, account state, then the operation's own rule.
#[must_use]
pub fn evaluate<O: Operation>(actor: &Actor, target: &O::Target) -> Verdict {
    use super::actor::AccountState::Suspended;
    if actor.agency() != target.agency() {
        return Verdict::Hidden(Rule::OtherAgency);
    }
    match actor {
        Actor::Staff(staff) if staff.state == Suspended => Verdict::Forbidden(Rule::AccountSuspended),
        Actor::Portal(portal) if portal.state == Suspended => Verdict::Forbidden(Rule::AccountSuspended),
        _ => O::judge(actor, target),
    }
}

/// Proof that an actor may do `O` to the target it holds.
#[derive(Debug)]
pub struct Permit<O: Operation> {
    target: O::Target,
    actor: Actor,
    operation: PhantomData<O>,
}

impl<O: Operation> Permit<O> {
    /// Who may.
    #[must_use]
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The signature of who may.
    #[must_use]
    pub fn by(&self) -> By {
        self.actor.by()
    }

    /// Gives up the proof and keeps the target.
    #[must_use]
    pub fn into_target(self) -> O::Target {
        self.target
    }
}

impl<O: Operation> Deref for Permit<O> {
    type Target = O::Target;

    fn deref(&self) -> &O::Target {
        &self.target
    }
}

/// Which records a list may show.
#[derive(Debug)]
pub struct Scope<O> {
    reach: Reach,
    agency: AgencyId,
    operation: PhantomData<O>,
}

/// How far a [`Scope`] reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Every record of the agency.
    Everything,
    /// Only records of one insured.
    Insured(InsuredId),
}

impl<O> Scope<O> {
    /// How far it reaches.
    #[must_use]
    pub const fn reach(&self) -> Reach {
        self.reach
    }

    /// The agency of the records.
    #[must_use]
    pub const fn agency(&self) -> AgencyId {
        self.agency
    }
}

/// A verb over many records: how far an actor sees. Implemented in `rules.rs` only.
pub trait Listing: Sized {
    /// The listing's name in the access matrix.
    const NAME: &'static str;

    /// How far the actor sees, or why not at all.
    ///
    /// # Errors
    /// The rule that closes the whole list.
    fn reach(actor: &Actor) -> Result<Reach, Rule>;
}

impl Actor {
    /// Asks for a permit.
    ///
    /// # Errors
    /// The verdict, when it is not [`Verdict::Allowed`].
    pub fn request<O: Operation>(&self, target: O::Target) -> Result<Permit<O>, Verdict> {
        match evaluate::<O>(self, &target) {
            Verdict::Allowed => Ok(Permit {
                target,
                actor: self.clone(),
                operation: PhantomData,
            }),
            denied => Err(denied),
        }
    }

    /// Whether a request would be granted; what a view lists under `may`.
    #[must_use]
    pub fn may<O: Operation>(&self, target: &O::Target) -> bool {
        evaluate::<O>(self, target) == Verdict::Allowed
    }

    /// Asks how far a list may reach.
    ///
    /// # Errors
    /// The verdict that closes the list.
    pub fn scope<O: Listing>(&self) -> Result<Scope<O>, Verdict> {
        use super::actor::AccountState::Suspended;
        let suspended = match self {
            Self::Staff(staff) => staff.state == Suspended,
            Self::Portal(portal) => portal.state == Suspended,
            Self::System { .. } => false,
        };
        if suspended {
            return Err(Verdict::Forbidden(Rule::AccountSuspended));
        }
        O::reach(self)
            .map(|reach| Scope {
                reach,
                agency: self.agency(),
                operation: PhantomData,
            })
            .map_err(Verdict::Forbidden)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authz::rules::{ListInsureds, ViewAgency, ViewInsured};
    use crate::authz::{Permission, Process, Right};
    use crate::testing as cast;

    #[test]
    fn the_agency_is_asked_before_the_account() {
        let stranger = cast::suspended(cast::elsewhere(cast::administrator()));
        assert_eq!(
            evaluate::<ViewInsured>(&stranger, &cast::insured()),
            Verdict::Hidden(Rule::OtherAgency)
        );
    }

    #[test]
    fn the_account_is_asked_before_the_rule() {
        let suspended = cast::suspended(cast::staff_with(&[]));
        assert_eq!(
            evaluate::<ViewInsured>(&suspended, &cast::insured()),
            Verdict::Forbidden(Rule::AccountSuspended)
        );
        assert_eq!(
            suspended.scope::<ListInsureds>().unwrap_err(),
            Verdict::Forbidden(Rule::AccountSuspended)
        );
    }

    #[test]
    fn a_refused_request_gives_no_permit() {
        let portal = cast::portal_with(Right::ALL);
        assert!(portal.request::<ViewAgency>(cast::agency()).is_err());
        assert!(!portal.may::<ViewAgency>(&cast::agency()));
    }

    #[test]
    fn a_scope_is_of_the_actors_own_agency() {
        let staff = cast::elsewhere(cast::staff_with(&[Permission::ViewInsureds]));
        let scope = staff.scope::<ListInsureds>().unwrap();
        assert_eq!(
            (scope.agency(), scope.reach()),
            (cast::OTHER_AGENCY, Reach::Everything)
        );
    }

    #[test]
    fn everybody_signs_with_a_name() {
        let by = cast::administrator().by();
        assert_eq!(
            (by.kind, by.name.as_str()),
            (crate::authz::ActorKind::Staff, "Maren Voss")
        );
        assert!(by.id.is_some());
        let by = cast::system(Process::Mailer).by();
        assert_eq!(
            (by.kind, by.name.as_str()),
            (crate::authz::ActorKind::System, "mailer")
        );
        assert_eq!(by.id, None);
    }
}
