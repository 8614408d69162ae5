//! Links between the terms of a policy, for a book that an import brought.
//!
//! Invariant: what is not clear is not linked; a person may do it.

use std::collections::HashSet;

use chrono::NaiveDate;
use countersign_domain::policies::Line;
use countersign_domain::policies::words::Status;
use diesel::prelude::*;
use diesel::sql_types;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::Error;
use crate::db::Tx;
use crate::schema::{insureds, policies};

#[derive(Queryable, Selectable)]
#[diesel(table_name = policies)]
struct Term {
    id: Uuid,
    insured_id: Uuid,
    carrier_id: Uuid,
    number: String,
    line: String,
    effective_on: NaiveDate,
    expires_on: NaiveDate,
    status: String,
    prior_id: Option<Uuid>,
}

impl Term {
    /// Whether it has the number of `next`, and ends on the day on which that one begins.
    fn runs_into(&self, next: &Self) -> bool {
        self.number == next.number && self.expires_on == next.effective_on
    }

    /// Whether it is a term of the same policy of the same insurer that was over before `next` began.
    fn lapsed_before(&self, next: &Self) -> bool {
        self.number == next.number
            && self.carrier_id == next.carrier_id
            && self.expires_on < next.effective_on
    }

    /// Whether it can be the term before one of another number: a policy that was in force until its end. Of the lines
    /// without a name no two are known to be the same cover.
    fn can_be_renumbered(&self) -> bool {
        self.line != Line::Other.as_str() && self.status != Status::Quoted.as_str()
    }
}

/// The term before `next` among the terms of its insured and its line, if there is no doubt about it: of the same number,
/// or the only one of the same insurer that ends on the day on which only `next` begins.
fn before<'t>(terms: &'t [Term], next: &Term) -> Option<(Likeness, &'t Term)> {
    if let Some(prior) = terms.iter().find(|term| term.runs_into(next)) {
        return Some((Likeness::Number, prior));
    }
    let lapsed = terms.iter().filter(|term| term.lapsed_before(next));
    if let Some(last) = lapsed.max_by_key(|term| term.expires_on) {
        return Some((Likeness::NumberAfterGap, last));
    }
    let mut ending = terms
        .iter()
        .filter(|term| term.carrier_id == next.carrier_id && term.expires_on == next.effective_on);
    let prior = ending.next()?;
    let alone = ending.next().is_none()
        && terms
            .iter()
            .filter(|term| term.carrier_id == next.carrier_id && term.effective_on == next.effective_on)
            .count()
            == 1;
    let whole = prior.status != Status::Cancelled.as_str();
    (alone && whole && prior.can_be_renumbered() && next.can_be_renumbered())
        .then_some((Likeness::Renumbered, prior))
}

/// By what two terms are known to be of one policy; what says most comes first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Likeness {
    Number,
    NumberAfterGap,
    Renumbered,
}

/// Insureds whose policies are looked at together.
const AT_ONCE: i64 = 2_000;

/// Links the terms of the book that have no term before them with the one that [`before`] knows. A term that was linked
/// by hand keeps its link.
///
/// It is done when the whole import is written: what the next rows bring can make a doubt of what looked clear.
pub(super) async fn link(tx: &mut Tx) -> Result<(), Error> {
    let mut after = Uuid::nil();
    loop {
        let some: Vec<Uuid> = insureds::table
            .filter(insureds::agency_id.eq(tx.agency().uuid()))
            .filter(insureds::id.gt(after))
            .order(insureds::id)
            .limit(AT_ONCE)
            .select(insureds::id)
            .load(&mut tx.connection()?)
            .await?;
        let Some(last) = some.last() else {
            return Ok(());
        };
        after = *last;
        link_of(tx, some).await?;
    }
}

/// Links the terms of some insureds.
///
/// The terms are compared here and not by a join of policies with policies: after an import the statistics of the table
/// tell of an empty one, and such a join then reads the whole book for each policy.
async fn link_of(tx: &mut Tx, insureds: Vec<Uuid>) -> Result<(), Error> {
    let agency = tx.agency().uuid();
    let mut connection = tx.connection()?;
    let mut terms: Vec<Term> = policies::table
        .filter(policies::agency_id.eq(agency))
        .filter(policies::insured_id.eq_any(insureds))
        .select(Term::as_select())
        .load(&mut connection)
        .await?;
    terms.sort_by(|a, b| (a.insured_id, &a.line, a.id).cmp(&(b.insured_id, &b.line, b.id)));
    // A term is renewed once.
    let mut renewed: HashSet<Uuid> = terms.iter().filter_map(|term| term.prior_id).collect();
    let mut links: Vec<(Likeness, Uuid, Uuid)> = terms
        .chunk_by(|a, b| (a.insured_id, &a.line) == (b.insured_id, &b.line))
        .flat_map(|of_line| {
            let missing = of_line.iter().filter(|term| term.prior_id.is_none());
            missing.filter_map(|term| before(of_line, term).map(|(how, prior)| (how, term.id, prior.id)))
        })
        .collect();
    links.sort_by_key(|(likeness, ..)| *likeness);
    let (ids, priors): (Vec<Uuid>, Vec<Uuid>) = links
        .into_iter()
        .filter(|(.., prior)| renewed.insert(*prior))
        .map(|(_, id, prior)| (id, prior))
        .unzip();
    if ids.is_empty() {
        return Ok(());
    }
    diesel::sql_query(
        "UPDATE policies p SET prior_id = u.prior_id FROM unnest($2, $3) AS u (id, prior_id) \
         WHERE p.agency_id = $1 AND p.id = u.id",
    )
    .bind::<sql_types::Uuid, _>(agency)
    .bind::<sql_types::Array<sql_types::Uuid>, _>(ids)
    .bind::<sql_types::Array<sql_types::Uuid>, _>(priors)
    .execute(&mut connection)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CARRIER: Uuid = Uuid::from_u128(7);

    fn term(number: &str, from: &str, to: &str) -> Term {
        Term {
            id: Uuid::from_u128(
                from.bytes()
                    .chain(number.bytes())
                    .fold(1, |sum, byte| sum * 31 + u128::from(byte)),
            ),
            insured_id: Uuid::from_u128(1),
            carrier_id: CARRIER,
            number: number.to_owned(),
            line: Line::GeneralLiability.to_string(),
            effective_on: from.parse().unwrap(),
            expires_on: to.parse().unwrap(),
            status: Status::Active.to_string(),
            prior_id: None,
        }
    }

    /// The number of the term that is known to be the one before `next`.
    fn number_before(others: Vec<Term>, next: Term) -> Option<String> {
        let id = next.id;
        let mut terms = others;
        terms.push(next);
        let next = terms.iter().find(|term| term.id == id).unwrap();
        before(&terms, next).map(|(_, prior)| format!("{} {}", prior.number, prior.expires_on))
    }

    fn next(number: &str) -> Term {
        term(number, "2026-03-01", "2027-03-01")
    }

    #[test]
    fn the_same_number_is_the_same_policy_whatever_its_insurer_is_called_since() {
        let mut former = term("GL-1", "2025-03-01", "2026-03-01");
        former.carrier_id = Uuid::from_u128(8);
        let other = term("GL-2", "2025-03-01", "2026-03-01");
        assert_eq!(
            number_before(vec![other, former], next("GL-1")),
            Some("GL-1 2026-03-01".to_owned())
        );
    }

    #[test]
    fn after_a_gap_the_last_term_of_the_number_is_the_one_before() {
        let terms = vec![
            term("GL-1", "2023-01-15", "2024-01-15"),
            term("GL-1", "2024-01-15", "2025-01-15"),
        ];
        assert_eq!(
            number_before(terms, next("GL-1")),
            Some("GL-1 2025-01-15".to_owned())
        );
        let mut elsewhere = term("GL-1", "2024-01-15", "2025-01-15");
        elsewhere.carrier_id = Uuid::from_u128(8);
        assert_eq!(number_before(vec![elsewhere], next("GL-1")), None);
        let overlapping = term("GL-1", "2025-06-01", "2026-06-01");
        assert_eq!(number_before(vec![overlapping], next("GL-1")), None);
    }

    #[test]
    fn a_new_number_follows_the_only_term_of_the_insurer_that_ends_then() {
        let former = || term("GL-1", "2025-03-01", "2026-03-01");
        assert_eq!(
            number_before(vec![former()], next("GL-2")),
            Some("GL-1 2026-03-01".to_owned())
        );
        // A doubt on either side, and nothing is linked.
        let second = term("GL-9", "2025-03-01", "2026-03-01");
        assert_eq!(number_before(vec![former(), second], next("GL-2")), None);
        assert_eq!(number_before(vec![former(), next("GL-3")], next("GL-2")), None);
        // Nor where a day or the insurer does not fit.
        assert_eq!(
            number_before(vec![term("GL-1", "2025-02-01", "2026-02-01")], next("GL-2")),
            None
        );
        let mut elsewhere = former();
        elsewhere.carrier_id = Uuid::from_u128(8);
        assert_eq!(number_before(vec![elsewhere], next("GL-2")), None);
    }

    #[test]
    fn neither_a_quote_nor_a_cancelled_term_nor_a_line_without_a_name_is_taken_for_a_term_before() {
        let former = || term("GL-1", "2025-03-01", "2026-03-01");
        for status in [Status::Quoted, Status::Cancelled] {
            let mut odd = former();
            odd.status = status.to_string();
            assert_eq!(number_before(vec![odd], next("GL-2")), None, "{status}");
        }
        let mut quote = next("GL-2");
        quote.status = Status::Quoted.to_string();
        assert_eq!(number_before(vec![former()], quote), None);
        let of_other = |mut term: Term| {
            term.line = Line::Other.to_string();
            term
        };
        assert_eq!(
            number_before(vec![of_other(former())], of_other(next("GL-2"))),
            None
        );
    }
}
