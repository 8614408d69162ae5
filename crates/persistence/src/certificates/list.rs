//! The log of certificates, newest first, by keyset.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use countersign_domain::authz::rules::ListCertificates;
use countersign_domain::authz::{Reach, Scope};
use countersign_domain::certificates::delivery::DeliveryState;
use countersign_domain::certificates::{CertificateState, Source};
use countersign_domain::ids::{CertificateId, InsuredId};
use diesel::dsl::{AsSelect, SqlTypeOf};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types;
use diesel_async::RunQueryDsl;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::admission::Door;
use crate::db::Tx;
use crate::error::broken;
use crate::page::{After, AtMost as _, Page, PageRequest, Unseen, folded, older_than, strpos};
use crate::schema::{certificate_log, certificates};
use crate::word::Word;
use crate::{Error, agencies, holders};

/// Which certificates are wanted. Days are whole days of the agency's zone, both ends included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CertificateFilter {
    /// Of one insured.
    pub insured: Option<InsuredId>,
    /// Part of the holder's name as printed, whatever its case and accents.
    pub holder: Option<String>,
    /// Issued on this day or later.
    pub from: Option<NaiveDate>,
    /// Issued on this day or earlier.
    pub until: Option<NaiveDate>,
    /// From this master.
    pub master: Option<Uuid>,
    /// In this state.
    pub state: Option<String>,
    /// Part of the name of who issued it, whatever its case.
    pub sent_by: Option<String>,
    /// Through this door.
    pub source: Option<String>,
    /// Of this sending to many holders.
    pub batch: Option<Uuid>,
    /// One of the printed policies no longer covers on this day.
    pub cover_ends_to: Option<NaiveDate>,
}

/// A row of the log: what was printed and what became of it.
#[derive(Clone, Debug)]
pub struct CertificateRow {
    /// The certificate's own columns.
    pub certificate: Columns,
    /// Its newest sending.
    pub delivery: Option<LatestDelivery>,
}

/// The columns of a row.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = certificate_log)]
pub struct Columns {
    /// The certificate.
    pub id: Uuid,
    /// Number.
    pub number: String,
    /// Revision.
    pub revision: i32,
    /// The insured.
    pub insured_id: Uuid,
    /// The insured as printed.
    pub insured_name: String,
    /// The master.
    pub master_id: Uuid,
    /// The master's name at that time.
    pub master_name: String,
    /// The holder.
    pub holder_id: Uuid,
    /// The holder as printed.
    pub holder_name: String,
    /// Description of operations as printed.
    pub description: String,
    /// Day of issue.
    pub issued_on: NaiveDate,
    /// Moment of issue.
    pub issued_at: DateTime<Utc>,
    /// Door.
    pub source: Word<Source>,
    /// Who issued it.
    pub issued_by_name: String,
    /// What became of it.
    pub state: Word<CertificateState>,
    /// When it stopped standing.
    pub state_changed_at: Option<DateTime<Utc>>,
    /// Who ended it; the name at that time.
    pub state_changed_by_name: Option<String>,
    /// Why it was withdrawn.
    pub withdrawn_reason: Option<String>,
    /// The revision before.
    pub supersedes_id: Option<Uuid>,
    /// The revision that took its place.
    pub superseded_by_id: Option<Uuid>,
    /// The sending to many holders of which it is a part.
    pub batch_id: Option<Uuid>,
    /// The additional interest that it was sent to.
    pub interest_id: Option<Uuid>,
    /// The first day on which one of the printed policies no longer covers.
    pub cover_ends_on: NaiveDate,
    delivery_state: Option<Word<DeliveryState>>,
    delivery_to: Option<Vec<String>>,
    delivery_queued_at: Option<DateTime<Utc>>,
    delivery_accepted_at: Option<DateTime<Utc>>,
    delivery_last_error: Option<String>,
    delivery_outcome: Option<String>,
    delivery_undone_at: Option<DateTime<Utc>>,
    delivery_emailed_at: Option<DateTime<Utc>>,
}

/// The newest sending of a certificate that was not taken back, or the newest of all where every one was.
#[derive(Clone, Debug)]
pub struct LatestDelivery {
    /// Where it stands.
    pub state: DeliveryState,
    /// To whom.
    pub to_addresses: Vec<String>,
    /// When it was asked for.
    pub queued_at: DateTime<Utc>,
    /// When the relay accepted it.
    pub accepted_at: Option<DateTime<Utc>>,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// What the events of all recipients come to.
    pub outcome: Option<String>,
    /// When it was taken back.
    pub undone_at: Option<DateTime<Utc>>,
    /// When the relay accepted this or another sending of the certificate for the first time.
    pub emailed_at: Option<DateTime<Utc>>,
}

impl Columns {
    fn newest_sending(&mut self) -> Option<LatestDelivery> {
        Some(LatestDelivery {
            state: self.delivery_state?.0,
            to_addresses: self.delivery_to.take()?,
            queued_at: self.delivery_queued_at?,
            accepted_at: self.delivery_accepted_at,
            last_error: self.delivery_last_error.take(),
            outcome: self.delivery_outcome.take(),
            undone_at: self.delivery_undone_at,
            emailed_at: self.delivery_emailed_at,
        })
    }
}

impl From<Columns> for CertificateRow {
    fn from(mut certificate: Columns) -> Self {
        let delivery = certificate.newest_sending();
        Self {
            certificate,
            delivery,
        }
    }
}

/// A question to the log.
type Question<'a> = certificate_log::BoxedQuery<'a, Pg, SqlTypeOf<AsSelect<Columns, Pg>>>;

/// What the row's own columns answer. Whose log it is stays [`Unseen`] where the answer is read by walking down the log
/// in any case; where more is asked for, how much there is of it decides on the way.
fn asked<'a>(
    scope: &Scope<ListCertificates>,
    filter: &CertificateFilter,
    page: &PageRequest,
) -> Result<Question<'a>, Error> {
    let agency = scope.agency().uuid();
    let walks = is_of_an_insured_alone(filter);
    let mut query = certificate_log::table
        .select(Columns::as_select())
        .order((certificate_log::issued_at.desc(), certificate_log::id.desc()))
        .into_boxed();
    query = if walks {
        query.filter(certificate_log::agency_id.eq(Unseen(agency)))
    } else {
        query.filter(certificate_log::agency_id.eq(agency))
    };
    let own = match scope.reach() {
        Reach::Insured(own) => Some(own),
        Reach::Everything => None,
    };
    for insured in own.into_iter().chain(filter.insured) {
        query = if walks {
            query.filter(certificate_log::insured_id.eq(Unseen(insured.uuid())))
        } else {
            query.filter(certificate_log::insured_id.eq(insured.uuid()))
        };
    }
    if let Some(master) = filter.master {
        query = query.filter(certificate_log::master_id.eq(master));
    }
    if let Some(state) = &filter.state {
        query = query.filter(certificate_log::state.eq(state.clone()));
    }
    if let Some(sender) = &filter.sent_by {
        let name = folded(certificate_log::issued_by_name);
        query = query.filter(strpos(name, folded(sender.clone())).gt(0));
    }
    if let Some(source) = &filter.source {
        query = query.filter(certificate_log::source.eq(source.clone()));
    }
    if let Some(batch) = filter.batch {
        query = query.filter(certificate_log::batch_id.eq(batch));
    }
    if let Some(day) = filter.cover_ends_to {
        query = query.filter(certificate_log::cover_ends_on.le(day));
    }
    if let Some(after) = &page.after {
        let moment: DateTime<Utc> = after.key.parse().map_err(broken("cursor"))?;
        let columns = (certificate_log::issued_at, certificate_log::id);
        query = query.filter(older_than(columns, moment, after.id));
    }
    Ok(query)
}

fn cut(rows: Vec<Columns>, page: &PageRequest) -> Page<CertificateRow> {
    let rows = rows.into_iter().map(CertificateRow::from).collect();
    page.cut(rows, |last| After {
        key: last.certificate.issued_at.to_rfc3339(),
        id: last.certificate.id,
    })
}

/// A page of the log.
///
/// # Errors
/// [`Error`] of the database.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope<ListCertificates>,
    filter: &CertificateFilter,
    page: &PageRequest,
) -> Result<Page<CertificateRow>, Error> {
    let (since, before) = agencies::moments(tx, filter.from, filter.until).await?;
    let mut named = None;
    if let Some(holder) = &filter.holder {
        named = holders::named(tx, holder).await?;
        if is_of_holders_alone(scope, filter)
            && let Some(holders) = named
        {
            named = Some(newest_of(tx, holders, holder, page).await?);
        }
    }
    let asked = || {
        let mut query = asked(scope, filter, page)?;
        if let Some(named) = &named {
            query = query.filter(certificate_log::holder_id.eq_any(named.clone()));
        }
        if let Some(since) = since {
            query = query.filter(certificate_log::issued_at.ge(since));
        }
        if let Some(before) = before {
            query = query.filter(certificate_log::issued_at.lt(before));
        }
        Ok::<_, Error>(query)
    };
    if is_told_by_an_index(scope, filter) && (filter.holder.is_none() || named.is_some()) {
        // An index alone tells which ones, and passes over the others without looking each of them up.
        let ids: Vec<Uuid> = asked()?
            .select(certificate_log::id)
            .at_most(page.probe())
            .load(&mut tx.connection()?)
            .await?;
        let found = ids.len();
        let query = certificate_log::table
            .select(Columns::as_select())
            .filter(certificate_log::agency_id.eq(Unseen(scope.agency().uuid())))
            .filter(certificate_log::id.eq_any(ids))
            .order((certificate_log::issued_at.desc(), certificate_log::id.desc()))
            .into_boxed();
        let query = printed_as_asked(query, filter).at_most(page.probe());
        let rows: Vec<Columns> = query.load(&mut tx.connection()?).await?;
        // A holder that is found by another name that it has or had may have been printed with one that does not fit.
        if rows.len() == found {
            return Ok(cut(rows, page));
        }
    }
    let query = printed_as_asked(asked()?, filter).at_most(page.probe());
    let rows = query.load(&mut tx.connection()?).await?;
    Ok(cut(rows, page))
}

/// Leaves those whose holder was printed with the name that is looked for.
fn printed_as_asked<'a>(query: Question<'a>, filter: &CertificateFilter) -> Question<'a> {
    match &filter.holder {
        Some(part) => {
            let name = folded(certificate_log::holder_name);
            query.filter(strpos(name, folded(part.clone())).gt(0))
        }
        None => query,
    }
}

/// Whether `certificates_of_agency`, or of few holders `certificates_of_holder`, has everything that is asked for.
fn is_told_by_an_index(scope: &Scope<ListCertificates>, filter: &CertificateFilter) -> bool {
    let indexed = CertificateFilter {
        holder: filter.holder.clone(),
        from: filter.from,
        until: filter.until,
        sent_by: filter.sent_by.clone(),
        source: filter.source.clone(),
        ..CertificateFilter::default()
    };
    let of_agency = filter.sent_by.is_some() || filter.source.is_some();
    is_of_everything(scope) && *filter == indexed && filter.holder.is_some() != of_agency
}

/// Whether nothing is asked for but, if that, one insured.
fn is_of_an_insured_alone(filter: &CertificateFilter) -> bool {
    let insured = CertificateFilter {
        insured: filter.insured,
        ..CertificateFilter::default()
    };
    *filter == insured
}

/// Whether nothing but the holder's name is asked for.
fn is_of_holders_alone(scope: &Scope<ListCertificates>, filter: &CertificateFilter) -> bool {
    let holder = CertificateFilter {
        holder: filter.holder.clone(),
        ..CertificateFilter::default()
    };
    is_of_everything(scope) && filter.holder.is_some() && *filter == holder
}

fn is_of_everything(scope: &Scope<ListCertificates>) -> bool {
    matches!(scope.reach(), Reach::Everything)
}

#[derive(QueryableByName)]
struct HolderId {
    #[diesel(sql_type = sql_types::Uuid)]
    holder_id: Uuid,
}

/// Those of the holders that can stand on the page. Of a number of certificates, newest first, each belongs to one of
/// as many holders whose newest ones are the newest; all that the others were ever sent need not be read and sorted.
async fn newest_of(
    tx: &mut Tx,
    holders: Vec<Uuid>,
    name: &str,
    page: &PageRequest,
) -> Result<Vec<Uuid>, Error> {
    if usize::try_from(page.probe()).is_ok_and(|rows| holders.len() <= rows) {
        return Ok(holders);
    }
    let (moment, id) = match &page.after {
        Some(after) => (after.key.parse().map_err(broken("cursor"))?, after.id),
        None => (DateTime::<Utc>::MAX_UTC, Uuid::max()),
    };
    let found: Vec<HolderId> = diesel::sql_query(
        "SELECT newest.holder_id FROM unnest($1) AS named (id) CROSS JOIN LATERAL ( \
             SELECT holder_id, issued_at, id FROM certificates \
             WHERE agency_id = $2 AND holder_id = named.id AND (issued_at, id) < ($3, $4) \
             AND strpos(folded(holder_name), folded($5)) > 0 \
             ORDER BY issued_at DESC, id DESC LIMIT 1 \
         ) AS newest ORDER BY newest.issued_at DESC, newest.id DESC LIMIT $6",
    )
    .bind::<sql_types::Array<sql_types::Uuid>, _>(holders)
    .bind::<sql_types::Uuid, _>(tx.agency().uuid())
    .bind::<sql_types::Timestamptz, _>(moment)
    .bind::<sql_types::Uuid, _>(id)
    .bind::<sql_types::Text, _>(name)
    .bind::<sql_types::BigInt, _>(page.probe())
    .load(&mut tx.connection()?)
    .await?;
    Ok(found.into_iter().map(|row| row.holder_id).collect())
}

/// As [`list`], by one statement that also admits whoever asks. `None` when nobody was let in, there is nothing to
/// tell, or the filter takes more than one statement; and where the connection had ended.
///
/// # Errors
/// [`Error`] of the database.
pub async fn list_at_once(
    door: &Door<'_>,
    scope: &Scope<ListCertificates>,
    filter: &CertificateFilter,
    page: &PageRequest,
) -> Result<Option<Page<CertificateRow>>, Error> {
    let takes_more = filter.holder.is_some() || filter.from.is_some() || filter.until.is_some();
    if takes_more || is_told_by_an_index(scope, filter) {
        return Ok(None);
    }
    let query = asked(scope, filter, page)?
        .filter(door.admits())
        .at_most(page.probe());
    let mut connection = door.connection;
    let rows: Vec<Columns> = match query.load(&mut connection).await.map_err(Error::from) {
        // The connection had ended; a transaction begins anew on another.
        Err(Error::Unavailable(_)) => return Ok(None),
        rows => rows?,
    };
    Ok((!rows.is_empty()).then(|| cut(rows, page)))
}

/// What a second person lifted, of those of the certificates on which one did.
///
/// # Errors
/// [`Error`] of the database.
pub async fn overrides(
    tx: &mut Tx,
    scope: &Scope<ListCertificates>,
    rows: &[CertificateRow],
) -> Result<HashMap<Uuid, Value>, Error> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.certificate.id).collect();
    let found: Vec<(Uuid, Value)> = certificates::table
        .filter(certificates::agency_id.eq(scope.agency().uuid()))
        .filter(certificates::id.eq_any(ids))
        .filter(certificates::overrides.ne(json!([])))
        .select((certificates::id, certificates::overrides))
        .load(&mut tx.connection()?)
        .await?;
    Ok(found.into_iter().collect())
}

pub(super) async fn one(tx: &mut Tx, id: CertificateId) -> Result<CertificateRow, Error> {
    let row: Columns = certificate_log::table
        .find((tx.agency().uuid(), id.uuid()))
        .select(Columns::as_select())
        .first(&mut tx.connection()?)
        .await?;
    Ok(row.into())
}
