//! The wordings that the demo agency has written down.

use chrono::{DateTime, Utc};
use countersign_domain::authz::Actor;
use countersign_domain::authz::rules::{CreateTemplate, ListTemplates};
use countersign_domain::ids::TemplateId;
use countersign_domain::templates::{NeededForm, TemplateKind, Wording, create};
use countersign_domain::text::NonBlank;
use countersign_persistence::templates::{self, TemplateFilter};
use countersign_persistence::{Tx, agencies};

use super::demo_data::{Failure, failed};
use crate::clock::fresh_id;

/// Name, subject, text, and the forms that it needs.
type Written = (
    TemplateKind,
    &'static str,
    Option<&'static str>,
    &'static str,
    &'static [&'static str],
);

const WORDINGS: [Written; 4] = [
    (
        TemplateKind::Description,
        "Job with additional insured",
        None,
        "{{reference}}. Forms CG 20 10 and CG 20 37 are on policy {{general_liability_policy}}.",
        &["CG 20 10", "CG 20 37"],
    ),
    (
        TemplateKind::Description,
        "Project and location",
        None,
        "Work of {{insured}} at: {{reference}}.",
        &[],
    ),
    (
        TemplateKind::Message,
        "As requested",
        Some("Certificate of insurance of {{insured}}"),
        "Hello,\n\nhere is the certificate of insurance that you asked for, issued for {{holder}}.\n\n\
         Please reply if anything is missing.",
        &[],
    ),
    (
        TemplateKind::Message,
        "For a project",
        Some("Certificate of insurance: {{reference}}"),
        "Hello,\n\nattached is the certificate of {{insured}} for {{reference}}.",
        &[],
    ),
];

/// Writes them down, unless the agency has wordings of its own.
pub(super) async fn write(tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<(), Failure> {
    let scope = actor
        .scope::<ListTemplates>()
        .map_err(|verdict| failed(format!("{verdict:?}")))?;
    if !templates::list(tx, &scope, TemplateFilter::default())
        .await?
        .is_empty()
    {
        return Ok(());
    }
    for (kind, name, subject, body, forms) in WORDINGS {
        let line = |text: &str| NonBlank::parse(text).map_err(failed);
        let wording = Wording {
            name: line(name)?,
            subject: subject.map(line).transpose()?,
            body: body.to_owned(),
            forms: forms
                .iter()
                .map(|number| {
                    Ok(NeededForm {
                        number: line(number)?,
                        edition: None,
                    })
                })
                .collect::<Result<_, Failure>>()?,
        };
        let permit = agencies::find::<CreateTemplate>(tx, actor).await?;
        let id = TemplateId::from_uuid(fresh_id());
        let created = create(permit, id, kind, wording).map_err(failed)?;
        templates::record_created(tx, &created, now).await?;
    }
    Ok(())
}
