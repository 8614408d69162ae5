//! Title and tags of the contract; its operations come from the registration in `routes.rs`.

use serde_json::Value;
use utoipa::OpenApi;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{Components, RefOr};

use crate::{guard, idempotency, version};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Countersign",
        version = "1",
        description = "Portal accounts, certificates of insurance and staff of an insurance agency.\n\n\
            Errors are RFC 9457 problems; `type` is one of the words of `ProblemType`. Lists are pages with a cursor. \
            Changes name the version they were made from in `If-Match`. What creates, issues or mails takes an \
            `Idempotency-Key`. Writes carry the header `X-Countersign`.",
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

const STAFF: &str = "staff_session";
const PORTAL: &str = "portal_session";
const SAME_SITE: &str = "same_site";

/// The contract without its operations.
pub(crate) fn frame() -> utoipa::openapi::OpenApi {
    let mut contract = Contract::openapi();
    let components = contract.components.get_or_insert_with(Default::default);
    let mut add = |name: &str, scheme: ApiKey| {
        let scheme = SecurityScheme::ApiKey(scheme);
        components.security_schemes.insert(name.to_owned(), scheme.into());
    };
    for (name, cookie) in [
        (STAFF, "__Host-countersign_staff"),
        (PORTAL, "__Host-countersign_portal"),
    ] {
        add(name, ApiKey::Cookie(ApiKeyValue::new(cookie)));
    }
    let header = ApiKeyValue::with_description(
        guard::CUSTOM_HEADER,
        "Any value. A page of another site cannot send this header, so that no write comes from one unnoticed.",
    );
    add(SAME_SITE, ApiKey::Header(header));
    contract
}

/// Writes down what holds for all operations alike: who may call them, what a write carries, and which headers an answer
/// has. Operations without a session say so themselves.
pub(crate) fn finish(mut contract: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
    let components = contract.components.clone().unwrap_or_default();
    for (path, item) in &mut contract.paths.paths {
        // Programs of the relay sign what they send instead.
        let signed = path == crate::mail::MAIL_EVENTS;
        for (operation, writes) in [
            (&mut item.get, false),
            (&mut item.put, true),
            (&mut item.post, true),
            (&mut item.delete, true),
            (&mut item.patch, true),
        ] {
            if let Some(operation) = operation {
                secure(operation, writes && !signed);
                head(operation, &components);
            }
        }
    }
    contract
}

fn secure(operation: &mut Operation, custom_header: bool) {
    let none: [&str; 0] = [];
    let sessions = || [STAFF, PORTAL].map(|name| SecurityRequirement::new(name, none));
    let needs = operation.security.take().unwrap_or_else(|| sessions().into());
    let with_header = |need: SecurityRequirement| match custom_header {
        true => need.add(SAME_SITE, none),
        false => need,
    };
    operation.security = Some(needs.into_iter().map(with_header).collect());
}

fn takes(operation: &Operation, header: &str) -> bool {
    operation
        .parameters
        .iter()
        .flatten()
        .any(|parameter| match parameter {
            RefOr::T(parameter) => parameter.name == header,
            RefOr::Ref(_) => false,
        })
}

/// The headers of an operation's answers.
fn head(operation: &mut Operation, components: &Components) {
    let once = takes(operation, idempotency::NAME);
    let versioned = takes(operation, version::NAME);
    for (status, response) in &mut operation.responses.responses {
        let RefOr::T(response) = response else { continue };
        let record = response.content.values().any(|content| {
            let RefOr::T(content) = content else { return false };
            let schema = content.schema.as_ref().map(serde_json::to_value);
            schema.is_some_and(|schema| schema.is_ok_and(|schema| has_version(&schema, components)))
        });
        let mut add = |name: &str, description: &str| {
            let header = HeaderBuilder::new()
                .schema(Some(idempotency::text()))
                .description(Some(description))
                .build();
            response.headers.insert(name.to_owned(), header.into());
        };
        match status.as_str() {
            "default" => {
                add(
                    "Retry-After",
                    "Seconds to wait, wherever trying again later helps.",
                );
                if versioned {
                    add("ETag", "With `stale_version`: the version of the record on file.");
                }
            }
            _ => {
                if once {
                    add(
                        "Idempotency-Replayed",
                        "`true` on an answer that was given before.",
                    );
                }
                if record {
                    add(
                        "ETag",
                        "The version of the record in the answer, for `If-Match` of a change.",
                    );
                }
            }
        }
    }
}

/// Whether a schema is one of a record with a version.
fn has_version(schema: &Value, components: &Components) -> bool {
    let reference = schema.get("$ref").and_then(Value::as_str);
    if let Some(name) = reference.and_then(|to| to.strip_prefix("#/components/schemas/")) {
        let named = components.schemas.get(name).map(serde_json::to_value);
        return named.is_some_and(|named| named.is_ok_and(|named| has_version(&named, components)));
    }
    let parts = schema.get("allOf").and_then(Value::as_array);
    schema.pointer("/properties/version").is_some()
        || parts.is_some_and(|parts| parts.iter().any(|part| has_version(part, components)))
}
