//! What stands around every request: who may call from where, and the headers of every reply.

use std::panic::AssertUnwindSafe;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{HttpMessage as _, HttpResponse, ResponseError, web};
use futures::FutureExt as _;
use tracing::Span;
use tracing_actix_web::{RequestId, RootSpanBuilder};

use crate::client;
use crate::context::{State, authority};
use crate::problem::{Problem, ProblemType};

/// The header that makes a cross-site call need a preflight, which is never granted.
pub(crate) const CUSTOM_HEADER: &str = "x-countersign";

/// Refuses addresses that hold a NUL: no text has one, and the database takes none.
pub(crate) async fn legible<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let whole = request.uri().path_and_query().map_or("", |whole| whole.as_str());
    if whole.contains("%00") {
        let problem =
            Problem::new(ProblemType::BadRequest).detail("The address holds the character NUL (%00).");
        return Ok(request.into_response(problem.error_response()));
    }
    Ok(next.call(request).await?.map_into_boxed_body())
}

/// Keeps the pages that show the contract on the API's own origin: their policy lets them style themselves as they
/// like, which nothing else may beside the apps.
pub(crate) async fn docs_at_home<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let path = request.path();
    if path == "/docs" || path.starts_with("/docs/") {
        let host = client::host(request.request());
        let state = request.app_data::<web::Data<State>>();
        if state.is_none_or(|state| authority(&state.origins().api) != host) {
            return Ok(request.into_response(Problem::new(ProblemType::NotFound).error_response()));
        }
    }
    Ok(next.call(request).await?.map_into_boxed_body())
}

/// Refuses writes that a page of another site could have caused.
pub(crate) async fn same_site<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    // Programs of the relay send no cookie, and sign what they send.
    let signed = request.path() == crate::mail::MAIL_EVENTS;
    if !reads && !signed && !is_same_site(&request) {
        let problem = Problem::new(ProblemType::CrossSiteRequest)
            .detail("Writes need the header X-Countersign and must come from the product's own pages.");
        // Answered, not returned as an error: an error would pass by whatever stands around this.
        return Ok(request.into_response(problem.error_response()));
    }
    Ok(next.call(request).await?.map_into_boxed_body())
}

fn is_same_site(request: &ServiceRequest) -> bool {
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    if header(CUSTOM_HEADER).is_none() {
        return false;
    }
    if let Some(site) = header("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = header("origin") else {
        return true;
    };
    let Some(state) = request.app_data::<web::Data<State>>() else {
        return false;
    };
    let origins = state.origins();
    [&origins.staff, &origins.portal, &origins.api]
        .iter()
        .any(|ours| ours.origin().ascii_serialization() == origin)
}

/// Pages: our scripts only, and no styles but ours: those that the UI kit makes bear the nonce of their page.
const PAGE_POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'nonce-CSP_NONCE'; \
    img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; object-src 'none'; \
    frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// What stands for the nonce, in the policy and in a page as it was built.
pub(crate) const NONCE_PLACEHOLDER: &str = "CSP_NONCE";

/// The policy of a page. One that was built without a place for a nonce may style itself as it likes.
pub(crate) fn page_policy(nonce: Option<&str>) -> String {
    match nonce {
        Some(nonce) => PAGE_POLICY.replace(NONCE_PLACEHOLDER, nonce),
        None => PAGE_POLICY.replace("'nonce-CSP_NONCE'", "'unsafe-inline'"),
    }
}

/// Replies of the API, and everything else that is no page, run nothing.
const DATA_POLICY: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";

/// What the headers of a reply depend on.
#[derive(Clone, Copy, Debug)]
struct Dress {
    /// It answers for the API, not for a page.
    data: bool,
    /// Browsers come over TLS.
    secure: bool,
    id: Option<RequestId>,
}

impl Dress {
    fn of(request: &ServiceRequest) -> Self {
        Self {
            data: request.path().starts_with("/v1/"),
            secure: request
                .app_data::<web::Data<State>>()
                .is_some_and(|state| state.origins().staff.scheme() == "https"),
            id: request.extensions().get::<RequestId>().copied(),
        }
    }

    /// Sets the headers of every reply, where they are not set already.
    fn put_on(&self, headers: &mut HeaderMap) {
        let page = headers
            .get(header::CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
        if !self.data
            && page
            && !headers.contains_key(header::CONTENT_SECURITY_POLICY)
            && let Ok(policy) = HeaderValue::from_str(&page_policy(None))
        {
            headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        let mut set = |name: HeaderName, value: &'static str| {
            if !headers.contains_key(&name) {
                headers.insert(name, HeaderValue::from_static(value));
            }
        };
        set(header::CONTENT_SECURITY_POLICY, DATA_POLICY);
        set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        set(header::REFERRER_POLICY, "no-referrer");
        set(
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        );
        set(
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        );
        set(
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=()",
        );
        if self.data {
            set(header::CACHE_CONTROL, "no-store");
        }
        if self.secure {
            set(
                header::STRICT_TRANSPORT_SECURITY,
                "max-age=63072000; includeSubDomains",
            );
        }
        if let Some(value) = self.id.and_then(|id| HeaderValue::from_str(&id.to_string()).ok()) {
            headers.insert(HeaderName::from_static("x-request-id"), value);
        }
    }
}

/// Sets the headers of every reply.
pub(crate) async fn headers<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let dress = Dress::of(&request);
    let mut response = next.call(request).await?;
    dress.put_on(response.headers_mut());
    Ok(response)
}

/// The answer to a request whose handling panicked. The request is lost by then, so this is an error that
/// carries whatever its answer needs.
#[derive(Debug)]
struct Broken {
    dress: Dress,
    with_body: bool,
}

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the handling of a request panicked")
    }
}

impl ResponseError for Broken {
    fn status_code(&self) -> StatusCode {
        ProblemType::Internal.status()
    }

    fn error_response(&self) -> HttpResponse<BoxBody> {
        let mut response = Problem::new(ProblemType::Internal).written(self.dress.id, self.with_body);
        self.dress.put_on(response.headers_mut());
        response
    }
}

/// Answers like any other failure when the code below panics: nobody is left with a connection that breaks off.
/// What went wrong is logged where it happens, by the process's own hook.
pub(crate) async fn unbroken<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let broken = Broken {
        dress: Dress::of(&request),
        with_body: request.method() != Method::HEAD,
    };
    let answered = AssertUnwindSafe(async move { next.call(request).await })
        .catch_unwind()
        .await;
    answered.unwrap_or_else(|_| {
        metrics::counter!("http_server_panics_total").increment(1);
        Err(broken.into())
    })
}

/// The span of a request: its id and nothing else. Addresses are left out, because names and emails that
/// people look for stand in them.
pub(crate) struct RequestSpan;

impl RootSpanBuilder for RequestSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let id = request.extensions().get::<RequestId>().map(ToString::to_string);
        tracing::info_span!("request", request_id = id)
    }

    fn on_request_end<B: MessageBody>(_: Span, _: &Result<ServiceResponse<B>, actix_web::Error>) {}
}

/// A method that the protocol knows. Any other word would let a stranger make up metrics without end.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        Method::CONNECT => "CONNECT",
        Method::TRACE => "TRACE",
        _ => "_OTHER",
    }
}

/// Counts, times and logs every request by its route template.
pub(crate) async fn measure<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let begun = std::time::Instant::now();
    let method = known(request.method());
    let route = request.match_pattern().unwrap_or_else(|| "unmatched".to_owned());
    let answered = next.call(request).await;
    let (status, problem) = match &answered {
        Ok(response) => {
            let kind = response.response().extensions().get::<ProblemType>().copied();
            (response.status(), kind)
        }
        Err(error) => {
            let status = error.as_response_error().status_code();
            (status, status.is_server_error().then_some(ProblemType::Internal))
        }
    };
    let status = status.as_u16();
    let problem = problem.map(ProblemType::slug);
    let seconds = begun.elapsed().as_secs_f64();
    let milliseconds = (seconds * 100_000.0).round() / 100.0;
    if route == "/livez" || route == "/readyz" {
        tracing::debug!(method, route, status, problem, milliseconds, "answered");
    } else {
        tracing::info!(method, route, status, problem, milliseconds, "answered");
    }
    metrics::histogram!(
        "http_server_request_duration_seconds",
        "http_request_method" => method, "http_route" => route,
        "http_response_status_code" => status.to_string()
    )
    .record(seconds);
    answered
}

#[cfg(test)]
mod tests {
    use actix_web::middleware::from_fn;
    use actix_web::test::{TestRequest, init_service, try_call_service};
    use actix_web::{App, body};
    use tracing_actix_web::TracingLogger;

    use super::*;

    async fn breaks() -> HttpResponse {
        panic!("what the test is about")
    }

    #[actix_web::test]
    async fn a_panic_is_answered_like_any_other_failure_of_ours() {
        let app = App::new()
            .service(web::resource("/v1/breaks").to(breaks))
            .wrap(from_fn(headers))
            .wrap(from_fn(unbroken))
            .wrap(from_fn(measure))
            .wrap(TracingLogger::<RequestSpan>::new());
        let app = init_service(app).await;
        let request = TestRequest::get().uri("/v1/breaks?q=somebody").to_request();
        // The server makes an answer of an error in just this way.
        let Err(error) = try_call_service(&app, request).await else {
            panic!("nothing broke");
        };
        let answer = error.error_response();
        assert_eq!(answer.status(), 500);
        let header = |name: &str| answer.headers().get(name).unwrap().to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), "application/problem+json");
        assert_eq!(header("content-security-policy"), DATA_POLICY);
        assert_eq!(header("cache-control"), "no-store");
        let id = header("x-request-id");
        let body = body::to_bytes(answer.into_body()).await.unwrap();
        let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(
            (&body["type"], &body["instance"]),
            (&"internal".into(), &format!("urn:uuid:{id}").into())
        );
    }

    #[test]
    fn a_made_up_method_makes_up_no_metric() {
        assert_eq!(known(&Method::PATCH), "PATCH");
        assert_eq!(known(&Method::from_bytes(b"BREW").unwrap()), "_OTHER");
    }
}
