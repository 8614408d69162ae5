//! The built apps, for installations without a web server in front: each on its own host, files under
//! `assets/` for ever (their names carry a hash), and the app itself for every other address.

use std::path::{Component, Path, PathBuf};

use actix_files::NamedFile;
use actix_web::dev::ResourceDef;
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, ResponseError as _, web};

use crate::client;
use crate::context::{State, authority};
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
    let (file, page) = match NamedFile::open(&named) {
        Ok(file) if file.metadata().is_file() => (file, false),
        // A missing file is missing; every other address is one of the app's own.
        _ if wanted.extension().is_some() => return Err(missing()),
        _ => (
            NamedFile::open(folder.join("index.html")).map_err(|_| missing())?,
            true,
        ),
    };
    let mut response = file.prefer_utf8(true).into_response(&request);
    let cache = if is_asset && !page {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    Ok(response)
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
    use super::inside;

    #[test]
    fn a_path_cannot_climb_out() {
        assert!(inside("/assets/app.js").is_some());
        assert!(inside("/").is_some());
        for bad in ["/../secret", "/a/../../b", "/%2e%2e/x", "/..\\x", "//etc/../x"] {
            assert!(inside(bad).is_none(), "{bad}");
        }
    }
}
