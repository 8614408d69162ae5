//! Loading files of insureds, policies and holders.

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations of the importer.
pub(crate) fn routes(_routes: &mut ServiceConfig<'_>) {}
