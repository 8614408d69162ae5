//! The key by which a request that creates, issues or mails is carried out once, however often it arrives.

use actix_web::HttpRequest;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{RefOr, Required, Schema};

use crate::problem::{Problem, ProblemType};

/// The header's name.
pub(crate) const NAME: &str = "Idempotency-Key";

/// The header as the contract has it; [`crate::context::Caller::once`] is what heeds it.
pub(crate) struct IdempotencyKey;

impl IdempotencyKey {
    /// The key that a request bears.
    ///
    /// # Errors
    /// `bad_request` for one that is empty, longer than 128 characters or not printable.
    pub(crate) fn of(request: &HttpRequest) -> Result<Option<String>, Problem> {
        let Some(value) = request.headers().get(NAME) else {
            return Ok(None);
        };
        match value.to_str() {
            Ok(key) if (1..=128).contains(&key.len()) => Ok(Some(key.to_owned())),
            _ => Err(Problem::new(ProblemType::BadRequest)
                .detail("Idempotency-Key takes 1 to 128 printable characters.")),
        }
    }
}

impl IntoParams for IdempotencyKey {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let key = header(
            NAME,
            Required::False,
            "A word of the client's own for this one act, 1 to 128 characters. A request that comes again with it \
             within 7 days gets the first one's answer, and nothing is done twice.",
        );
        vec![key]
    }
}

/// A header of a request as the contract has it.
pub(crate) fn header(name: &str, required: Required, description: &str) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(required)
        .description(Some(description))
        .schema(Some(text()))
        .build()
}

/// The schema of a text.
pub(crate) fn text() -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::String))
        .into()
}
