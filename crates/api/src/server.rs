//! Puts the application together and listens.

use std::net::TcpListener;

use actix_web::dev::Server;
use actix_web::middleware::{Compress, from_fn};
use actix_web::web::{Data, JsonConfig, PathConfig, QueryConfig};
use actix_web::{App, HttpResponse, HttpServer, web};
use tracing_actix_web::TracingLogger;
use utoipa_actix_web::AppExt as _;
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::context::State;
use crate::problem::{Problem, ProblemType};
use crate::{guard, health, openapi, problem, routes, web_apps};

/// Largest JSON body taken.
const JSON_LIMIT: usize = 256 * 1024;

/// The contract, as it is served.
#[must_use]
pub fn contract() -> utoipa::openapi::OpenApi {
    let (_, contract) = App::new()
        .into_utoipa_app()
        .openapi(openapi::frame())
        .configure(routes::all)
        .split_for_parts();
    openapi::finish(contract)
}

/// Starts to listen. Signals are the caller's: told to stop gracefully, requests in flight have 25 seconds to end.
///
/// # Errors
/// The listener's own.
pub fn serve(state: State, listener: TcpListener, workers: usize) -> std::io::Result<Server> {
    let server = HttpServer::new(move || {
        let state = state.of_thread(workers);
        let (app, contract) = App::new()
            .into_utoipa_app()
            .openapi(openapi::frame())
            .app_data(Data::new(state))
            .app_data(json_config())
            .app_data(PathConfig::default().error_handler(|_, _| Problem::new(ProblemType::NotFound).into()))
            .app_data(QueryConfig::default().error_handler(|error, _| {
                Problem::new(ProblemType::BadRequest)
                    .detail(error.to_string())
                    .into()
            }))
            .configure(routes::all)
            .split_for_parts();
        let contract = openapi::finish(contract);
        let known = Data::new(web_apps::Known::of(&contract));
        let document = web::Bytes::from(serde_json::to_vec_pretty(&contract).unwrap_or_default());
        app.app_data(known)
            .service(health::livez)
            .service(health::readyz)
            .service(web::resource("/v1/openapi.json").get(move || {
                let document = document.clone();
                async move { HttpResponse::Ok().content_type("application/json").body(document) }
            }))
            .service(SwaggerUi::new("/docs/{_:.*}").config(Config::from("/v1/openapi.json")))
            .service(web::redirect("/docs", "/docs/"))
            .default_service(web::to(web_apps::serve))
            .wrap(from_fn(guard::docs_at_home))
            .wrap(from_fn(guard::same_site))
            .wrap(from_fn(guard::legible))
            .wrap(from_fn(problem::render))
            .wrap(from_fn(guard::headers))
            .wrap(Compress::default())
            .wrap(from_fn(guard::unbroken))
            .wrap(from_fn(guard::measure))
            .wrap(TracingLogger::<guard::RequestSpan>::new())
    })
    .workers(workers)
    .disable_signals()
    .shutdown_timeout(25)
    .listen(listener)?;
    Ok(server.run())
}

fn json_config() -> JsonConfig {
    use actix_web::error::JsonPayloadError as E;
    JsonConfig::default().limit(JSON_LIMIT).error_handler(|error, _| {
        let problem = match &error {
            E::Overflow { .. } | E::OverflowKnownLength { .. } => Problem::new(ProblemType::PayloadTooLarge),
            E::ContentType => {
                Problem::new(ProblemType::UnsupportedMediaType).detail("Send application/json.")
            }
            // Well-formed JSON of the wrong shape is a rule broken, not a syntax error.
            E::Deserialize(source) if source.is_data() => Problem::field("", "wrong_shape", source),
            _ => Problem::new(ProblemType::BadRequest).detail(error.to_string()),
        };
        problem.into()
    })
}
