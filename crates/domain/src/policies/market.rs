//! From which market a policy comes, and who may issue certificates for it.
//!
//! Invariant: only a surplus lines policy says who issues, and only where the wholesaler does is one named.

use super::{Contradiction, words};
use crate::text::NonBlank;

/// From which market a policy comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Market {
    /// From an insurer that is admitted in the state; the agency issues.
    Admitted,
    /// From the surplus lines market, where the agency issues only by authority.
    SurplusLines(IssuingAuthority),
}

/// Who may issue certificates for a surplus lines policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IssuingAuthority {
    /// Nobody has said yet.
    NotKnown,
    /// The agency, by written authority of the wholesaler.
    Agency,
    /// This wholesaler alone.
    Wholesaler(NonBlank),
}

impl Market {
    /// Puts together what is stored side by side.
    ///
    /// # Errors
    /// [`Contradiction`] for a wholesaler that issues and has no name, and for a name where no wholesaler issues.
    pub fn of(
        word: Option<words::IssuingAuthority>,
        wholesaler: Option<NonBlank>,
    ) -> Result<Self, Contradiction> {
        match (word, wholesaler) {
            (None, None) => Ok(Self::Admitted),
            (Some(words::IssuingAuthority::NotKnown), None) => {
                Ok(Self::SurplusLines(IssuingAuthority::NotKnown))
            }
            (Some(words::IssuingAuthority::Agency), None) => Ok(Self::SurplusLines(IssuingAuthority::Agency)),
            (Some(words::IssuingAuthority::Wholesaler), Some(name)) => {
                Ok(Self::SurplusLines(IssuingAuthority::Wholesaler(name)))
            }
            (Some(words::IssuingAuthority::Wholesaler), None) => {
                Err(Contradiction("the wholesaler that issues needs its name"))
            }
            (_, Some(_)) => Err(Contradiction("only a wholesaler that issues is named")),
        }
    }

    /// The word for who issues; none for a policy of an admitted insurer.
    #[must_use]
    pub const fn word(&self) -> Option<words::IssuingAuthority> {
        match self {
            Self::Admitted => None,
            Self::SurplusLines(IssuingAuthority::NotKnown) => Some(words::IssuingAuthority::NotKnown),
            Self::SurplusLines(IssuingAuthority::Agency) => Some(words::IssuingAuthority::Agency),
            Self::SurplusLines(IssuingAuthority::Wholesaler(_)) => Some(words::IssuingAuthority::Wholesaler),
        }
    }

    /// The wholesaler that alone issues, where one does.
    #[must_use]
    pub const fn wholesaler(&self) -> Option<&NonBlank> {
        match self {
            Self::SurplusLines(IssuingAuthority::Wholesaler(name)) => Some(name),
            _ => None,
        }
    }

    /// What the policy says of it, in words.
    #[must_use]
    pub fn says(&self) -> String {
        match self {
            Self::Admitted => "admitted insurer".to_owned(),
            Self::SurplusLines(IssuingAuthority::NotKnown) => {
                "surplus lines; not known who issues certificates".to_owned()
            }
            Self::SurplusLines(IssuingAuthority::Agency) => {
                "surplus lines; the agency issues certificates".to_owned()
            }
            Self::SurplusLines(IssuingAuthority::Wholesaler(name)) => {
                format!("surplus lines; only {name} issues certificates")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing as cast;

    #[test]
    fn a_wholesaler_is_named_exactly_where_it_alone_issues() {
        for word in words::IssuingAuthority::ALL {
            let names = *word == words::IssuingAuthority::Wholesaler;
            let named = Market::of(Some(*word), Some(cast::text("Sierra Wholesale Brokers")));
            let nameless = Market::of(Some(*word), None);
            assert_eq!((named.is_ok(), nameless.is_ok()), (names, !names), "{word}");
            let market = named.or(nameless).unwrap();
            assert_eq!(market.word(), Some(*word));
            assert_eq!(market.wholesaler().is_some(), names);
        }
        assert_eq!(Market::of(None, None), Ok(Market::Admitted));
        assert!(Market::of(None, Some(cast::text("Sierra Wholesale Brokers"))).is_err());
    }
}
