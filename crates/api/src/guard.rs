//! What stands around every request: who may call from where, and the headers of every reply.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{ResponseError as _, web};

use crate::context::State;
use crate::problem::{Problem, ProblemType};

/// The header that makes a cross-site call need a preflight, which is never granted.
pub(crate) const CUSTOM_HEADER: &str = "x-countersign";

/// Refuses writes that a page of another site could have caused.
pub(crate) async fn same_site<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if !reads && !is_same_site(&request) {
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

/// Pages: our scripts only, nothing inline; styles may be set on elements, because the UI kit does.
const PAGE_POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; \
    frame-src 'self' blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Replies of the API run nothing.
const DATA_POLICY: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";

/// Sets the headers of every reply.
pub(crate) async fn headers<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let data = request.path().starts_with("/v1/");
    let secure = request
        .app_data::<web::Data<State>>()
        .is_some_and(|state| state.origins().staff.scheme() == "https");
    let id = {
        use actix_web::HttpMessage as _;
        request
            .extensions()
            .get::<tracing_actix_web::RequestId>()
            .map(ToString::to_string)
    };
    let mut response = next.call(request).await?;
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    set(
        header::CONTENT_SECURITY_POLICY,
        if data { DATA_POLICY } else { PAGE_POLICY },
    );
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
    if data {
        set(header::CACHE_CONTROL, "no-store");
    }
    if secure {
        set(
            header::STRICT_TRANSPORT_SECURITY,
            "max-age=63072000; includeSubDomains",
        );
    }
    if let Some(value) = id.and_then(|id| HeaderValue::from_str(&id).ok()) {
        headers.insert(HeaderName::from_static("x-request-id"), value);
    }
    Ok(response)
}

/// Counts and times every request by its route template.
pub(crate) async fn measure<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let begun = std::time::Instant::now();
    let method = request.method().to_string();
    let response = next.call(request).await?;
    let route = response
        .request()
        .match_pattern()
        .unwrap_or_else(|| "unmatched".to_owned());
    let status = response.status().as_u16().to_string();
    metrics::histogram!(
        "http_server_request_duration_seconds",
        "http_request_method" => method, "http_route" => route, "http_response_status_code" => status
    )
    .record(begun.elapsed().as_secs_f64());
    Ok(response)
}
