//! The letters that the product writes, each as HTML and as plain text that says the same.
//!
//! Invariant: nothing of what people typed reaches HTML unescaped: templates are compiled, and they escape.

use askama::Template;
use chrono::{DateTime, Utc};
use countersign_domain::authz::ActorKind;
use countersign_domain::certificates::delivery::DeliveryKind;
use countersign_domain::certificates::file_name;
use countersign_domain::policies::notify::{NoticeFacts, Wording};
use countersign_domain::portal::LinkPurpose;
use countersign_persistence::deliveries::Outgoing;
use countersign_persistence::mailing::{Addressee, ArmedLink, Person, UsedLink};
use countersign_persistence::questions::ToMail as QuestionToMail;
use url::Url;

use super::Letterhead;

/// A letter, as HTML and as text.
#[derive(Clone, Debug)]
pub struct Letter {
    /// The subject line.
    pub subject: String,
    /// The body as plain text.
    pub text: String,
    /// The body as HTML.
    pub html: String,
}

impl Letter {
    fn of(subject: String, html: &impl Template, text: &impl Template) -> Result<Self, askama::Error> {
        Ok(Self {
            subject,
            html: html.render()?,
            text: tidy(&text.render()?),
        })
    }
}

struct CertificatePage {
    number: String,
    insured: String,
    holder: String,
    issued_on: String,
    file: String,
    /// The endorsements that go with it, each as a file and its title.
    endorsements: Vec<String>,
    message: Vec<Vec<String>>,
    copy: bool,
    why: String,
}

#[derive(Template)]
#[template(path = "certificate.html")]
struct CertificateHtml<'a> {
    head: &'a Letterhead,
    page: &'a CertificatePage,
}

#[derive(Template)]
#[template(path = "certificate.txt")]
struct CertificateText<'a> {
    head: &'a Letterhead,
    page: &'a CertificatePage,
}

/// The letter that carries a certificate.
///
/// # Errors
/// When a template cannot be written, which does not happen into memory.
pub fn certificate(head: &Letterhead, outgoing: &Outgoing) -> Result<Letter, askama::Error> {
    let page = certificate_page(head, outgoing);
    Letter::of(
        outgoing.subject.clone(),
        &CertificateHtml { head, page: &page },
        &CertificateText { head, page: &page },
    )
}

/// The way to a certificate.
struct WayTo {
    link: String,
    until: String,
}

#[derive(Template)]
#[template(path = "certificate_link.html")]
struct CertificateLinkHtml<'a> {
    head: &'a Letterhead,
    page: &'a CertificatePage,
    way: &'a WayTo,
}

#[derive(Template)]
#[template(path = "certificate_link.txt")]
struct CertificateLinkText<'a> {
    head: &'a Letterhead,
    page: &'a CertificatePage,
    way: &'a WayTo,
}

/// The letter that carries a link to a certificate.
///
/// # Errors
/// When a template cannot be written, which does not happen into memory.
pub fn certificate_link(
    head: &Letterhead,
    outgoing: &Outgoing,
    link: &Url,
    expires_at: DateTime<Utc>,
) -> Result<Letter, askama::Error> {
    let page = certificate_page(head, outgoing);
    let way = WayTo {
        link: link.to_string(),
        until: head.day(expires_at),
    };
    Letter::of(
        outgoing.subject.clone(),
        &CertificateLinkHtml {
            head,
            page: &page,
            way: &way,
        },
        &CertificateLinkText {
            head,
            page: &page,
            way: &way,
        },
    )
}

fn certificate_page(head: &Letterhead, outgoing: &Outgoing) -> CertificatePage {
    let number = &outgoing.attempt.certificate_number;
    let number = if outgoing.revision == 0 {
        number.clone()
    } else {
        format!("{number}, revision {}", outgoing.revision)
    };
    let why = match outgoing.requested_by_kind {
        ActorKind::Portal => format!(
            "You received this message because {} asked {} to send proof of insurance to this address.",
            outgoing.insured_name, head.name
        ),
        ActorKind::Staff | ActorKind::System => format!(
            "You received this message because {} of {} sent proof of the insurance of {} to this address.",
            outgoing.requested_by, head.name, outgoing.insured_name
        ),
    };
    let pages = match outgoing.pages {
        1 => "1 page".to_owned(),
        more => format!("{more} pages"),
    };
    CertificatePage {
        number,
        insured: outgoing.insured_name.clone(),
        holder: outgoing.holder_name.clone(),
        issued_on: outgoing.issued_on.format("%B %-d, %Y").to_string(),
        file: format!("{} ({pages})", file_name(outgoing)),
        endorsements: outgoing
            .enclosures
            .iter()
            .map(|file| format!("{} ({})", file.file_name, file.title))
            .collect(),
        message: paragraphs(&outgoing.message),
        copy: outgoing.kind == DeliveryKind::ExactCopy,
        why,
    }
}

/// What the attached page is called.
#[must_use]
pub fn file_name(outgoing: &Outgoing) -> String {
    file_name::of(
        &outgoing.attempt.certificate_number,
        outgoing.revision,
        &outgoing.holder_name,
    )
}

struct CourtesyNoticePage {
    words: Wording,
    why: String,
}

#[derive(Template)]
#[template(path = "courtesy_notice.html")]
struct CourtesyNoticeHtml<'a> {
    head: &'a Letterhead,
    page: &'a CourtesyNoticePage,
}

#[derive(Template)]
#[template(path = "courtesy_notice.txt")]
struct CourtesyNoticeText<'a> {
    head: &'a Letterhead,
    page: &'a CourtesyNoticePage,
}

/// The courtesy notice of a cancellation. Its words are those of the business, shown before it is sent.
///
/// # Errors
/// When a template cannot be written, which does not happen into memory.
pub fn courtesy_notice(
    head: &Letterhead,
    facts: &NoticeFacts,
    requested_by: &str,
) -> Result<Letter, askama::Error> {
    let page = CourtesyNoticePage {
        words: facts.wording(),
        why: format!(
            "You received this message because {requested_by} of {} sent it to the holder of a certificate.",
            head.name
        ),
    };
    Letter::of(
        page.words.subject.clone(),
        &CourtesyNoticeHtml { head, page: &page },
        &CourtesyNoticeText { head, page: &page },
    )
}

struct RenewalQuestionPage {
    opening: String,
    message: Vec<Vec<String>>,
    link: String,
    until: String,
    why: String,
}

#[derive(Template)]
#[template(path = "renewal_question.html")]
struct RenewalQuestionHtml<'a> {
    head: &'a Letterhead,
    page: &'a RenewalQuestionPage,
}

#[derive(Template)]
#[template(path = "renewal_question.txt")]
struct RenewalQuestionText<'a> {
    head: &'a Letterhead,
    page: &'a RenewalQuestionPage,
}

/// The letter that asks an insured which holders still need a certificate.
///
/// # Errors
/// When a template cannot be written, which does not happen into memory.
pub fn renewal_question(
    head: &Letterhead,
    asked: &QuestionToMail,
    link: &Url,
) -> Result<Letter, askama::Error> {
    let insured = &asked.insured_name;
    let held = match asked.holders {
        1 => "One company or person has".to_owned(),
        many => format!("{many} companies and people have"),
    };
    let page = RenewalQuestionPage {
        opening: format!(
            "{held} a certificate of insurance of {insured}. Before we send the new ones, please tell us who still \
             needs one."
        ),
        message: paragraphs(&asked.message),
        link: link.to_string(),
        until: head.day(asked.expires_at),
        why: format!(
            "You received this message because {} of {} asked {insured} about its certificates of insurance.",
            asked.asked_by_name, head.name
        ),
    };
    Letter::of(
        format!("Who still needs a certificate of insurance of {insured}?"),
        &RenewalQuestionHtml { head, page: &page },
        &RenewalQuestionText { head, page: &page },
    )
}

struct InvitationPage {
    title: String,
    opening: String,
    username: String,
    link: String,
    until: String,
    remedy: String,
    why: String,
}

#[derive(Template)]
#[template(path = "invitation.html")]
struct InvitationHtml<'a> {
    head: &'a Letterhead,
    page: &'a InvitationPage,
}

#[derive(Template)]
#[template(path = "invitation.txt")]
struct InvitationText<'a> {
    head: &'a Letterhead,
    page: &'a InvitationPage,
}

struct ResetPage {
    username: String,
    link: String,
    until: String,
}

#[derive(Template)]
#[template(path = "reset.html")]
struct ResetHtml<'a> {
    head: &'a Letterhead,
    page: &'a ResetPage,
}

#[derive(Template)]
#[template(path = "reset.txt")]
struct ResetText<'a> {
    head: &'a Letterhead,
    page: &'a ResetPage,
}

/// The letter that carries a password link.
///
/// # Errors
/// When a template cannot be written, which does not happen into memory.
pub fn password_link(head: &Letterhead, armed: &ArmedLink, link: &Url) -> Result<Letter, askama::Error> {
    let until = head.moment(armed.expires_at);
    match armed.purpose {
        LinkPurpose::Invitation => invitation(head, &armed.to, link, until),
        LinkPurpose::Reset => {
            let page = ResetPage {
                username: armed.to.username.clone(),
                link: link.to_string(),
                until,
            };
            Letter::of(
                format!("Choose a new password for {}", head.name),
                &ResetHtml { head, page: &page },
                &ResetText { head, page: &page },
            )
        }
    }
}

fn invitation(head: &Letterhead, to: &Addressee, link: &Url, until: String) -> Result<Letter, askama::Error> {
    let agency = &head.name;
    let (title, opening, remedy, why) = match &to.person {
        Person::Portal { insured } => (
            "Your online account".to_owned(),
            format!(
                "{agency} has opened an online account for {insured}, where you find what the agency shares with \
                 you at any hour."
            ),
            "ask us for a new one.".to_owned(),
            format!(
                "You received this message because {agency} opened an account under your email address. If you \
                 did not expect it, ask us before you use the link."
            ),
        ),
        Person::Staff { first_name } => (
            format!("Welcome, {first_name}"),
            format!(
                "An account was made for you at {agency}, to work with its insureds, policies, and certificates."
            ),
            "ask an administrator of your agency for a new one.".to_owned(),
            format!(
                "You received this message because an administrator of {agency} made an account for you. If you \
                 did not expect it, ask there before you use the link."
            ),
        ),
    };
    let page = InvitationPage {
        title,
        opening,
        username: to.username.clone(),
        link: link.to_string(),
        until,
        remedy,
        why,
    };
    let subject = match to.person {
        Person::Portal { .. } => format!("Your account with {agency}: choose a password"),
        Person::Staff { .. } => format!("Your staff account at {agency}: choose a password"),
    };
    Letter::of(
        subject,
        &InvitationHtml { head, page: &page },
        &InvitationText { head, page: &page },
    )
}

struct PasswordChangedPage {
    title: &'static str,
    what: &'static str,
    username: String,
    at: String,
    link: String,
    remedy: String,
}

#[derive(Template)]
#[template(path = "password_changed.html")]
struct PasswordChangedHtml<'a> {
    head: &'a Letterhead,
    page: &'a PasswordChangedPage,
}

#[derive(Template)]
#[template(path = "password_changed.txt")]
struct PasswordChangedText<'a> {
    head: &'a Letterhead,
    page: &'a PasswordChangedPage,
}

/// The letter that tells a person that the password was changed.
///
/// # Errors
/// When a template cannot be written, which does not happen into memory.
pub fn password_changed(head: &Letterhead, used: &UsedLink, sign_in: &Url) -> Result<Letter, askama::Error> {
    let (title, what) = match used.purpose {
        LinkPurpose::Invitation => ("Your password is set", "A password was chosen for the account"),
        LinkPurpose::Reset => (
            "Your password was changed",
            "A new password was chosen, and all sessions were ended, for the account",
        ),
    };
    let reach = match (&used.to.person, &head.phone, &head.email) {
        (Person::Staff { .. }, ..) => "tell an administrator of your agency at once".to_owned(),
        (_, Some(phone), _) => format!("call us at once at {phone}"),
        (_, None, Some(email)) => format!("write to us at once at {email}"),
        (_, None, None) => "tell us at once".to_owned(),
    };
    let page = PasswordChangedPage {
        title,
        what,
        username: used.to.username.clone(),
        at: head.moment(used.used_at),
        link: sign_in.to_string(),
        remedy: format!("{reach}, so that the account can be closed."),
    };
    let subject = format!("{title}: {}", head.name);
    Letter::of(
        subject,
        &PasswordChangedHtml { head, page: &page },
        &PasswordChangedText { head, page: &page },
    )
}

/// What a person typed, as paragraphs of lines.
fn paragraphs(text: &str) -> Vec<Vec<String>> {
    let mut paragraphs = vec![Vec::new()];
    for line in text.lines() {
        if line.trim().is_empty() {
            paragraphs.push(Vec::new());
        } else if let Some(last) = paragraphs.last_mut() {
            last.push(line.trim_end().to_owned());
        }
    }
    paragraphs.retain(|lines| !lines.is_empty());
    paragraphs
}

/// Lines as they are, without blanks at their ends and with at most one empty line in a row.
///
/// Nothing is folded here: a width that is broken twice, by us and by a narrow screen, leaves ragged half lines. Every
/// reader wraps a paragraph at its own width, and the encoding carries it there however long it is.
fn tidy(text: &str) -> String {
    let mut tidy = String::new();
    let mut empty = true;
    for line in text.lines().map(str::trim_end) {
        if line.is_empty() && empty {
            continue;
        }
        empty = line.is_empty();
        tidy.push_str(line);
        tidy.push('\n');
    }
    tidy.trim_end().to_owned() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paragraph_is_one_line_however_long_it_is() {
        let long = "certificates@summit-ridge-insurance.example ".repeat(40);
        assert_eq!(
            tidy(&format!("\n\n{long}\n \n\nInsured:            A  B\n\n")),
            format!("{}\n\nInsured:            A  B\n", long.trim_end())
        );
    }
}
