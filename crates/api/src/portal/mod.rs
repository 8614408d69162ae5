//! The insureds' accounts, as staff manage them, and the portal's own home page.

mod change;
mod get;
mod home;
mod open;
mod rights;

pub(crate) use change::{
    change_portal_rights, invite_portal_user, mail_portal_password_link, rename_portal_user,
    resume_portal_user, revoke_portal_user, suspend_portal_user,
};
pub(crate) use get::{PortalUserView, get_portal_user};
pub(crate) use home::get_portal_home;
pub(crate) use open::open_portal_user;
pub(crate) use rights::list_portal_rights;

use countersign_domain::authz::{Right, RightKind};
use countersign_domain::portal::AccountStanding;

use crate::wire::wire_enum;

wire_enum! {
    /// Where a portal account stands.
    PortalState for AccountStanding {
        Invited = "invited",
        Active = "active",
        Suspended = "suspended",
        Revoked = "revoked",
    }
}

wire_enum! {
    /// What a portal user may hold.
    RightWord for Right {
        ViewPolicyInformation = "view_policy_information",
        VehiclesIdCardAccess = "vehicles_id_card_access",
        FileAccess = "file_access",
        CertificatesSent = "certificates_sent",
        SendCertificates = "send_certificates",
        AddAdditionalInterests = "add_additional_interests",
    }
}

wire_enum! {
    /// Whether a right lets its bearer act or only read.
    RightKindWord for RightKind { Read = "read", Act = "act", }
}
