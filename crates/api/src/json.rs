//! Long answers as JSON.

use actix_web::body::BoxBody;
use actix_web::http::header::ContentType;
use actix_web::{HttpRequest, HttpResponse, Responder, ResponseError as _};
use serde::Serialize;

use crate::problem::Problem;

/// A page of 20 certificates, which is the list that is read most, takes somewhat less.
const USUAL: usize = 16 * 1024;

/// A list as JSON. It differs from [`actix_web::web::Json`] in the buffer, which has the usual size of a list from the
/// beginning, and does not have to be moved half a dozen times while it grows.
pub(crate) struct Listed<T>(pub(crate) T);

impl<T: Serialize> Responder for Listed<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let mut body = Vec::with_capacity(USUAL);
        match serde_json::to_writer(&mut body, &self.0) {
            Ok(()) => HttpResponse::Ok().content_type(ContentType::json()).body(body),
            Err(error) => Problem::internal(error).error_response(),
        }
    }
}
