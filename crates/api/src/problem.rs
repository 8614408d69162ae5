//! Failures as RFC 9457 problems. Every failure a client can see is a [`ProblemType`]; everything else is a
//! logged 500 that says nothing about its cause.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{HttpMessage as _, HttpResponse, ResponseError};
use countersign_domain::authz::{Rule, Verdict};
use countersign_domain::certificates::NotStanding;
use countersign_domain::certificates::truth::Finding;
use countersign_domain::ids::CertificateId;
use countersign_persistence::{Constraint, Error};
use serde::Serialize;
use tracing_actix_web::RequestId;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::wire::FindingView;

/// The media type of a problem.
pub(crate) const MEDIA_TYPE: &str = "application/problem+json";

// The slug is a `tt`: a `literal` reaches the derives wrapped, and the contract would not see it.
macro_rules! catalogue {
    ($($(#[$doc:meta])* $variant:ident = $slug:tt, $status:ident, $title:literal;)+) => {
        /// What can go wrong, as far as a client can tell.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
        pub enum ProblemType {
            $($(#[$doc])* #[serde(rename = $slug)] $variant,)+
        }

        impl ProblemType {
            /// Every type.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its name in `type`.
            #[must_use]
            pub const fn slug(self) -> &'static str {
                match self { $(Self::$variant => $slug,)+ }
            }

            /// Its title: the same for every occurrence.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)+ }
            }

            /// Its status code.
            #[must_use]
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$variant => StatusCode::$status,)+ }
            }
        }
    };
}

catalogue! {
    /// The request cannot be read.
    BadRequest = "bad_request", BAD_REQUEST, "The request cannot be read";
    /// The cursor is not one of this list's.
    InvalidCursor = "invalid_cursor", BAD_REQUEST, "The cursor is not one of this list's";
    /// Nobody is signed in.
    SessionRequired = "session_required", UNAUTHORIZED, "Sign in to continue";
    /// The report is not signed with the installation's key, or not now.
    SignatureRefused = "signature_refused", UNAUTHORIZED, "The signature is not good";
    /// The name or the password is wrong, or the account is closed: the answer is the same.
    SignInRefused = "sign_in_refused", UNAUTHORIZED, "The username or the password is not right";
    /// The account is suspended.
    AccountSuspended = "account_suspended", UNAUTHORIZED, "This account is suspended";
    /// The request comes from another site.
    CrossSiteRequest = "cross_site_request", FORBIDDEN, "The request comes from another site";
    /// The actor may not do this.
    Forbidden = "forbidden", FORBIDDEN, "You may not do this";
    /// There is no such thing, or the actor may not know of it.
    NotFound = "not_found", NOT_FOUND, "Not found";
    /// The address does not take this method.
    MethodNotAllowed = "method_not_allowed", METHOD_NOT_ALLOWED, "This address does not take this method";
    /// The same request is being carried out.
    RequestInFlight = "request_in_flight", CONFLICT, "The same request is being carried out";
    /// The insured has a portal account.
    PortalUserExists = "portal_user_exists", CONFLICT, "The insured has a portal account already";
    /// The username is taken.
    UsernameTaken = "username_taken", CONFLICT, "The username is taken";
    /// The customer number is taken.
    CustomerIdTaken = "customer_id_taken", CONFLICT, "Another insured has this customer number";
    /// The library has this holder at this address, in use or put away.
    HolderExists = "holder_exists", CONFLICT, "The library has this holder already";
    /// The holder was merged into another one.
    HolderMerged = "holder_merged", CONFLICT, "This holder was merged into another one";
    /// The additional interest was ended.
    InterestEnded = "interest_ended", CONFLICT, "This additional interest was ended";
    /// The agency has a group of holders of this name.
    HolderGroupNameTaken = "holder_group_name_taken", CONFLICT, "There is a group of this name";
    /// The insured has a master of this name.
    MasterNameTaken = "master_name_taken", CONFLICT, "The insured has a master certificate of this name";
    /// The agency has a template of this kind and name.
    TemplateNameTaken = "template_name_taken", CONFLICT, "The agency has a template of this name";
    /// Another policy has this number, term and line.
    PolicyExists = "policy_exists", CONFLICT, "The agency has this policy already";
    /// The policy is not cancelled.
    PolicyNotCancelled = "policy_not_cancelled", CONFLICT, "This policy is not cancelled";
    /// The term was renewed already.
    PolicyRenewedAlready = "policy_renewed_already", CONFLICT, "This term was renewed already";
    /// The policy has this form already.
    EndorsementExists = "endorsement_exists", CONFLICT, "The policy has this endorsement already";
    /// A master certificate links the endorsement.
    EndorsementInUse = "endorsement_in_use", CONFLICT, "A master certificate links this endorsement";
    /// The account is not in the state that this needs.
    WrongAccountState = "wrong_account_state", CONFLICT, "The account's state does not allow this";
    /// A policy on the certificate has ended.
    CertificateTermEnded = "certificate_term_ended", CONFLICT, "Send a new certificate instead";
    /// The mail has left already.
    DeliveryNotWaiting = "delivery_not_waiting", CONFLICT, "Too late to undo";
    /// The sending has no link that works.
    LinkNotOn = "link_not_on", CONFLICT, "There is no link to turn off";
    /// The task was settled already.
    TaskSettled = "task_settled", CONFLICT, "This was settled already";
    /// The certificate was withdrawn or superseded.
    CertificateNotStanding = "certificate_not_standing", CONFLICT, "The certificate no longer stands";
    /// The request for approval was decided already.
    ApprovalDecided = "approval_decided", CONFLICT, "This request was decided already";
    /// What would be approved is not what was looked at.
    ApprovalChanged = "approval_changed", CONFLICT, "Something changed since you looked";
    /// Nothing blocks the certificate.
    NothingToApprove = "nothing_to_approve", CONFLICT, "Nothing blocks this certificate";
    /// The import is not in the state that this needs.
    WrongImportState = "wrong_import_state", CONFLICT, "The import's state does not allow this";
    /// The batch is not in the state that this needs.
    WrongBatchState = "wrong_batch_state", CONFLICT, "The batch's state does not allow this";
    /// The link was used, replaced or outlived.
    LinkUsedOrExpired = "link_used_or_expired", GONE, "The link was used or is no longer valid";
    /// The agency turned the link off.
    LinkTurnedOff = "link_turned_off", GONE, "This link was turned off";
    /// The link took its one answer.
    LinkUsed = "link_used", GONE, "This link was used already";
    /// The link's time is over.
    LinkExpired = "link_expired", GONE, "This link has expired";
    /// No link has this secret.
    LinkUnknown = "link_unknown", NOT_FOUND, "This link is not one of ours";
    /// The record was changed meanwhile.
    StaleVersion = "stale_version", PRECONDITION_FAILED, "Somebody changed this meanwhile";
    /// The body is too large.
    PayloadTooLarge = "payload_too_large", PAYLOAD_TOO_LARGE, "The request is too large";
    /// The body's media type is not taken.
    UnsupportedMediaType = "unsupported_media_type", UNSUPPORTED_MEDIA_TYPE, "This media type is not taken here";
    /// Fields were refused.
    Validation = "validation", UNPROCESSABLE_ENTITY, "Some fields need a correction";
    /// The key was used for another request.
    IdempotencyKeyReused = "idempotency_key_reused", UNPROCESSABLE_ENTITY, "The Idempotency-Key was used for another request";
    /// The insured has no email.
    InsuredEmailMissing = "insured_email_missing", UNPROCESSABLE_ENTITY, "The insured has no email address";
    /// The agency's address is missing.
    AgencyIncomplete = "agency_incomplete", UNPROCESSABLE_ENTITY, "The agency's profile is incomplete";
    /// The truth gate blocks.
    CertificateBlocked = "certificate_blocked", UNPROCESSABLE_ENTITY, "The certificate cannot be sent as it is";
    /// Page and endorsements do not fit into one mail.
    MailTooLarge = "mail_too_large", UNPROCESSABLE_ENTITY, "The files are too large for one mail";
    /// A change must name the version it was made from.
    PreconditionRequired = "precondition_required", PRECONDITION_REQUIRED, "Name the version you changed in If-Match";
    /// Too many attempts.
    TooManyAttempts = "too_many_attempts", TOO_MANY_REQUESTS, "Too many attempts";
    /// The server failed.
    Internal = "internal", INTERNAL_SERVER_ERROR, "Something went wrong on our side";
    /// The server is busy or the database away.
    Busy = "busy", SERVICE_UNAVAILABLE, "The service is busy";
}

/// One field that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct FieldFault {
    /// JSON pointer into the request body.
    #[schema(example = "/holder/new/name")]
    pub(crate) pointer: String,
    /// A word for programs.
    #[schema(example = "empty")]
    pub(crate) code: String,
    /// A sentence for people.
    #[schema(example = "must not be empty")]
    pub(crate) detail: String,
}

/// A problem on its way to the client.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    kind: ProblemType,
    detail: Option<String>,
    errors: Vec<FieldFault>,
    findings: Vec<Finding>,
    rule: Option<Rule>,
    retry_after: Option<u64>,
    current_version: Option<i32>,
    superseded_by: Option<Uuid>,
}

/// RFC 9457 problem details.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct ProblemBody {
    /// Which kind of problem.
    #[serde(rename = "type")]
    kind: ProblemType,
    /// The kind in words; the same for every occurrence.
    title: &'static str,
    /// The status code.
    status: u16,
    /// What is wrong this time, and what to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// The request's id, as on the server's log line.
    #[schema(example = "urn:uuid:0193e5f0-7d2a-7b44-9c4e-2f6a3f1f0c11")]
    instance: String,
    /// Fields that were refused.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    errors: Vec<FieldFault>,
    /// What the truth gate found.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    findings: Vec<FindingView>,
    /// The rule that refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'static str>,
    /// After how many seconds to try again.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_seconds: Option<u64>,
    /// The version the record has now.
    #[serde(skip_serializing_if = "Option::is_none")]
    current_version: Option<i32>,
    /// The certificate that took the place of the one in question.
    #[serde(skip_serializing_if = "Option::is_none")]
    superseded_by: Option<Uuid>,
}

impl Problem {
    /// A problem of a kind, with nothing more to say.
    #[must_use]
    pub(crate) const fn new(kind: ProblemType) -> Self {
        Self {
            kind,
            detail: None,
            errors: Vec::new(),
            findings: Vec::new(),
            rule: None,
            retry_after: None,
            current_version: None,
            superseded_by: None,
        }
    }

    /// Says what is wrong this time.
    #[must_use]
    pub(crate) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Says when to try again.
    #[must_use]
    pub(crate) const fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// The certificate was withdrawn, or superseded by another one.
    #[must_use]
    pub(crate) fn not_standing(why: NotStanding) -> Self {
        let superseded_by = match why {
            NotStanding::Withdrawn => None,
            NotStanding::Superseded(by) => by.map(CertificateId::uuid),
        };
        Self {
            superseded_by,
            ..Self::new(ProblemType::CertificateNotStanding).detail(sentence(&why.to_string()))
        }
    }

    /// Fields that were refused.
    #[must_use]
    pub(crate) fn validation(errors: Vec<FieldFault>) -> Self {
        Self {
            errors,
            ..Self::new(ProblemType::Validation)
        }
    }

    /// One field that was refused.
    #[must_use]
    pub(crate) fn field(pointer: &str, code: &str, detail: impl std::fmt::Display) -> Self {
        Self::validation(vec![FieldFault {
            pointer: pointer.to_owned(),
            code: code.to_owned(),
            detail: detail.to_string(),
        }])
    }

    /// What the truth gate found.
    #[must_use]
    pub(crate) fn blocked(findings: Vec<Finding>) -> Self {
        let detail = findings.first().map(|finding| finding.message.clone());
        Self {
            findings,
            detail,
            ..Self::new(ProblemType::CertificateBlocked)
        }
    }

    /// What the truth gate found that no person lifts.
    #[must_use]
    pub(crate) fn not_liftable(findings: Vec<Finding>) -> Self {
        let first = findings.iter().find(|finding| !finding.code.liftable());
        let detail = first.map(|finding| format!("Nobody can approve this: {}", finding.message));
        Self {
            findings,
            detail,
            ..Self::new(ProblemType::CertificateBlocked)
        }
    }

    /// Whether the client can do something about it.
    #[must_use]
    pub(crate) fn is_of_the_client(&self) -> bool {
        self.kind.status().as_u16() < 500
    }

    /// What is wrong, in words.
    #[must_use]
    pub(crate) fn in_words(&self) -> String {
        let field = self.errors.first().map(|fault| sentence(&fault.detail));
        self.detail
            .clone()
            .or(field)
            .unwrap_or_else(|| self.kind.title().to_owned())
    }

    /// A failure that the client is not told about; it is logged here, once.
    #[must_use]
    pub(crate) fn internal(source: impl std::fmt::Display) -> Self {
        tracing::error!(%source, "request failed");
        Self::new(ProblemType::Internal)
    }

    /// The answer as it leaves, with the request's id; counted.
    pub(crate) fn written(self, request: Option<RequestId>, with_body: bool) -> HttpResponse<BoxBody> {
        let kind = self.kind;
        metrics::counter!("countersign_problems_total", "type" => kind.slug()).increment(1);
        let mut written = HttpResponse::build(kind.status());
        written.content_type(MEDIA_TYPE);
        written.insert_header((header::CACHE_CONTROL, "no-store"));
        if let Some(seconds) = self.retry_after {
            written.insert_header((header::RETRY_AFTER, seconds.to_string()));
        }
        if let Some(version) = self.current_version {
            written.insert_header((header::ETAG, format!("\"{version}\"")));
        }
        if kind.status() == StatusCode::UNAUTHORIZED {
            written.insert_header((header::WWW_AUTHENTICATE, "Cookie realm=\"countersign\""));
        }
        let mut response = if with_body {
            written.json(self.body(request))
        } else {
            written.finish()
        };
        // For the log line of the request.
        response.extensions_mut().insert(kind);
        response
    }

    fn body(self, request: Option<RequestId>) -> ProblemBody {
        ProblemBody {
            kind: self.kind,
            title: self.kind.title(),
            status: self.kind.status().as_u16(),
            detail: self.detail,
            instance: request.map_or_else(|| "urn:uuid:unknown".to_owned(), |id| format!("urn:uuid:{id}")),
            errors: self.errors,
            findings: self.findings.into_iter().map(FindingView::from).collect(),
            rule: self.rule.map(Rule::as_str),
            retry_after_seconds: self.retry_after,
            current_version: self.current_version,
            superseded_by: self.superseded_by,
        }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.kind.slug())
    }
}

impl std::error::Error for Problem {}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.kind.status()
    }

    /// Leaves the problem beside an empty body; [`render`] writes it, because only there the request's id is known.
    fn error_response(&self) -> HttpResponse<BoxBody> {
        let mut response = HttpResponse::new(self.kind.status());
        response.extensions_mut().insert(self.clone());
        response
    }
}

impl From<Verdict> for Problem {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Forbidden(Rule::AccountSuspended) => Self::suspended(),
            Verdict::Forbidden(rule) => {
                let mut problem = Self::new(ProblemType::Forbidden).detail(explain(rule));
                problem.rule = Some(rule);
                problem
            }
            // What is hidden does not say why.
            Verdict::Hidden(_) => Self::new(ProblemType::NotFound),
            Verdict::Allowed => Self::internal("a granted request was reported as denied"),
        }
    }
}

impl Problem {
    /// The account is suspended: said clearly, on whatever page.
    #[must_use]
    pub(crate) fn suspended() -> Self {
        Self::new(ProblemType::AccountSuspended)
            .detail("Your agency has suspended this account. Nothing was lost; please contact your agency.")
    }
}

/// A reason as a sentence.
pub(crate) fn sentence(reason: &str) -> String {
    let mut letters = reason.chars();
    letters
        .next()
        .map(|first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
        .unwrap_or_default()
}

/// Why a rule refused, for the person who was refused.
const fn explain(rule: Rule) -> &'static str {
    match rule {
        Rule::GroupDoesNotOpen => "Your security group does not open this. An administrator can change that.",
        Rule::RightNotGranted => "Your agency has not granted you this. Please ask your agency.",
        Rule::NotForThisActor => "This is not available to your kind of account.",
        Rule::OwnRequest => "Another person must decide what you asked for.",
        Rule::NotOpenedToPortal => "Your agency has not opened this to the portal.",
        Rule::AccountSuspended => "Your agency has suspended this account.",
        Rule::OtherAgency | Rule::OtherInsured => "Not found.",
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => Self::new(ProblemType::NotFound),
            Error::Denied(verdict) => verdict.into(),
            Error::Conflict(constraint) => match constraint {
                Constraint::PortalUserInsuredUnique => Self::new(ProblemType::PortalUserExists)
                    .detail("Use Update User on the insured's profile."),
                Constraint::PortalUserUsernameUnique | Constraint::StaffUsernameUnique => {
                    Self::new(ProblemType::UsernameTaken)
                        .detail("Another account of this agency signs in with this name.")
                }
                Constraint::InsuredCustomerIdUnique => Self::new(ProblemType::CustomerIdTaken),
                Constraint::PolicyUnique => Self::new(ProblemType::PolicyExists).detail(
                    "A policy is named by its number, the first day of its term and its line; another one has these.",
                ),
                Constraint::PolicyPriorUnique => Self::new(ProblemType::PolicyRenewedAlready),
                Constraint::EndorsementUnique => Self::new(ProblemType::EndorsementExists).detail(
                    "A form with this number, edition, effect and scope is on the policy; change that one.",
                ),
                Constraint::EndorsementLinked => Self::new(ProblemType::EndorsementInUse).detail(
                    "Give it the day on which it was taken off, or take it out of the master certificate first.",
                ),
                Constraint::MasterNameUnique => Self::new(ProblemType::MasterNameTaken),
                Constraint::TemplateNameUnique => Self::new(ProblemType::TemplateNameTaken)
                    .detail("Another template has this name, in use or put away; give this one another."),
                Constraint::HolderGroupNameUnique => Self::new(ProblemType::HolderGroupNameTaken),
                Constraint::HolderUnique => Self::new(ProblemType::HolderExists)
                    .detail("A holder of this name at this address is in the library, in use or put away."),
                Constraint::AgencySlugUnique => Self::internal(format!("unexpected conflict {constraint:?}")),
            },
            Error::Stale { current } => Self {
                current_version: Some(current),
                ..Self::new(ProblemType::StaleVersion).detail(
                    "Somebody saved another change first. Load the newest version and make yours again.",
                )
            },
            Error::Unavailable(source) => {
                tracing::error!(%source, "database unavailable");
                Self::new(ProblemType::Busy).retry_after(2)
            }
            Error::Broken(source) => Self::internal(source),
        }
    }
}

/// Writes problems with the request's id, and turns every bare error of the framework into one.
pub(crate) async fn render<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let id = request.extensions().get::<RequestId>().copied();
    let method = request.method().clone();
    let response = next.call(request).await?.map_into_boxed_body();
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return Ok(response);
    }
    let problem = response.response().extensions().get::<Problem>().cloned();
    let problem = match problem {
        Some(problem) => problem,
        // Already written (health, for instance), or a probe that expects no body.
        None if response.headers().contains_key(header::CONTENT_TYPE)
            && !is_plain_text(response.headers().get(header::CONTENT_TYPE)) =>
        {
            return Ok(response);
        }
        None => bare(status),
    };
    let mut written = problem.written(id, method != Method::HEAD);
    let ours: Vec<_> = written.headers().keys().cloned().collect();
    for (name, value) in response.headers() {
        if name != header::CONTENT_LENGTH && !ours.contains(name) {
            written.headers_mut().append(name.clone(), value.clone());
        }
    }
    Ok(response.into_response(written))
}

fn is_plain_text(value: Option<&HeaderValue>) -> bool {
    value
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("text/plain"))
}

fn bare(status: StatusCode) -> Problem {
    Problem::new(match status {
        StatusCode::NOT_FOUND => ProblemType::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => ProblemType::MethodNotAllowed,
        StatusCode::PAYLOAD_TOO_LARGE => ProblemType::PayloadTooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ProblemType::UnsupportedMediaType,
        StatusCode::REQUEST_TIMEOUT | StatusCode::SERVICE_UNAVAILABLE => ProblemType::Busy,
        status if status.is_client_error() => ProblemType::BadRequest,
        _ => ProblemType::Internal,
    })
}

/// Documents that every operation may answer with a problem.
pub(crate) struct Problems;

impl utoipa::IntoResponses for Problems {
    fn responses()
    -> std::collections::BTreeMap<String, utoipa::openapi::RefOr<utoipa::openapi::response::Response>> {
        use utoipa::openapi::{ContentBuilder, Ref, ResponseBuilder};
        let problem = ResponseBuilder::new()
            .description("A problem; `type` says which.")
            .content(
                MEDIA_TYPE,
                ContentBuilder::new()
                    .schema(Some(Ref::from_schema_name("Problem")))
                    .build(),
            )
            .build();
        [("default".to_owned(), problem.into())].into()
    }
}
