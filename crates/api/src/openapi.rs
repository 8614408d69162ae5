//! Title and tags of the contract; its operations come from the registration in `routes.rs`.

use utoipa::OpenApi;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Countersign",
        version = "1",
        description = "Portal accounts, certificates of insurance and staff of an insurance agency.\n\n\
            Errors are RFC 9457 problems; `type` is one of the words of `ProblemType`. Lists are pages with a cursor. \
            Changes name the version they were made from in `If-Match`. Every POST takes an `Idempotency-Key`. Writes \
            carry the header `X-Countersign`.",
        license(name = "Apache-2.0 OR MIT")
    ),
    tags(
        (name = "session", description = "Signing in and out, links for choosing a password"),
        (name = "agency", description = "The agency's profile and home page"),
        (name = "insureds", description = "Insureds, their policies and history, search"),
        (name = "policies", description = "Policies, the forms on them, who relies on them, their history"),
        (name = "portal", description = "Portal accounts of insureds"),
        (name = "masters", description = "Master certificates"),
        (name = "templates", description = "Wording for descriptions and mails that is written once and picked again"),
        (name = "holders", description = "Certificate holders"),
        (name = "interests", description = "Additional interests of insureds"),
        (name = "certificates", description = "Certificates: preview, send, log, resend, revise, withdraw"),
        (name = "links", description = "What links in mails open, for whoever has them"),
        (name = "batches", description = "Sending to many holders at once, and the new term to those who hold the old one"),
        (name = "approvals", description = "Certificates that are blocked, decided by a second person"),
        (name = "imports", description = "Loading files"),
        (name = "mail", description = "Mail that came back or could not be sent, and what the relay tells of it"),
    ),
    // Problems stand in no handler's signature, nor do the events of a stream, and schemas of query parameters are not gathered from there.
    components(schemas(
        crate::activity::ActKindWord,
        crate::batches::Progress,
        crate::problem::ProblemBody,
        crate::problem::ProblemType,
        crate::insureds::InsuredSortWord,
    ))
)]
struct Contract;

/// The contract without its operations.
pub(crate) fn frame() -> utoipa::openapi::OpenApi {
    let mut contract = Contract::openapi();
    let components = contract.components.get_or_insert_with(Default::default);
    for (name, cookie) in [
        ("staff_session", "__Host-countersign_staff"),
        ("portal_session", "__Host-countersign_portal"),
    ] {
        components.security_schemes.insert(
            name.to_owned(),
            SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(cookie))).into(),
        );
    }
    contract
}
