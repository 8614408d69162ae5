//! Templates of wording.

use chrono::{DateTime, NaiveDate, Utc};
use countersign_domain::authz::rules::{FillTemplate, ListTemplates};
use countersign_domain::authz::{Actor, Operation, Permit, Scope};
use countersign_domain::ids::{PolicyId, TemplateId};
use countersign_domain::policies::Policy;
use countersign_domain::templates::{
    Archived, Created, Edited, NeededForm, Restored, Template, TemplateKind, Wording,
};
use countersign_domain::text::NonBlank;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use crate::agencies::optional;
use crate::db::Tx;
use crate::error::broken;
use crate::schema::templates;
use crate::{Error, agencies, audit, policies};

diesel::define_sql_function! {
    /// Lower case, as the index has it.
    fn lower(text: diesel::sql_types::Text) -> diesel::sql_types::Text;
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = templates)]
struct Row {
    id: Uuid,
    version: i32,
    kind: String,
    name: String,
    subject: Option<String>,
    body: String,
    forms: Value,
    archived_at: Option<DateTime<Utc>>,
}

fn parse(row: Row, tx: &Tx) -> Result<Template, Error> {
    let forms: Vec<NeededForm> = serde_json::from_value(row.forms).map_err(broken("templates.forms"))?;
    Ok(Template {
        agency: tx.agency(),
        id: TemplateId::from_uuid(row.id),
        version: row.version,
        kind: row.kind.parse().map_err(broken("templates.kind"))?,
        wording: Wording {
            name: NonBlank::parse(&row.name).map_err(broken("templates.name"))?,
            subject: optional(row.subject, "templates.subject", NonBlank::parse)?,
            body: row.body,
            forms,
        },
        archived_at: row.archived_at,
    })
}

/// Which templates are wanted.
#[derive(Clone, Copy, Debug, Default)]
pub struct TemplateFilter {
    /// Only those for this.
    pub kind: Option<TemplateKind>,
    /// Those that were put away, instead of those in use.
    pub archived: bool,
}

/// The agency's templates by name, at most 500.
///
/// # Errors
/// [`Error`] of the database.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope<ListTemplates>,
    filter: TemplateFilter,
) -> Result<Vec<Template>, Error> {
    let mut query = templates::table
        .filter(templates::agency_id.eq(scope.agency().uuid()))
        .order((lower(templates::name).asc(), templates::id.asc()))
        .limit(500)
        .select(Row::as_select())
        .into_boxed();
    query = match filter.archived {
        true => query.filter(templates::archived_at.is_not_null()),
        false => query.filter(templates::archived_at.is_null()),
    };
    if let Some(kind) = filter.kind {
        query = query.filter(templates::kind.eq(kind.as_str()));
    }
    let rows: Vec<Row> = query.load(&mut tx.connection()?).await?;
    rows.into_iter().map(|row| parse(row, tx)).collect()
}

async fn load(tx: &mut Tx, id: TemplateId, lock: bool) -> Result<Template, Error> {
    let query = templates::table
        .find((tx.agency().uuid(), id.uuid()))
        .select(Row::as_select());
    let row: Row = if lock {
        query.for_update().first(&mut tx.connection()?).await?
    } else {
        query.first(&mut tx.connection()?).await?
    };
    parse(row, tx)
}

/// Asks for an operation on a template.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Denied`].
pub async fn find<O: Operation<Target = Template>>(
    tx: &mut Tx,
    actor: &Actor,
    id: TemplateId,
) -> Result<Permit<O>, Error> {
    let template = load(tx, id, false).await?;
    Ok(actor.request::<O>(template)?)
}

/// As [`find`], and holds the template's row until the end of the transaction.
///
/// # Errors
/// As [`find`].
pub async fn lock<O: Operation<Target = Template>>(
    tx: &mut Tx,
    actor: &Actor,
    id: TemplateId,
) -> Result<Permit<O>, Error> {
    let template = load(tx, id, true).await?;
    Ok(actor.request::<O>(template)?)
}

/// Those of the chosen policies that are the insured's, and the day in the agency's zone.
///
/// # Errors
/// [`Error`] of the database.
pub async fn facts(
    tx: &mut Tx,
    permit: &Permit<FillTemplate>,
    chosen: &[PolicyId],
    now: DateTime<Utc>,
) -> Result<(Vec<Policy>, NaiveDate), Error> {
    let today = agencies::current(tx).await?.profile.zone.day(now);
    Ok((policies::some_of(tx, permit.id, chosen).await?, today))
}

fn forms(wording: &Wording) -> Result<Value, Error> {
    serde_json::to_value(&wording.forms).map_err(broken("templates.forms"))
}

/// Writes a new template.
///
/// # Errors
/// [`Error::Conflict`] when the agency has one of this kind and name.
pub async fn record_created(tx: &mut Tx, created: &Created, now: DateTime<Utc>) -> Result<(), Error> {
    let wording = created.wording();
    diesel::insert_into(templates::table)
        .values((
            templates::agency_id.eq(tx.agency().uuid()),
            templates::id.eq(created.id().uuid()),
            templates::kind.eq(created.kind().as_str()),
            templates::name.eq(wording.name.as_str()),
            templates::subject.eq(wording.subject.as_ref().map(NonBlank::as_str)),
            templates::body.eq(&wording.body),
            templates::forms.eq(forms(wording)?),
            templates::created_at.eq(now),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    audit::append(tx, created, now).await
}

/// Writes a changed template.
///
/// # Errors
/// [`Error::Stale`] when it was changed since it was read; [`Error::Conflict`] when the name is taken.
pub async fn record_edited(tx: &mut Tx, edited: &Edited, now: DateTime<Utc>) -> Result<(), Error> {
    let (before, wording) = (edited.before(), edited.wording());
    let changed = diesel::update(templates::table.find((tx.agency().uuid(), before.id.uuid())))
        .filter(templates::version.eq(before.version))
        .set((
            templates::name.eq(wording.name.as_str()),
            templates::subject.eq(wording.subject.as_ref().map(NonBlank::as_str)),
            templates::body.eq(&wording.body),
            templates::forms.eq(forms(wording)?),
            templates::version.eq(templates::version + 1),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    if changed == 0 {
        let current = load(tx, before.id, false).await?.version;
        return Err(Error::Stale { current });
    }
    audit::append(tx, edited, now).await
}

async fn put(tx: &mut Tx, template: &Template, archived_at: Option<DateTime<Utc>>) -> Result<(), Error> {
    diesel::update(templates::table.find((tx.agency().uuid(), template.id.uuid())))
        .set((
            templates::archived_at.eq(archived_at),
            templates::version.eq(templates::version + 1),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    Ok(())
}

/// Puts a template away.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record_archived(tx: &mut Tx, archived: &Archived) -> Result<(), Error> {
    put(tx, archived.template(), Some(archived.at())).await?;
    audit::append(tx, archived, archived.at()).await
}

/// Brings a template back.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record_restored(tx: &mut Tx, restored: &Restored, now: DateTime<Utc>) -> Result<(), Error> {
    put(tx, restored.template(), None).await?;
    audit::append(tx, restored, now).await
}
