//! Closed words: one spelling for SQL, JSON and code.
//!
//! Invariant: a word that is not in the list is refused, never mapped to a default.

/// A text that is not one of a vocabulary's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{word}\" is not a known {vocabulary}")]
pub struct UnknownWord {
    /// The text that was refused.
    pub word: String,
    /// The vocabulary's Rust name.
    pub vocabulary: &'static str,
}

/// Declares an enum whose variants have exactly one spelling.
#[macro_export]
macro_rules! vocabulary {
    ($(#[$doc:meta])* $vis:vis enum $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        $vis enum $name {
            $($(#[$variant_doc])* #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// Every word, in the order of declaration.
            $vis const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The one spelling of this word.
            #[must_use]
            $vis const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::vocabulary::UnknownWord;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    _ => Err($crate::vocabulary::UnknownWord {
                        word: text.to_owned(),
                        vocabulary: stringify!($name),
                    }),
                }
            }
        }
    };
}

#[cfg(test)]
mod tests {
    vocabulary! {
        /// Two words.
        enum Pair {
            /// The first.
            First = "first",
            /// The second.
            Second = "second_word",
        }
    }

    #[test]
    fn a_word_has_one_spelling_everywhere() {
        for word in Pair::ALL {
            assert_eq!(word.as_str().parse::<Pair>().unwrap(), *word);
            assert_eq!(
                serde_json::to_value(word).unwrap(),
                serde_json::json!(word.as_str())
            );
        }
        assert_eq!("Second".parse::<Pair>().unwrap_err().vocabulary, "Pair");
    }
}
