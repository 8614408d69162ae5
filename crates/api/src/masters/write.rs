//! Creating and changing master certificates.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, put, web};
use countersign_domain::authz::rules::{CreateMaster, EditMaster};
use countersign_domain::certificates::master::{MasterError, MasterLine, Selection, create, edit};
use countersign_domain::ids::{InsuredId, MasterId};
use countersign_domain::policies::Line;
use countersign_domain::text::NonBlank;
use countersign_persistence::{insureds, masters, policies};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::MasterView;
use super::get::{MasterSections, view};
use crate::context::Caller;
use crate::faults::{Faults, code};
use crate::idempotency::IdempotencyKey;
use crate::problem::{Problem, Problems};
use crate::version::{IfMatch, with_version};
use crate::wire::NaiveDate;

/// A master certificate as staff write it down.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MasterBody {
    name: String,
    /// At least one section.
    sections: MasterSections,
    /// Description of operations, printed unless the sender writes another.
    #[serde(default)]
    #[schema(max_length = 10_000)]
    description: String,
    /// Who signs.
    authorized_representative: String,
    /// Whether insureds may use it in the portal.
    portal_usable: bool,
    /// Whether a renewal run takes it along.
    include_in_renewals: bool,
    valid_from: Option<NaiveDate>,
    valid_until: Option<NaiveDate>,
}

impl MasterBody {
    fn parse(&self) -> Result<Selection, Problem> {
        let mut faults = Faults::default();
        let name = faults.text("/name", &self.name, NonBlank::parse);
        let representative = faults.text(
            "/authorized_representative",
            &self.authorized_representative,
            NonBlank::parse,
        );
        for (pointer, text) in [
            ("/description", &self.description),
            ("/authorized_representative", &self.authorized_representative),
        ] {
            let unprintable = |c: &char| !c.is_control() && !countersign_documents::is_printable(*c);
            if let Some(found) = text.chars().find(unprintable) {
                let code = u32::from(found);
                faults.add(
                    pointer,
                    "not_printable",
                    format!(
                        "holds the character {found} (U+{code:04X}), which the page cannot print; \
                         take it out, or write it in words"
                    ),
                );
            }
        }
        let sections = &self.sections;
        let lines = [
            (Line::GeneralLiability, &sections.general_liability),
            (Line::CommercialAuto, &sections.commercial_auto),
            (Line::UmbrellaExcess, &sections.umbrella_excess),
            (Line::WorkersCompensation, &sections.workers_compensation),
            (Line::Other, &sections.other),
        ];
        let lines = lines
            .into_iter()
            .filter_map(|(line, section)| Some((line, MasterLine::from(section.as_ref()?))))
            .collect();
        let selection = (|| {
            Some(Selection {
                name: name?,
                lines,
                description: self.description.clone(),
                authorized_representative: representative?,
                portal_usable: self.portal_usable,
                include_in_renewals: self.include_in_renewals,
                valid_from: self.valid_from,
                valid_until: self.valid_until,
            })
        })();
        faults.finish(selection)
    }
}

/// Creates a master certificate from the insured's policies.
#[utoipa::path(tag = "masters", params(IdempotencyKey, ("insured" = Uuid, Path, description = "The insured's id")),
    request_body = MasterBody, responses((status = 201, body = MasterView), Problems))]
#[post("/v1/insureds/{insured}/masters")]
pub(crate) async fn create_master(
    caller: Caller,
    path: web::Path<Uuid>,
    body: web::Json<MasterBody>,
) -> Result<HttpResponse, Problem> {
    let insured = InsuredId::from_uuid(path.into_inner());
    let id = MasterId::from_uuid(caller.fresh_id());
    let now = caller.now();
    caller
        .once(StatusCode::CREATED, &*body, async |mut desk| {
            let permit = insureds::lock::<CreateMaster>(desk.tx, desk.actor, insured).await?;
            let policies = policies::facts_for_new_master(desk.tx, &permit).await?;
            let created = create(permit, id, body.parse()?, &policies, now)?;
            masters::record_created(desk.tx, &created).await?;
            view(&mut desk, id, now).await
        })
        .await
}

/// Changes a master certificate. Needs `If-Match`; certificates issued from it keep what they printed.
#[utoipa::path(tag = "masters", params(IfMatch, ("master" = Uuid, Path, description = "The master's id")),
    request_body = MasterBody, responses((status = 200, body = MasterView), Problems))]
#[put("/v1/masters/{master}")]
pub(crate) async fn edit_master(
    caller: Caller,
    path: web::Path<Uuid>,
    version: IfMatch,
    body: web::Json<MasterBody>,
) -> Result<HttpResponse, Problem> {
    let id = MasterId::from_uuid(path.into_inner());
    let now = caller.now();
    let view = caller
        .transaction(async |mut desk| {
            let permit = masters::lock::<EditMaster>(desk.tx, desk.actor, id).await?;
            version.check(permit.version)?;
            let policies = policies::facts_for_edited_master(desk.tx, &permit).await?;
            let edited = edit(permit, body.parse()?, &policies, now)?;
            masters::record_edited(desk.tx, &edited).await?;
            view(&mut desk, id, now).await
        })
        .await?;
    Ok(with_version(view.version).json(view))
}

impl From<MasterError> for Problem {
    fn from(error: MasterError) -> Self {
        let (pointer, word) = match &error {
            MasterError::NoLines => ("/sections".to_owned(), "empty"),
            MasterError::ForeignPolicy(line) => {
                (format!("/sections/{line}/policy_id"), "not_of_this_insured")
            }
            MasterError::WrongLine(line) => (format!("/sections/{line}/policy_id"), "wrong_line"),
            MasterError::NoAdditionalInsuredHere => (
                "/sections/workers_compensation/additional_insured".to_owned(),
                "not_on_this_line",
            ),
            MasterError::NotAnAdditionalInsuredForm(line) => {
                (format!("/sections/{line}/additional_insured"), "not_such_a_form")
            }
            MasterError::NotAWaiverForm(line) => (format!("/sections/{line}/waiver"), "not_such_a_form"),
            MasterError::Description(reason) => ("/description".to_owned(), code(*reason)),
            MasterError::Placeholder(_) => ("/description".to_owned(), "unknown_placeholder"),
            MasterError::Unfilled(_) => ("/description".to_owned(), "unfilled"),
            MasterError::ValidityBackward => ("/valid_until".to_owned(), "before_start"),
        };
        Self::field(&pointer, word, error)
    }
}
