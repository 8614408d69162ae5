//! Looking at templates.

use std::collections::BTreeSet;

use actix_web::{HttpResponse, get, web};
use countersign_domain::authz::rules::{EditTemplate, ListTemplates, ViewTemplate};
use countersign_domain::authz::{Actor, Permit};
use countersign_domain::ids::TemplateId;
use countersign_domain::templates::placeholders::{Placeholder, check};
use countersign_domain::templates::{NeededForm, Template, TemplateKind};
use countersign_persistence::templates::{self, TemplateFilter};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::context::{Caller, Desk};
use crate::problem::{Problem, Problems};
use crate::version::with_version;
use crate::wire::{DateTime, Utc, wire_enum};

wire_enum! {
    /// What a template is for.
    TemplateKindWord for TemplateKind { Description = "description", Message = "message", }
}

wire_enum! {
    /// What a template can leave open. It is written in two braces: `{{holder}}`.
    PlaceholderWord for Placeholder {
        Holder = "holder",
        Insured = "insured",
        Reference = "reference",
        Date = "date",
        GeneralLiabilityPolicy = "general_liability_policy",
        CommercialAutoPolicy = "commercial_auto_policy",
        UmbrellaExcessPolicy = "umbrella_excess_policy",
        WorkersCompensationPolicy = "workers_compensation_policy",
        OtherPolicy = "other_policy",
    }
}

/// An endorsement that a wording needs to be true.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NeededForm)]
pub(crate) struct NeededFormBody {
    #[schema(example = "CG 20 10")]
    pub(super) number: String,
    /// Only where no other edition will do.
    #[schema(example = "04 13")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) edition: Option<String>,
}

impl From<&NeededForm> for NeededFormBody {
    fn from(form: &NeededForm) -> Self {
        Self {
            number: form.number.to_string(),
            edition: form.edition.as_ref().map(ToString::to_string),
        }
    }
}

/// A template.
#[derive(Serialize, ToSchema)]
#[schema(as = Template)]
pub(crate) struct TemplateView {
    id: Uuid,
    version: i32,
    kind: TemplateKindWord,
    name: String,
    /// Of a mail; the usual one where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    /// The text with its placeholders.
    body: String,
    /// The endorsements that the text needs.
    forms: Vec<NeededFormBody>,
    /// What the text and the subject leave open.
    placeholders: Vec<PlaceholderWord>,
    /// Since when it is put away.
    #[serde(skip_serializing_if = "Option::is_none")]
    archived_at: Option<DateTime<Utc>>,
    /// What the caller may do: `edit`.
    may: Vec<&'static str>,
}

impl TemplateView {
    fn of(template: &Template, actor: &Actor) -> Self {
        let wording = &template.wording;
        let subject = wording.subject.as_ref().map(ToString::to_string);
        // What is stored was checked.
        let open = |text: &str| check(text).unwrap_or_default();
        let mut placeholders: BTreeSet<Placeholder> = open(&wording.body);
        placeholders.extend(open(subject.as_deref().unwrap_or_default()));
        Self {
            id: template.id.uuid(),
            version: template.version,
            kind: template.kind.into(),
            name: wording.name.to_string(),
            subject,
            body: wording.body.clone(),
            forms: wording.forms.iter().map(NeededFormBody::from).collect(),
            placeholders: placeholders.into_iter().map(PlaceholderWord::from).collect(),
            archived_at: template.archived_at,
            may: if actor.may::<EditTemplate>(template) {
                vec!["edit"]
            } else {
                Vec::new()
            },
        }
    }
}

/// Which templates.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct TemplatesQuery {
    /// Only those for this.
    kind: Option<TemplateKindWord>,
    /// True for those that were put away, instead of those in use.
    archived: Option<bool>,
}

/// The agency's templates.
#[derive(Serialize, ToSchema)]
pub(crate) struct TemplateList {
    data: Vec<TemplateView>,
}

/// Lists the agency's templates by name, at most 500.
#[utoipa::path(tag = "templates", params(TemplatesQuery), responses((status = 200, body = TemplateList), Problems))]
#[get("/v1/templates")]
pub(crate) async fn list_templates(
    caller: Caller,
    query: web::Query<TemplatesQuery>,
) -> Result<web::Json<TemplateList>, Problem> {
    let data = caller
        .read(async |desk| {
            let scope = desk.actor.scope::<ListTemplates>()?;
            let filter = TemplateFilter {
                kind: query.kind.map(TemplateKind::from),
                archived: query.archived.unwrap_or_default(),
            };
            let found = templates::list(desk.tx, &scope, filter).await?;
            let views = found
                .iter()
                .map(|template| TemplateView::of(template, desk.actor));
            Ok(views.collect())
        })
        .await?;
    Ok(web::Json(TemplateList { data }))
}

/// The template as it is now, under its version.
pub(super) async fn answer(desk: &mut Desk<'_>, id: TemplateId) -> Result<(i32, TemplateView), Problem> {
    let permit: Permit<ViewTemplate> = templates::find(desk.tx, desk.actor, id).await?;
    Ok((permit.version, TemplateView::of(&permit, desk.actor)))
}

/// Shows a template. The ETag is its version.
#[utoipa::path(tag = "templates", params(("template" = Uuid, Path, description = "The template's id")),
    responses((status = 200, body = TemplateView), Problems))]
#[get("/v1/templates/{template}")]
pub(crate) async fn get_template(caller: Caller, path: web::Path<Uuid>) -> Result<HttpResponse, Problem> {
    let id = TemplateId::from_uuid(path.into_inner());
    let (version, view) = caller
        .transaction(async |mut desk| answer(&mut desk, id).await)
        .await?;
    Ok(with_version(version).json(view))
}
