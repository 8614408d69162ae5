//! `countersign bootstrap`

use std::process::ExitCode;

use clap::Args;
use countersign_domain::agency::Zone;
use countersign_domain::ids::{AgencyId, JobId, PasswordLinkId, StaffUserId};
use countersign_domain::passwords;
use countersign_domain::text::{EmailAddress, NonBlank, PersonName, Slug, TextError, Username};
use countersign_persistence::migrate::{self, Bootstrap};
use countersign_persistence::{Constraint, Db, Error, Role, agencies};

use super::{block_on, settings};
use crate::clock::{SystemClock, fresh_id};
use crate::config::{owner, reveal};
use crate::say;

/// The agency and its first administrator.
#[derive(Args)]
pub(crate) struct Options {
    /// The agency's name in addresses, e.g. summit-ridge.
    #[arg(long)]
    slug: String,
    /// The agency's name.
    #[arg(long)]
    name: String,
    /// IANA time zone of the agency.
    #[arg(long, default_value = "America/New_York")]
    zone: String,
    #[arg(long)]
    admin_first_name: String,
    #[arg(long)]
    admin_last_name: String,
    #[arg(long)]
    admin_username: String,
    #[arg(long)]
    admin_email: String,
    /// Reads the administrator's password from standard input; without it an invitation is mailed.
    #[arg(long)]
    password_stdin: bool,
}

fn option<T>(name: &str, text: &str, parse: fn(&str) -> Result<T, TextError>) -> Result<T, String> {
    parse(text).map_err(|error| format!("--{name} {error}"))
}

fn password(options: &Options) -> Result<Option<String>, String> {
    if !options.password_stdin {
        return Ok(None);
    }
    let mut line = String::new();
    std::io::stdin()
        .read_line(&mut line)
        .map_err(|error| error.to_string())?;
    let password = line.trim_end_matches(['\r', '\n']);
    let context = [options.admin_username.as_str(), options.name.as_str()];
    passwords::check(password, &context, countersign_api::is_common)
        .map_err(|error| format!("the password {error}"))?;
    countersign_api::hash_now(password).map(Some)
}

pub(crate) fn run(options: &Options) -> Result<ExitCode, String> {
    let settings = settings(owner)?;
    let plan = Bootstrap {
        agency: AgencyId::from_uuid(fresh_id()),
        slug: option("slug", &options.slug, Slug::parse)?,
        name: option("name", &options.name, NonBlank::parse)?,
        zone: Zone::parse(&options.zone).map_err(|error| format!("--zone {error}"))?,
        admin: StaffUserId::from_uuid(fresh_id()),
        first_name: option("admin-first-name", &options.admin_first_name, PersonName::parse)?,
        last_name: option("admin-last-name", &options.admin_last_name, PersonName::parse)?,
        username: option("admin-username", &options.admin_username, Username::parse)?,
        email: option("admin-email", &options.admin_email, EmailAddress::parse)?,
        password_hash: password(options)?,
        administrators: fresh_id(),
        service_staff: fresh_id(),
        link: PasswordLinkId::from_uuid(fresh_id()),
        job: JobId::from_uuid(fresh_id()),
    };
    let created = block_on(async {
        let db = Db::new(reveal(&settings.login), Role::App, 1).map_err(|error| error.to_string())?;
        match agencies::id_of(&db, &plan.slug).await {
            Ok(_) => return Ok(false),
            Err(Error::NotFound) => {}
            Err(error) => return Err(error.to_string()),
        }
        match migrate::bootstrap(reveal(&settings.owner), &plan, SystemClock::moment()).await {
            Ok(()) => Ok(true),
            Err(Error::Conflict(Constraint::AgencySlugUnique)) => Ok(false),
            Err(error) => Err(error.to_string()),
        }
    })?;
    say(&if created {
        format!(
            "Agency {} is there; its administrator is {}.",
            plan.slug, plan.username
        )
    } else {
        format!("Agency {} was there already.", plan.slug)
    });
    Ok(ExitCode::SUCCESS)
}
