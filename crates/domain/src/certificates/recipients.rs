//! What speaks against a recipient, said before anything is sent.
//!
//! Nothing here blocks: an address is the sender's word. But a slip of the keyboard, a look-alike domain and a mailbox
//! that does not exist are seen before the mail leaves and not after.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use unicode_normalization::UnicodeNormalization as _;

use super::truth::Severity;
use crate::text::EmailAddress;
use crate::vocabulary;

vocabulary! {
    /// What is odd about a recipient.
    pub enum ConcernCode {
        /// The domain looks like one that is known, and is another one.
        LookalikeDomain = "lookalike_domain",
        /// Mail to the address came back.
        Bounced = "bounced",
        /// The agency has never written to anybody at this domain.
        NewDomain = "new_domain",
        /// The holder's last certificate went elsewhere.
        DiffersFromLast = "differs_from_last",
    }
}

/// One thing that is odd about one recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concern {
    /// What.
    pub code: ConcernCode,
    /// How much it weighs; never [`Severity::Block`].
    pub severity: Severity,
    /// Whom it is about.
    pub address: EmailAddress,
    /// The domain that it looks like.
    pub resembles: Option<String>,
    /// In one sentence.
    pub message: String,
}

/// Mail to an address that came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounce {
    /// On which day, in the agency's zone.
    pub on: NaiveDate,
    /// What the other side said.
    pub reason: String,
}

/// What an agency knows about addresses.
#[derive(Clone, Debug, Default)]
pub struct KnownAddresses {
    domains: BTreeSet<String>,
    /// How the domains look, found once for however many recipients.
    looks: Vec<Look>,
    bounced: BTreeMap<String, Bounce>,
    /// Domains that mail came back from, whoever it was for.
    returning: BTreeSet<String>,
}

impl KnownAddresses {
    /// Domains that a relay took a mail of the agency for, and the agency's own; and addresses in lower case that mail
    /// came back from.
    #[must_use]
    pub fn new(domains: BTreeSet<String>, bounced: BTreeMap<String, Bounce>) -> Self {
        Self {
            looks: domains.iter().map(|domain| Look::of(domain)).collect(),
            domains,
            bounced,
            returning: BTreeSet::new(),
        }
    }

    /// Domains that mail came back from. Where an address resembles several, another one is named before these: one of
    /// them may have been mistyped itself.
    #[must_use]
    pub fn with_returning(self, returning: BTreeSet<String>) -> Self {
        Self { returning, ..self }
    }
}

/// A domain and how it looks at a glance.
#[derive(Clone, Debug)]
struct Look {
    domain: String,
    skeleton: String,
    length: usize,
}

impl Look {
    fn of(domain: &str) -> Self {
        Self {
            domain: domain.to_owned(),
            skeleton: skeleton(domain),
            length: domain.chars().count(),
        }
    }
}

/// What is known about the one who gets the certificate.
#[derive(Clone, Copy, Debug, Default)]
pub struct KnownHolder<'a> {
    /// Its addresses in the library.
    pub emails: &'a [EmailAddress],
    /// Whom its last certificate went to; empty where there was none.
    pub last: &'a [EmailAddress],
}

/// Everything that is odd about these recipients, what weighs most first.
#[must_use]
pub fn concerns(
    recipients: &[EmailAddress],
    known: &KnownAddresses,
    holder: KnownHolder<'_>,
) -> Vec<Concern> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for address in recipients {
        if !seen.insert(address.as_str().to_lowercase()) {
            continue;
        }
        let concern = |code, severity, resembles, message| Concern {
            code,
            severity,
            address: address.clone(),
            resembles,
            message,
        };
        if let Some(bounce) = known.bounced.get(&address.as_str().to_lowercase()) {
            let (day, reason) = (bounce.on.format("%m/%d/%Y"), &bounce.reason);
            found.push(concern(
                ConcernCode::Bounced,
                Severity::Warn,
                None,
                format!("Mail to {address} came back on {day}: {reason}"),
            ));
        }
        let domain = domain_of(address);
        let own: BTreeSet<&str> = holder.emails.iter().map(domain_of).collect();
        // An address that stands with the holder was written down by somebody: it is not looked down upon, unless it
        // looks like another one that is better known.
        if !known.domains.contains(domain) {
            let look = Look::of(domain);
            let own_looks: Vec<Look> = own.iter().copied().map(Look::of).collect();
            let others = known.looks.iter().chain(&own_looks);
            let others = others.filter(|other| other.domain != domain && alike(&look, other));
            let others = others.map(|other| other.domain.as_str());
            if let Some(other) = others.min_by_key(|other| (known.returning.contains(*other), *other)) {
                let how = match known.returning.contains(other) {
                    true => "which mail was sent to, and came back from",
                    false => "which is known here",
                };
                found.push(concern(
                    ConcernCode::LookalikeDomain,
                    Severity::Warn,
                    Some(other.to_owned()),
                    format!("{domain} looks like {other}, {how}, and is another domain."),
                ));
            } else if !own.contains(domain) {
                found.push(concern(
                    ConcernCode::NewDomain,
                    Severity::Warn,
                    None,
                    format!("Nobody at {domain} has been sent mail by this agency before."),
                ));
            }
        }
        let same = |last: &EmailAddress| last.as_str().eq_ignore_ascii_case(address.as_str());
        if !holder.last.is_empty() && !holder.last.iter().any(same) {
            let last: Vec<_> = holder.last.iter().map(EmailAddress::as_str).collect();
            found.push(concern(
                ConcernCode::DiffersFromLast,
                Severity::Info,
                None,
                format!("Last time this holder's certificate went to {}.", last.join(", ")),
            ));
        }
    }
    found.sort_by_key(|concern| (concern.severity, concern.code));
    found
}

/// The part behind the last `@`.
#[must_use]
pub fn domain_of(address: &EmailAddress) -> &str {
    let text = address.as_str();
    text.rsplit_once('@').map_or(text, |(_, domain)| domain)
}

/// Whether a person could take one domain for the other.
fn alike(one: &Look, other: &Look) -> bool {
    if one.skeleton == other.skeleton {
        return true;
    }
    // The same name under another ending.
    let name = |look: &'_ Look| look.domain.rsplit_once('.').map(|(name, _)| name.to_owned());
    if let (Some(name), Some(other)) = (name(one), name(other))
        && name.len() >= 4
        && name == other
    {
        return true;
    }
    let allowed = match one.length.min(other.length) {
        0..8 => 0,
        8..14 => 1,
        _ => 2,
    };
    one.length.abs_diff(other.length) <= allowed
        && strsim::osa_distance(&one.domain, &other.domain) <= allowed
}

/// How a domain looks at a glance: letters that are taken for each other are one.
fn skeleton(domain: &str) -> String {
    let plain: String = domain
        .nfkd()
        .filter(|c| c.is_alphanumeric() || matches!(c, '.' | '-'))
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            '0' | 'о' | 'ο' => 'o',
            '1' | 'i' | 'і' | 'ı' | 'ι' => 'l',
            '5' | 'ѕ' => 's',
            'а' | 'α' => 'a',
            'е' => 'e',
            'р' | 'ρ' => 'p',
            'с' => 'c',
            'х' | 'χ' => 'x',
            'у' => 'y',
            c => c,
        })
        .collect();
    plain.replace("rn", "m").replace("vv", "w").replace("cl", "d")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing as cast;

    fn known() -> KnownAddresses {
        let bounce = Bounce {
            on: cast::today(),
            reason: "550 no such user".to_owned(),
        };
        KnownAddresses::new(
            ["northgate.example.com", "gmail.com", "modern-build.com"]
                .map(str::to_owned)
                .into(),
            [("old@northgate.example.com".to_owned(), bounce)].into(),
        )
    }

    fn codes(address: &str, holder: KnownHolder<'_>) -> Vec<(ConcernCode, Option<String>)> {
        concerns(&[cast::email(address)], &known(), holder)
            .into_iter()
            .map(|concern| (concern.code, concern.resembles))
            .collect()
    }

    #[test]
    fn a_known_address_raises_nothing_and_an_unknown_domain_is_said() {
        use ConcernCode::{Bounced, NewDomain};
        let nobody = KnownHolder::default();
        assert_eq!(codes("certs@northgate.example.com", nobody), []);
        assert_eq!(codes("a@sierra-vista.com", nobody), [(NewDomain, None)]);
        assert_eq!(codes("OLD@northgate.example.com", nobody), [(Bounced, None)]);
        let own = [cast::email("risk@sierra-vista.com")];
        let holder = KnownHolder {
            emails: &own,
            last: &[],
        };
        assert_eq!(
            codes("a@sierra-vista.com", holder),
            [],
            "it stands with the holder"
        );
    }

    #[test]
    fn a_domain_that_mail_came_back_from_is_the_last_to_be_named() {
        let resembled = |domains: &[&str]| {
            let domains = domains.iter().map(|domain| (*domain).to_owned()).collect();
            let known = KnownAddresses::new(domains, BTreeMap::new())
                .with_returning(["meridain-homes.com".to_owned()].into());
            let asked = [cast::email("a@meridiann-homes.com")];
            let found = concerns(&asked, &known, KnownHolder::default());
            (found[0].resembles.clone(), found[0].message.clone())
        };
        let (other, _) = resembled(&["meridain-homes.com", "meridian-homes.com"]);
        assert_eq!(other.as_deref(), Some("meridian-homes.com"));
        let (other, message) = resembled(&["meridain-homes.com"]);
        assert_eq!(other.as_deref(), Some("meridain-homes.com"));
        assert!(message.contains("came back"), "{message}");
    }

    #[test]
    fn a_domain_that_could_be_taken_for_a_known_one_is_said() {
        for (address, other) in [
            ("a@northgate.example.co", "northgate.example.com"),
            ("a@northgaet.example.com", "northgate.example.com"),
            ("a@n0rthgate.example.com", "northgate.example.com"),
            ("a@rnodern-build.com", "modern-build.com"),
            ("a@modern-build.net", "modern-build.com"),
            ("a@gmial.com", "gmail.com"),
        ] {
            let found = codes(address, KnownHolder::default());
            let expected = (ConcernCode::LookalikeDomain, Some(other.to_owned()));
            assert_eq!(found, [expected], "{address}");
        }
        let own = [cast::email("risk@sierra-vista.com")];
        let holder = KnownHolder {
            emails: &own,
            last: &[],
        };
        let found = codes("risk@sierra-v1sta.com", holder);
        assert_eq!(
            found,
            [(ConcernCode::LookalikeDomain, Some("sierra-vista.com".into()))]
        );
        let alike = |one: &str, other: &str| alike(&Look::of(one), &Look::of(other));
        assert!(alike("acme.com", "acne.com"));
        assert!(
            !alike("abc.com", "abd.com"),
            "short names differ by a letter all the time"
        );
    }

    #[test]
    fn another_address_than_last_time_is_said_and_nothing_blocks() {
        let last = [cast::email("certs@northgate.example.com")];
        let holder = KnownHolder {
            emails: &[],
            last: &last,
        };
        assert_eq!(codes("CERTS@northgate.example.com", holder), []);
        let found = concerns(
            &[
                cast::email("new@elsewhere-builders.com"),
                cast::email("New@elsewhere-builders.com"),
            ],
            &known(),
            holder,
        );
        let told: Vec<_> = found
            .iter()
            .map(|concern| (concern.code, concern.severity))
            .collect();
        assert_eq!(
            told,
            [
                (ConcernCode::NewDomain, Severity::Warn),
                (ConcernCode::DiffersFromLast, Severity::Info),
            ]
        );
    }
}
