//! Finding the holder that a row of a list means.

use super::{Holder, HolderStanding};
use crate::text::EmailAddress;

/// The holders in use that a name and addresses mean: those that bear the name or have it as an alias, and where they
/// are several or none, those that have one of the addresses. More than one is for a person to choose from.
#[must_use]
pub fn meant<'a>(holders: &'a [Holder], name: &str, emails: &[EmailAddress]) -> Vec<&'a Holder> {
    among(holders, name, emails, |standing| {
        *standing == HolderStanding::Listed
    })
}

/// As [`meant`], of the holders that were archived: where nobody in use is meant, one of them may be brought back.
#[must_use]
pub fn meant_once<'a>(holders: &'a [Holder], name: &str, emails: &[EmailAddress]) -> Vec<&'a Holder> {
    among(holders, name, emails, |standing| {
        matches!(standing, HolderStanding::Archived { .. })
    })
}

fn among<'a>(
    holders: &'a [Holder],
    name: &str,
    emails: &[EmailAddress],
    counts: impl Fn(&HolderStanding) -> bool,
) -> Vec<&'a Holder> {
    let wanted = folded(name);
    let counted = || {
        let mut all: Vec<&Holder> = holders.iter().collect();
        all.retain(|holder| counts(&holder.standing));
        all
    };
    let reached = |holder: &&Holder| holder.profile.emails.iter().any(|own| emails.contains(own));
    if !wanted.is_empty() {
        let mut named = counted();
        named.retain(|holder| folded(holder.profile.name.as_str()) == wanted);
        if named.is_empty() {
            named = counted();
            named.retain(|holder| {
                holder
                    .aliases
                    .iter()
                    .any(|alias| folded(alias.as_str()) == wanted)
            });
        }
        if !named.is_empty() {
            let both: Vec<&Holder> = named.iter().copied().filter(reached).collect();
            return if both.is_empty() { named } else { both };
        }
    }
    counted().into_iter().filter(reached).collect()
}

/// Case and widths of blanks do not tell two names apart.
fn folded(name: &str) -> String {
    name.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::HolderId;
    use crate::testing as cast;

    fn holder(number: u128, name: &str, email: &str) -> Holder {
        let mut holder = Holder {
            id: HolderId::from_uuid(uuid::Uuid::from_u128(number)),
            ..cast::holder()
        };
        holder.profile.name = cast::text(name);
        holder.profile.emails = vec![cast::email(email)];
        holder
    }

    fn found(holders: &[Holder], name: &str, emails: &[&str]) -> Vec<u128> {
        let emails: Vec<_> = emails.iter().map(|email| cast::email(email)).collect();
        meant(holders, name, &emails)
            .iter()
            .map(|holder| holder.id.uuid().as_u128())
            .collect()
    }

    #[test]
    fn a_name_is_found_whatever_its_case_and_an_address_tells_namesakes_apart() {
        let all = [
            holder(1, "Northgate Builders, Inc.", "reno@northgate.example.com"),
            holder(2, "Northgate Builders, Inc.", "elko@northgate.example.com"),
            holder(3, "City of Sparks", "risk@sparks.example.com"),
        ];
        assert_eq!(found(&all, "city  of SPARKS", &[]), [3]);
        assert_eq!(found(&all, "northgate builders, inc.", &[]), [1, 2]);
        let elko = ["elko@northgate.example.com"];
        assert_eq!(found(&all, "Northgate Builders, Inc.", &elko), [2]);
        assert_eq!(found(&all, "Somebody else", &elko), [2]);
        assert_eq!(found(&all, "", &elko), [2]);
        assert_eq!(found(&all, "Somebody else", &[]), [0_u128; 0]);
        assert_eq!(
            found(&all, "City of Sparks", &["new@sparks.example.com"]),
            [3],
            "a new address of a known holder"
        );
    }

    #[test]
    fn an_alias_counts_where_no_name_fits_and_what_was_put_away_is_not_meant() {
        let mut known = holder(1, "Washoe County School District", "a@washoe.example.com");
        known.aliases = vec![cast::text("WCSD")];
        let mut gone = holder(2, "WCSD", "b@washoe.example.com");
        gone.standing = HolderStanding::Archived { at: cast::now() };
        let all = [known, gone];
        assert_eq!(found(&all, "wcsd", &[]), [1]);
        let once: Vec<_> = meant_once(&all, "wcsd", &[]);
        assert_eq!(
            once.iter().map(|holder| holder.id).collect::<Vec<_>>(),
            [all[1].id]
        );
    }
}
