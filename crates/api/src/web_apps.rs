//! The built apps, for installations without a web server in front: each on its own host, files under
//! `assets/` for ever (their names carry a hash), and the app itself for every other address.

use std::path::{Component, Path, PathBuf};

use actix_files::NamedFile;
use actix_web::dev::ResourceDef;
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, ResponseError as _, web};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use crate::client;
use crate::context::{State, authority};
use crate::guard::{NONCE_PLACEHOLDER, page_policy};
use crate::problem::{Problem, ProblemType};

/// The addresses of the contract: one of them asked with another method is known, but not in that way.
pub(crate) struct Known(Vec<(ResourceDef, String)>);

impl Known {
    /// Every address of the contract.
    pub(crate) fn of(contract: &utoipa::openapi::OpenApi) -> Self {
        let methods = |item: &utoipa::openapi::PathItem| {
            let known = [
                ("GET", item.get.is_some()),
                ("POST", item.post.is_some()),
                ("PUT", item.put.is_some()),
                ("PATCH", item.patch.is_some()),
                ("DELETE", item.delete.is_some()),
            ];
            known
                .iter()
                .filter(|(_, there)| *there)
                .map(|(name, _)| *name)
                .collect::<Vec<_>>()
                .join(", ")
        };
        let paths = contract.paths.paths.iter();
        Self(
            paths
                .map(|(path, item)| (ResourceDef::new(path.as_str()), methods(item)))
                .collect(),
        )
    }

    fn methods(&self, path: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, _)| known.is_match(path))
            .map(|(_, methods)| methods.as_str())
    }
}

/// Serves the app whose host was asked.
pub(crate) async fn serve(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let missing = || Problem::new(ProblemType::NotFound);
    let known = request.app_data::<web::Data<Known>>();
    if let Some(methods) = known.and_then(|known| known.methods(request.path())) {
        let mut refusal = Problem::new(ProblemType::MethodNotAllowed).error_response();
        if let Ok(methods) = HeaderValue::from_str(methods) {
            refusal.headers_mut().insert(header::ALLOW, methods);
        }
        return Ok(refusal);
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) || request.path().starts_with("/v1/") {
        return Err(missing());
    }
    let state = request.app_data::<web::Data<State>>().ok_or_else(missing)?;
    let origins = state.origins();
    let host = client::host(&request);
    let folder = if host == authority(&origins.staff) {
        origins.staff_dir.as_deref()
    } else if host == authority(&origins.portal) {
        origins.portal_dir.as_deref()
    } else {
        None
    };
    let folder = folder.ok_or_else(missing)?;
    let wanted = inside(request.path()).ok_or_else(missing)?;
    let is_asset = wanted.starts_with("assets");
    let named = folder.join(&wanted);
    if let Ok(file) = NamedFile::open(&named)
        && file.metadata().is_file()
        && wanted.as_os_str() != PAGE
    {
        let cache = if is_asset {
            "public, max-age=31536000, immutable"
        } else {
            "no-cache"
        };
        let mut response = file.prefer_utf8(true).into_response(&request);
        response
            .headers_mut()
            .insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
        return Ok(response);
    }
    // A missing file is missing; every other address is one of the app's own.
    if wanted.extension().is_some() && wanted.as_os_str() != PAGE {
        return Err(missing());
    }
    let page = web::block({
        let page = folder.join(PAGE);
        move || std::fs::read_to_string(page)
    });
    let page = page.await.map_err(Problem::internal)?.map_err(|_| missing())?;
    shown(page)
}

/// The page of an app.
const PAGE: &str = "index.html";

/// A page under a policy of its own: each answer has a fresh nonce, so none is kept anywhere.
fn shown(page: String) -> Result<HttpResponse, Problem> {
    let (page, nonce) = if page.contains(NONCE_PLACEHOLDER) {
        let mut random = [0; 16];
        getrandom::fill(&mut random).map_err(Problem::internal)?;
        let nonce = BASE64_STANDARD.encode(random);
        (page.replace(NONCE_PLACEHOLDER, &nonce), Some(nonce))
    } else {
        (page, None)
    };
    Ok(HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_SECURITY_POLICY, page_policy(nonce.as_deref())))
        .body(page))
}

/// The path as one below the folder; anything that climbs is refused.
fn inside(path: &str) -> Option<PathBuf> {
    let relative = path.trim_start_matches('/');
    if relative.contains('%') || relative.contains('\\') || relative.contains('\0') {
        return None;
    }
    let path = Path::new(relative);
    path.components()
        .all(|part| matches!(part, Component::Normal(_)))
        .then(|| path.to_path_buf())
}

#[cfg(test)]
mod tests {
    use actix_web::body;

    use super::*;

    /// The policy of a page as it is shown, and the page.
    async fn seen(built: &str) -> (String, String) {
        let answer = shown(built.to_owned()).unwrap();
        let header = |name: &str| answer.headers().get(name).unwrap().to_str().unwrap().to_owned();
        assert_eq!(header("cache-control"), "no-store");
        let policy = header("content-security-policy");
        let body = body::to_bytes(answer.into_body()).await.unwrap();
        (policy, String::from_utf8(body.to_vec()).unwrap())
    }

    #[actix_web::test]
    async fn each_answer_with_a_page_has_a_nonce_of_its_own() {
        let built = "<meta property=\"csp-nonce\" nonce=\"CSP_NONCE\">";
        let (first, second) = (seen(built).await, seen(built).await);
        assert_ne!(first, second);
        for (policy, page) in [first, second] {
            let nonce = page.split('"').nth(3).unwrap();
            assert_eq!(nonce.len(), 24);
            assert!(
                policy.contains(&format!("style-src 'self' 'nonce-{nonce}';")),
                "{policy}"
            );
            assert!(!policy.contains("unsafe-inline"), "{policy}");
        }
    }

    #[actix_web::test]
    async fn a_page_without_a_place_for_a_nonce_can_still_be_styled() {
        let (policy, page) = seen("<p>").await;
        assert!(policy.contains("style-src 'self' 'unsafe-inline';"), "{policy}");
        assert_eq!(page, "<p>");
    }

    #[test]
    fn a_path_cannot_climb_out() {
        assert!(inside("/assets/app.js").is_some());
        assert!(inside("/").is_some());
        for bad in ["/../secret", "/a/../../b", "/%2e%2e/x", "/..\\x", "//etc/../x"] {
            assert!(inside(bad).is_none(), "{bad}");
        }
    }
}
