//! Writing templates and changing them.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, put, web};
use countersign_domain::authz::rules::{CreateTemplate, EditTemplate};
use countersign_domain::ids::TemplateId;
use countersign_domain::templates::{self as domain, MAX_FORMS, NeededForm, TemplateKind, Wording};
use countersign_domain::text::NonBlank;
use countersign_persistence::{agencies, templates};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::get::{NeededFormBody, TemplateKindWord, TemplateView, answer};
use crate::context::Caller;
use crate::faults::Faults;
use crate::idempotency::IdempotencyKey;
use crate::problem::{Problem, Problems};
use crate::version::{IfMatch, with_version};

/// What a template says.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WordingBody {
    /// Its name in the picker; one of its kind in the agency.
    name: String,
    /// Only of a mail.
    subject: Option<String>,
    /// The text. Placeholders stand in two braces: `{{holder}}`, `{{insured}}`, `{{reference}}`, `{{date}}`, and
    /// the numbers of the policies, such as `{{general_liability_policy}}`.
    #[schema(max_length = 10_000)]
    body: String,
    /// The endorsements that the text needs, at most 20. Only of a description.
    #[serde(default)]
    forms: Vec<NeededFormBody>,
}

/// A new template.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewTemplateBody {
    /// What it is for; it never changes.
    kind: TemplateKindWord,
    /// Its name in the picker; one of its kind in the agency.
    name: String,
    /// Only of a mail.
    subject: Option<String>,
    /// The text with its placeholders, as in a change.
    #[schema(max_length = 10_000)]
    body: String,
    /// The endorsements that the text needs, at most 20. Only of a description.
    #[serde(default)]
    forms: Vec<NeededFormBody>,
}

fn parse(kind: TemplateKind, body: &WordingBody) -> Result<Wording, Problem> {
    let mut faults = Faults::default();
    let name = faults.text("/name", &body.name, NonBlank::parse);
    let subject = faults.optional("/subject", body.subject.as_deref(), NonBlank::parse);
    if kind == TemplateKind::Description {
        let unprintable = |c: &char| !c.is_control() && !countersign_documents::is_printable(*c);
        if let Some(found) = body.body.chars().find(unprintable) {
            let code = u32::from(found);
            faults.add(
                "/body",
                "not_printable",
                format!(
                    "holds the character {found} (U+{code:04X}), which the page cannot print; \
                     take it out, or write it in words"
                ),
            );
        }
    }
    if body.forms.len() > MAX_FORMS {
        faults.add("/forms", "too_many", format!("takes at most {MAX_FORMS}"));
    }
    let forms = body
        .forms
        .iter()
        .enumerate()
        .filter_map(|(place, form)| {
            let at = |field: &str| format!("/forms/{place}/{field}");
            let number = faults.text(&at("number"), &form.number, NonBlank::parse);
            let edition = faults.optional(&at("edition"), form.edition.as_deref(), NonBlank::parse);
            Some(NeededForm {
                number: number?,
                edition,
            })
        })
        .collect();
    faults.finish(name.map(|name| Wording {
        name,
        subject,
        body: body.body.clone(),
        forms,
    }))
}

/// Writes a template.
#[utoipa::path(tag = "templates", params(IdempotencyKey), request_body = NewTemplateBody,
    responses((status = 201, body = TemplateView), Problems))]
#[post("/v1/templates")]
pub(crate) async fn create_template(
    caller: Caller,
    body: web::Json<NewTemplateBody>,
) -> Result<HttpResponse, Problem> {
    let id = TemplateId::from_uuid(caller.fresh_id());
    let now = caller.now();
    caller
        .once(StatusCode::CREATED, &*body, async |mut desk| {
            let permit = agencies::find::<CreateTemplate>(desk.tx, desk.actor).await?;
            let kind = TemplateKind::from(body.kind);
            let said = WordingBody {
                name: body.name.clone(),
                subject: body.subject.clone(),
                body: body.body.clone(),
                forms: body.forms.clone(),
            };
            let created = domain::create(permit, id, kind, parse(kind, &said)?)?;
            templates::record_created(desk.tx, &created, now).await?;
            let (_, view) = answer(&mut desk, id).await?;
            Ok(view)
        })
        .await
}

/// Changes a template. Needs `If-Match`; fields left out are cleared. What was filled from it keeps its words.
#[utoipa::path(tag = "templates", params(IfMatch, ("template" = Uuid, Path, description = "The template's id")),
    request_body = WordingBody, responses((status = 200, body = TemplateView), Problems))]
#[put("/v1/templates/{template}")]
pub(crate) async fn edit_template(
    caller: Caller,
    path: web::Path<Uuid>,
    version: IfMatch,
    body: web::Json<WordingBody>,
) -> Result<HttpResponse, Problem> {
    let id = TemplateId::from_uuid(path.into_inner());
    let now = caller.now();
    let (version, view) = caller
        .transaction(async |mut desk| {
            let permit = templates::lock::<EditTemplate>(desk.tx, desk.actor, id).await?;
            version.check(permit.version)?;
            let wording = parse(permit.kind, &body)?;
            let edited = domain::edit(permit, wording)?;
            templates::record_edited(desk.tx, &edited, now).await?;
            answer(&mut desk, id).await
        })
        .await?;
    Ok(with_version(version).json(view))
}
