//! The table of contents: every route. Registering is documenting.

use utoipa_actix_web::service_config::ServiceConfig;

use crate::{
    agency, approvals, batches, certificates, holders, imports, insureds, interests, links, mail, masters,
    policies, portal, session, tasks, templates,
};

/// Registers every operation of the contract.
pub(crate) fn all(routes: &mut ServiceConfig<'_>) {
    // What is asked most: a request is compared with one route after the other, in this order
    routes
        .service(certificates::list_insured_certificates)
        .service(certificates::list_certificates);
    // Signing in and out
    routes
        .service(session::get_agency_card)
        .service(session::sign_in::sign_in)
        .service(session::current_session)
        .service(session::sign_out::sign_out)
        .service(session::inspect_password_link)
        .service(session::request_password_link)
        .service(session::set_password::set_password);
    // The agency
    routes
        .service(agency::get_agency)
        .service(agency::edit_agency)
        .service(agency::get_home)
        .service(agency::list_state_rules)
        .service(agency::state_layout)
        .service(agency::take_back_layout_statement);
    // Insureds
    routes
        .service(insureds::list_insureds)
        .service(insureds::create_insured)
        .service(insureds::get_insured)
        .service(insureds::edit_insured)
        .service(insureds::list_policies)
        .service(insureds::list_activity)
        .service(insureds::export_activity)
        .service(insureds::search_everything);
    // Policies
    routes
        .service(policies::get_policy)
        .service(policies::edit_policy)
        .service(policies::cancel_policy)
        .service(policies::renew_policy)
        .service(policies::add_endorsement)
        .service(policies::edit_endorsement)
        .service(policies::remove_endorsement)
        .service(policies::attach_endorsement_file)
        .service(policies::get_endorsement_file)
        .service(policies::remove_endorsement_file)
        .service(policies::list_policy_holders)
        .service(policies::preview_courtesy_notice)
        .service(policies::send_courtesy_notices)
        .service(policies::list_policy_history)
        .service(policies::list_carriers);
    // Portal accounts
    routes
        .service(portal::list_portal_rights)
        .service(portal::open_portal_user)
        .service(portal::get_portal_user)
        .service(portal::change_portal_rights)
        .service(portal::rename_portal_user)
        .service(portal::suspend_portal_user)
        .service(portal::resume_portal_user)
        .service(portal::revoke_portal_user)
        .service(portal::invite_portal_user)
        .service(portal::mail_portal_password_link)
        .service(portal::get_portal_home);
    // Master certificates and holders
    routes
        .service(masters::list_masters)
        .service(masters::create_master)
        .service(masters::get_master)
        .service(masters::edit_master)
        .service(masters::list_new_terms)
        .service(masters::follow_new_terms)
        .service(holders::list_holders)
        .service(holders::create_holder)
        .service(holders::export_all_holders)
        .service(holders::find_similar_holders)
        .service(holders::get_holder)
        .service(holders::edit_holder)
        .service(holders::archive_holder)
        .service(holders::restore_holder)
        .service(holders::merge_holder)
        .service(holders::list_holder_groups)
        .service(holders::create_holder_group)
        .service(holders::rename_holder_group)
        .service(holders::delete_holder_group)
        .service(holders::change_holder_group)
        .service(holders::list_held)
        .service(holders::list_insured_holders)
        .service(interests::list_interests)
        .service(interests::add_interest)
        .service(interests::get_interest)
        .service(interests::edit_interest)
        .service(interests::end_interest)
        .service(holders::get_holder_link)
        .service(holders::edit_holder_link);
    // Templates
    routes
        .service(templates::list_templates)
        .service(templates::create_template)
        .service(templates::get_template)
        .service(templates::edit_template)
        .service(templates::archive_template)
        .service(templates::restore_template)
        .service(templates::fill_template);
    // Certificates
    routes
        .service(certificates::preview_draft)
        .service(certificates::check_recipients)
        .service(certificates::send_certificate)
        .service(certificates::export_insured_certificates)
        // Before the one whose id it would be taken for.
        .service(certificates::export_all_certificates)
        .service(certificates::get_certificate)
        .service(certificates::preview_certificate)
        .service(certificates::download_certificate)
        .service(certificates::get_certificate_attachment)
        .service(certificates::resend_certificate)
        .service(certificates::undo_delivery)
        .service(certificates::turn_off_link)
        .service(certificates::preview_revision)
        .service(certificates::revise_certificate)
        .service(certificates::withdraw_certificate)
        .service(certificates::list_certificate_activity)
        .service(certificates::export_certificate_activity);
    // What links in mails open
    routes
        .service(links::open_certificate_link)
        .service(links::view_certificate_link)
        .service(links::download_certificate_link)
        .service(links::download_attachment_link)
        .service(links::open_renewal_link)
        .service(links::answer_renewal_link);
    // Sending to many holders at once
    batches::routes(routes);
    // What the truth gate blocks, and a second person decides
    routes
        .service(approvals::ask_approval)
        .service(approvals::list_approvals)
        .service(approvals::get_approval)
        .service(approvals::approve_findings)
        .service(approvals::decline_findings);
    // Mail that came back or failed
    routes
        .service(mail::receive_mail_events)
        .service(tasks::list_tasks)
        .service(tasks::settle_task)
        .service(tasks::dismiss_task)
        .service(mail::list_failed_jobs)
        .service(mail::retry_failed_job);
    // Imports
    imports::routes(routes);
}
