//! Using a template.

use std::collections::BTreeMap;

use actix_web::{post, web};
use countersign_domain::authz::rules::{FillTemplate, ViewTemplate};
use countersign_domain::ids::{InsuredId, PolicyId, TemplateId};
use countersign_domain::templates::placeholders::{Placeholder, Values};
use countersign_domain::templates::{FillFacts, Filled, MissingForm, Unfillable, fill};
use countersign_domain::text::NonBlank;
use countersign_persistence::{insureds, templates};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::placeholder_code;
use crate::context::Caller;
use crate::faults::Faults;
use crate::problem::{Problem, Problems};

/// What a template is filled with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FillBody {
    /// The policies that were chosen: their numbers are put in, and their endorsements are looked at. At most 20.
    #[serde(default)]
    policies: Vec<Uuid>,
    /// The holder's name as it is printed.
    holder: Option<String>,
    /// The contract or project.
    reference: Option<String>,
    /// For a master certificate: what sending fills by itself stays open.
    #[serde(default)]
    for_master: bool,
}

/// An endorsement that the text needs and that no chosen policy has.
#[derive(Serialize, ToSchema)]
#[schema(as = MissingForm)]
pub(crate) struct MissingFormView {
    /// Number, and edition where only that one will do.
    #[schema(example = "CG 20 10 04 13")]
    form: String,
    /// Editions of the same form that are on the policies.
    other_editions: Vec<String>,
}

impl From<MissingForm> for MissingFormView {
    fn from(missing: MissingForm) -> Self {
        Self {
            form: missing.form.name(),
            other_editions: missing.other_editions.iter().map(ToString::to_string).collect(),
        }
    }
}

/// A template with its placeholders filled.
#[derive(Serialize, ToSchema)]
pub(crate) struct FilledTemplate {
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    body: String,
    /// What the text needs and no chosen policy has.
    missing_forms: Vec<MissingFormView>,
}

impl From<Filled> for FilledTemplate {
    fn from(filled: Filled) -> Self {
        Self {
            subject: filled.subject,
            body: filled.body,
            missing_forms: filled
                .missing_forms
                .into_iter()
                .map(MissingFormView::from)
                .collect(),
        }
    }
}

/// Where the value of a placeholder would have come from.
const fn source(placeholder: Placeholder) -> &'static str {
    match placeholder {
        Placeholder::Holder => "/holder",
        Placeholder::Reference => "/reference",
        Placeholder::Insured
        | Placeholder::Date
        | Placeholder::GeneralLiabilityPolicy
        | Placeholder::CommercialAutoPolicy
        | Placeholder::UmbrellaExcessPolicy
        | Placeholder::WorkersCompensationPolicy
        | Placeholder::OtherPolicy => "/policies",
    }
}

/// What is missing for a placeholder, in words.
fn lacking(placeholder: Placeholder) -> String {
    let written = placeholder.written();
    match placeholder.line() {
        Some(line) => format!("no policy of {} is chosen, for {written}", line.label()),
        None => format!("is needed for {written}"),
    }
}

/// Fills a template for an insured and says which endorsements it needs that the chosen policies do not have. Nothing
/// is kept.
///
/// Refused at `/reference`, `/holder` or `/policies` where a placeholder would stay open.
#[utoipa::path(tag = "templates", params(
    ("insured" = Uuid, Path, description = "The insured's id"),
    ("template" = Uuid, Path, description = "The template's id")),
    request_body = FillBody, responses((status = 200, body = FilledTemplate), Problems))]
#[post("/v1/insureds/{insured}/templates/{template}/fill")]
pub(crate) async fn fill_template(
    caller: Caller,
    path: web::Path<(Uuid, Uuid)>,
    body: web::Json<FillBody>,
) -> Result<web::Json<FilledTemplate>, Problem> {
    let (insured, template) = path.into_inner();
    let now = caller.now();
    let filled = caller
        .transaction(async |desk| {
            let insured = InsuredId::from_uuid(insured);
            let permit = insureds::find::<FillTemplate>(desk.tx, desk.actor, insured).await?;
            let id = TemplateId::from_uuid(template);
            let template = templates::find::<ViewTemplate>(desk.tx, desk.actor, id).await?;
            let mut faults = Faults::default();
            let holder = faults.optional("/holder", body.holder.as_deref(), NonBlank::parse);
            let reference = faults.optional("/reference", body.reference.as_deref(), NonBlank::parse);
            if body.policies.len() > 20 {
                faults.add("/policies", "too_many", "takes at most 20");
            }
            let ids: Vec<PolicyId> = body.policies.iter().copied().map(PolicyId::from_uuid).collect();
            let chosen = ids.get(..20).unwrap_or(&ids);
            let (policies, today) = templates::facts(desk.tx, &permit, chosen, now).await?;
            for (place, id) in ids.iter().enumerate() {
                if !policies.iter().any(|policy| policy.id == *id) {
                    faults.add(
                        &format!("/policies/{place}"),
                        "not_of_this_insured",
                        "is not a policy of this insured",
                    );
                }
            }
            let mut numbers = BTreeMap::new();
            for policy in &policies {
                numbers
                    .entry(policy.line())
                    .or_insert_with(|| policy.number.to_string());
            }
            // The page prints the insured as the declarations have it, where they agree.
            let named = policies.first().map(|policy| policy.named_insured.to_string());
            let facts = FillFacts {
                values: Values {
                    holder: holder.map(String::from),
                    insured: named.or_else(|| Some(permit.profile.name.to_string())),
                    reference: reference.map(String::from),
                    date: Some(today),
                    policies: numbers,
                },
                policies,
                today,
                for_master: body.for_master,
            };
            let filled = match fill(&template, &facts) {
                Ok(filled) => Some(filled),
                Err(Unfillable::Open(open)) => {
                    for placeholder in open {
                        faults.add(source(placeholder), "unfilled", lacking(placeholder));
                    }
                    None
                }
                Err(other @ Unfillable::Placeholder(_)) => {
                    faults.add("", placeholder_code(&other), other);
                    None
                }
            };
            faults.finish(filled)
        })
        .await?;
    Ok(web::Json(filled.into()))
}
