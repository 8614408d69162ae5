//! The owner's work: migrations, the login of the server, and the first agency of an installation.
//!
//! Only this module uses the owner's connection; server and worker never see its address.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use countersign_domain::agency::Zone;
use countersign_domain::audit::{Action, Entry};
use countersign_domain::authz::{ActorKind, By, Permission, Process};
use countersign_domain::ids::{AgencyId, JobId, PasswordLinkId, StaffUserId};
use countersign_domain::portal::{LinkOrder, LinkPurpose};
use countersign_domain::text::{EmailAddress, NonBlank, PersonName, Slug, Username};
use diesel::prelude::*;
use diesel::sql_types;
use diesel_async::{AsyncMigrationHarness, RunQueryDsl, SimpleAsyncConnection as _};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};
use serde_json::json;
use url::Url;

use crate::db::{Db, owner_connection};
use crate::schema::{agencies, audit_heads, certificate_counters, staff_groups, staff_users};
use crate::{Error, audit, sessions};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// Held while migrating, so that of several nodes one migrates and the others wait.
const MIGRATION_LOCK: i64 = 0x636f_756e_7465_7273;

/// Brings the database up to this release's schema; returns how many migrations ran.
///
/// Blocks the thread it runs on; needs a runtime of several threads.
///
/// # Errors
/// [`Error`] of the database.
pub async fn run(owner_url: &str) -> Result<usize, Error> {
    let mut connection = owner_connection(owner_url).await?;
    connection
        // The wait for another node has no limit; the migrations' own locks have, so that they never pile
        // requests up behind them.
        .batch_execute(&format!(
            "SELECT pg_advisory_lock({MIGRATION_LOCK}); SET lock_timeout = '3s'"
        ))
        .await?;
    let mut harness = AsyncMigrationHarness::new(connection);
    let applied = harness
        .run_pending_migrations(MIGRATIONS)
        .map_err(|error| Error::Broken(error.to_string()))?
        .len();
    let mut connection = harness.into_inner();
    // The server compares this with what it was built for, and it may read nothing else of the owner's.
    connection
        .batch_execute("GRANT SELECT ON __diesel_schema_migrations TO countersign_app, countersign_worker")
        .await?;
    Ok(applied)
}

/// Takes the last migrations back, as many as there are; for the test that up and down fit together.
///
/// # Errors
/// [`Error`] of the database.
pub async fn revert_all(owner_url: &str) -> Result<(), Error> {
    let connection = owner_connection(owner_url).await?;
    let mut harness = AsyncMigrationHarness::new(connection);
    harness
        .revert_all_migrations(MIGRATIONS)
        .map_err(|error| Error::Broken(error.to_string()))?;
    Ok(())
}

/// Every migration this release knows.
fn versions() -> Result<BTreeSet<String>, Error> {
    use diesel::migration::MigrationSource as _;
    let known: Vec<Box<dyn diesel::migration::Migration<diesel::pg::Pg>>> = MIGRATIONS
        .migrations()
        .map_err(|error| Error::Broken(error.to_string()))?;
    Ok(known
        .iter()
        .map(|migration| migration.name().version().to_string())
        .collect())
}

/// The newest migration this release knows.
///
/// # Errors
/// [`Error::Broken`] when the embedded migrations cannot be read.
pub fn newest_version() -> Result<String, Error> {
    versions()?
        .pop_last()
        .ok_or_else(|| Error::Broken("no migrations are embedded".to_owned()))
}

#[derive(QueryableByName)]
struct Version {
    #[diesel(sql_type = sql_types::Text)]
    version: String,
}

/// Whether every migration that this release knows was applied. Newer ones are welcome: while servers change
/// over, the older ones go on working with the schema of the release after theirs.
///
/// # Errors
/// [`Error`] of the database.
pub async fn schema_is_current(db: &Db) -> Result<bool, Error> {
    let found: Vec<Version> = db
        .outside(async |connection| {
            Ok(
                diesel::sql_query("SELECT version::text AS version FROM __diesel_schema_migrations")
                    .load(connection)
                    .await?,
            )
        })
        .await?;
    let found: BTreeSet<String> = found.into_iter().map(|row| row.version).collect();
    Ok(versions()?.is_subset(&found))
}

/// Makes (or updates) the login that server and worker use: it owns nothing and may only become the two
/// roles that row-level security binds.
///
/// # Errors
/// [`Error::Unavailable`] when the address names no user; [`Error`] of the database.
pub async fn provision_login(owner_url: &str, login_url: &str) -> Result<(), Error> {
    let login =
        Url::parse(login_url).map_err(|error| Error::Unavailable(format!("login address: {error}")))?;
    let name = percent_decoded(login.username());
    if name.is_empty() {
        return Err(Error::Unavailable("the login address names no user".to_owned()));
    }
    let password = login.password().map(percent_decoded);
    let mut connection = owner_connection(owner_url).await?;
    let role = name.replace('"', "\"\"");
    let literal = name.replace('\'', "''");
    let secret = password.map_or_else(String::new, |text| {
        format!(" PASSWORD '{}'", text.replace('\'', "''"))
    });
    connection
        .batch_execute(&format!(
            "DO $block$ BEGIN \
                 IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{literal}') THEN \
                     CREATE ROLE \"{role}\" LOGIN NOINHERIT; \
                 END IF; \
             EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $block$; \
             ALTER ROLE \"{role}\" LOGIN NOINHERIT{secret}; \
             GRANT countersign_app, countersign_worker TO \"{role}\""
        ))
        .await?;
    Ok(())
}

/// A part of an address as it was meant. The form decoder reads `+` as a blank and `&` as an end, and both
/// may stand in a password as they are.
fn percent_decoded(text: &str) -> String {
    let form = format!("x={}", text.replace('+', "%2B").replace('&', "%26"));
    url::form_urlencoded::parse(form.as_bytes())
        .next()
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

/// The first agency and its first administrator.
#[derive(Clone, Debug)]
pub struct Bootstrap {
    /// The agency's id.
    pub agency: AgencyId,
    /// Its name in addresses.
    pub slug: Slug,
    /// Its name.
    pub name: NonBlank,
    /// Its time zone.
    pub zone: Zone,
    /// The administrator's id.
    pub admin: StaffUserId,
    /// First name.
    pub first_name: PersonName,
    /// Last name.
    pub last_name: PersonName,
    /// Username.
    pub username: Username,
    /// Email.
    pub email: EmailAddress,
    /// The password's hash; without one an invitation is queued.
    pub password_hash: Option<String>,
    /// For the group of administrators.
    pub administrators: uuid::Uuid,
    /// For the group of service staff.
    pub service_staff: uuid::Uuid,
    /// For the invitation.
    pub link: PasswordLinkId,
    /// For the job that mails it.
    pub job: JobId,
}

/// What the group of service staff opens; administrators open everything.
pub const SERVICE_STAFF: &[Permission] = &[
    Permission::ViewInsureds,
    Permission::EditInsureds,
    Permission::EditPolicies,
    Permission::ManagePortalAccounts,
    Permission::ViewCertificates,
    Permission::SendCertificates,
    Permission::EditMasters,
    Permission::RetryMail,
];

/// Creates an agency with its two groups and its first administrator.
///
/// # Errors
/// [`Error::Conflict`] when the slug is taken; nothing is written then.
pub async fn bootstrap(owner_url: &str, plan: &Bootstrap, now: DateTime<Utc>) -> Result<(), Error> {
    let owner = Db::owner(owner_url)?;
    owner
        .transaction(plan.agency, async |tx| {
            let agency = plan.agency.uuid();
            let mut connection = tx.connection()?;
            diesel::insert_into(agencies::table)
                .values((
                    agencies::id.eq(agency),
                    agencies::slug.eq(plan.slug.as_str()),
                    agencies::name.eq(plan.name.as_str()),
                    agencies::time_zone.eq(plan.zone.name()),
                    agencies::created_at.eq(now),
                ))
                .execute(&mut connection)
                .await?;
            diesel::insert_into(certificate_counters::table)
                .values(certificate_counters::agency_id.eq(agency))
                .execute(&mut connection)
                .await?;
            diesel::insert_into(audit_heads::table)
                .values((
                    audit_heads::agency_id.eq(agency),
                    audit_heads::seq.eq(0),
                    audit_heads::hash.eq(Vec::new()),
                ))
                .execute(&mut connection)
                .await?;
            let words = |list: &[Permission]| list.iter().map(|p| p.as_str()).collect::<Vec<_>>();
            let groups = [
                (plan.administrators, "Administrators", words(Permission::ALL)),
                (plan.service_staff, "Service staff", words(SERVICE_STAFF)),
            ];
            for (id, name, permissions) in groups {
                diesel::insert_into(staff_groups::table)
                    .values((
                        staff_groups::agency_id.eq(agency),
                        staff_groups::id.eq(id),
                        staff_groups::name.eq(name),
                        staff_groups::permissions.eq(permissions),
                    ))
                    .execute(&mut connection)
                    .await?;
            }
            diesel::insert_into(staff_users::table)
                .values((
                    staff_users::agency_id.eq(agency),
                    staff_users::id.eq(plan.admin.uuid()),
                    staff_users::group_id.eq(plan.administrators),
                    staff_users::username.eq(plan.username.as_str()),
                    staff_users::first_name.eq(plan.first_name.as_str()),
                    staff_users::last_name.eq(plan.last_name.as_str()),
                    staff_users::email.eq(plan.email.as_str()),
                    staff_users::state.eq(if plan.password_hash.is_some() {
                        "active"
                    } else {
                        "invited"
                    }),
                    staff_users::password_hash.eq(plan.password_hash.as_deref()),
                    staff_users::time_zone.eq(plan.zone.name()),
                    staff_users::created_at.eq(now),
                ))
                .execute(&mut connection)
                .await?;
            if plan.password_hash.is_none() {
                let order = LinkOrder {
                    id: plan.link,
                    purpose: LinkPurpose::Invitation,
                    created_at: now,
                };
                sessions::order_staff_link(tx, plan.admin, order, plan.job).await?;
            }
            let entry = Entry {
                by: By {
                    kind: ActorKind::System,
                    id: None,
                    name: Process::Console.as_str().to_owned(),
                },
                action: Action::AgencyEdited,
                insured: None,
                object_kind: "agency",
                object_id: Some(agency),
                object_label: plan.name.to_string(),
                detail: json!({ "created": true }),
            };
            audit::append_entry(tx, &entry, now).await
        })
        .await
}

/// A further staff user of an agency, in one of its groups; for demo data and tests until the users screen.
#[derive(Clone, Debug)]
pub struct StaffUser {
    /// The user's id.
    pub id: StaffUserId,
    /// The group's name.
    pub group: String,
    /// First name.
    pub first_name: PersonName,
    /// Last name.
    pub last_name: PersonName,
    /// Username.
    pub username: Username,
    /// Email.
    pub email: EmailAddress,
    /// The password's hash.
    pub password_hash: String,
}

/// Adds a staff user as the operator of the installation; does nothing when the username is there.
///
/// # Errors
/// [`Error::NotFound`] when the agency has no such group.
pub async fn add_staff_user(
    db: &Db,
    agency: AgencyId,
    user: &StaffUser,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    db.transaction(agency, async |tx| {
        let mut connection = tx.connection()?;
        let group: uuid::Uuid = staff_groups::table
            .filter(staff_groups::agency_id.eq(agency.uuid()))
            .filter(staff_groups::name.eq(&user.group))
            .select(staff_groups::id)
            .first(&mut connection)
            .await?;
        diesel::insert_into(staff_users::table)
            .values((
                staff_users::agency_id.eq(agency.uuid()),
                staff_users::id.eq(user.id.uuid()),
                staff_users::group_id.eq(group),
                staff_users::username.eq(user.username.as_str()),
                staff_users::first_name.eq(user.first_name.as_str()),
                staff_users::last_name.eq(user.last_name.as_str()),
                staff_users::email.eq(user.email.as_str()),
                staff_users::state.eq("active"),
                staff_users::password_hash.eq(&user.password_hash),
                staff_users::created_at.eq(now),
            ))
            .on_conflict_do_nothing()
            .execute(&mut connection)
            .await?;
        Ok(())
    })
    .await
}

impl Db {
    /// A pool of one connection as the owner.
    fn owner(owner_url: &str) -> Result<Self, Error> {
        Self::with_options(owner_url, None, 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_in_an_address_is_read_whole() {
        for password in ["plain", "a&b=c", "a+b c", "100% Ångström;#?/@:"] {
            let mut url = Url::parse("postgres://login@localhost/agency").unwrap();
            url.set_password(Some(password)).unwrap();
            let again = Url::parse(url.as_str()).unwrap();
            assert_eq!(percent_decoded(again.password().unwrap()), password);
        }
    }
}
