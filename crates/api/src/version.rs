//! Optimistic locking over HTTP: a record's version is its strong ETag, and a change names it in If-Match.

use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, HttpResponse, HttpResponseBuilder, dev::Payload};
use std::future::{Ready, ready};
use utoipa::IntoParams;
use utoipa::openapi::Required;
use utoipa::openapi::path::{Parameter, ParameterIn};

use crate::idempotency::header as documented;
use crate::problem::{Problem, ProblemType};

/// The version that a change was made from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct IfMatch(i32);

impl FromRequest for IfMatch {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let named = request
            .headers()
            .get(header::IF_MATCH)
            .and_then(|value| value.to_str().ok());
        ready(match named {
            None => Err(Problem::new(ProblemType::PreconditionRequired)
                .detail("Send the ETag of the record as you loaded it.")),
            Some(text) => text
                .strip_prefix('"')
                .and_then(|text| text.strip_suffix('"'))
                .and_then(|text| text.parse().ok())
                .map(Self)
                .ok_or_else(|| {
                    Problem::new(ProblemType::BadRequest)
                        .detail("If-Match takes an ETag of this record, e.g. \"3\".")
                }),
        })
    }
}

impl IfMatch {
    /// Refuses when the record has another version by now.
    pub(crate) fn check(self, current: i32) -> Result<(), Problem> {
        if self.0 == current {
            Ok(())
        } else {
            Err(countersign_persistence::Error::Stale { current }.into())
        }
    }
}

/// The header's name.
pub(crate) const NAME: &str = "If-Match";

impl IntoParams for IfMatch {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let version = documented(
            NAME,
            Required::True,
            "The ETag of the record as it was loaded, e.g. `\"3\"`. Without it `precondition_required`; if somebody \
             else changed the record since, `stale_version`.",
        );
        vec![version]
    }
}

/// A 200 with the record's version as ETag.
pub(crate) fn with_version(version: i32) -> HttpResponseBuilder {
    let mut response = HttpResponse::Ok();
    response.insert_header((header::ETAG, format!("\"{version}\"")));
    response
}
