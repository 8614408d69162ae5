//! Links between the terms of a policy, for policies that an import brought.

use std::collections::HashSet;

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::Error;
use crate::db::Tx;
use crate::schema::policies;

#[derive(Queryable, Selectable)]
#[diesel(table_name = policies)]
struct Term {
    id: Uuid,
    insured_id: Uuid,
    number: String,
    line: String,
    effective_on: NaiveDate,
    expires_on: NaiveDate,
    prior_id: Option<Uuid>,
}

impl Term {
    /// Whether this term ends on the day on which `next` of the same policy begins.
    fn precedes(&self, next: &Self) -> bool {
        self.id != next.id
            && self.expires_on == next.effective_on
            && (&self.number, &self.line, self.insured_id) == (&next.number, &next.line, next.insured_id)
    }
}

/// Links each of the policies `fresh` with its neighbours in time: terms of one number, line and insured, of which
/// one begins on the day on which the other ends. A term that was linked by hand keeps its link.
///
/// The terms are compared here and not by a join of policies with policies: while an import runs, the statistics of
/// the table tell of an empty one, and such a join then reads the whole book for each policy.
pub(super) async fn link(tx: &mut Tx, numbers: HashSet<&str>, fresh: &HashSet<Uuid>) -> Result<(), Error> {
    let agency = tx.agency().uuid();
    let mut connection = tx.connection()?;
    let mut terms: Vec<Term> = policies::table
        .filter(policies::agency_id.eq(agency))
        .filter(policies::number.eq_any(numbers))
        .select(Term::as_select())
        .load(&mut connection)
        .await?;
    terms.sort_by(|a, b| (&a.number, a.effective_on, a.id).cmp(&(&b.number, b.effective_on, b.id)));
    let links: Vec<(Uuid, Uuid)> = terms
        .chunk_by(|a, b| a.number == b.number)
        .flat_map(|policy| {
            let missing = policy.iter().filter(|term| term.prior_id.is_none());
            missing.filter_map(|term| {
                let prior = policy.iter().find(|earlier| earlier.precedes(term))?;
                (fresh.contains(&term.id) || fresh.contains(&prior.id)).then_some((term.id, prior.id))
            })
        })
        .collect();
    if links.is_empty() {
        return Ok(());
    }
    // A term of another number may have been linked to one of these by hand; a term is renewed once.
    let mut renewed: HashSet<Uuid> = policies::table
        .filter(policies::agency_id.eq(agency))
        .filter(policies::prior_id.eq_any(links.iter().map(|(_, prior)| *prior)))
        .select(policies::prior_id.assume_not_null())
        .load(&mut connection)
        .await?
        .into_iter()
        .collect();
    let (ids, priors): (Vec<Uuid>, Vec<Uuid>) = links
        .into_iter()
        .filter(|(_, prior)| renewed.insert(*prior))
        .unzip();
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
