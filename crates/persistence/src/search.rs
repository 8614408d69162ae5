//! Search over everything a staff user may list: insureds, policies, certificates, holders.
//!
//! Invariant: what a list would not show, search does not find.

use countersign_domain::authz::Permit;
use countersign_domain::authz::rules::{ListCertificates, ListHolders, Search};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::Error;
use crate::db::Tx;
use crate::page::anywhere;

/// One thing that was found.
#[derive(Clone, Debug, QueryableByName)]
pub struct Hit {
    /// `insured`, `policy`, `certificate` or `holder`.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// Its id.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// The profile it leads to.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub insured_id: Option<Uuid>,
    /// Its name or number.
    #[diesel(sql_type = Text)]
    pub title: String,
    /// What tells it from others of the same name.
    #[diesel(sql_type = Text)]
    pub subtitle: String,
    /// What matched: `name`, `email`, `customer_number`, `policy_number`, `certificate_number`.
    #[diesel(sql_type = Text)]
    pub matched: String,
}

/// At most 20 hits: insureds first, then policies, certificates and holders.
///
/// # Errors
/// [`Error`] of the database.
pub async fn search(tx: &mut Tx, permit: &Permit<Search>, text: &str) -> Result<Vec<Hit>, Error> {
    let statement = "\
        (SELECT 'insured' AS kind, id, id AS insured_id, name AS title, city || ', ' || state AS subtitle, \
                CASE WHEN name ILIKE $2 OR dba ILIKE $2 THEN 'name' WHEN email ILIKE $2 THEN 'email' \
                     ELSE 'customer_number' END AS matched \
         FROM insureds WHERE agency_id = $1 \
             AND (name ILIKE $2 OR dba ILIKE $2 OR email ILIKE $2 OR customer_id ILIKE $2) \
         ORDER BY lower(name), id LIMIT 8) \
        UNION ALL \
        (SELECT 'policy', p.id, p.insured_id, p.number, i.name, 'policy_number' \
         FROM policies p JOIN insureds i ON i.agency_id = p.agency_id AND i.id = p.insured_id \
         WHERE p.agency_id = $1 AND p.number ILIKE $2 ORDER BY p.effective_on DESC, p.id LIMIT 5) \
        UNION ALL \
        (SELECT 'certificate', id, insured_id, number, insured_name || ' for ' || holder_name, 'certificate_number' \
         FROM certificates WHERE $3 AND agency_id = $1 AND number ILIKE $2 ORDER BY issued_at DESC, id LIMIT 5) \
        UNION ALL \
        (SELECT 'holder', h.id, (SELECT l.insured_id FROM insured_holders l \
                WHERE l.agency_id = h.agency_id AND l.holder_id = h.id \
                ORDER BY l.last_used_at DESC NULLS LAST LIMIT 1), h.name, h.city || ', ' || h.state, 'name' \
         FROM holders h WHERE $4 AND h.agency_id = $1 AND h.archived_at IS NULL AND h.names_folded LIKE folded_anywhere($5) \
         ORDER BY lower(h.name), h.id LIMIT 5)";
    Ok(diesel::sql_query(statement)
        .bind::<SqlUuid, _>(permit.id.uuid())
        .bind::<Text, _>(anywhere(text))
        .bind::<Bool, _>(permit.actor().scope::<ListCertificates>().is_ok())
        .bind::<Bool, _>(permit.actor().scope::<ListHolders>().is_ok())
        .bind::<Text, _>(text)
        .load(&mut tx.connection()?)
        .await?)
}
