//! Cursors: sealed, so that nobody can forge one, read another agency's keys out of one, or use one with
//! another list or another filter.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use countersign_domain::ids::AgencyId;
use countersign_persistence::{After, Page, PageRequest};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::problem::{Problem, ProblemType};
use crate::wire::PageInfo;

/// Rows of a page when a client asks for no number.
const DEFAULT_LIMIT: u16 = 20;
/// Most rows of a page; more is clamped.
const MAX_LIMIT: u16 = 200;

/// Seals and opens cursors.
#[derive(Clone)]
pub(crate) struct Cursors(XChaCha20Poly1305);

/// What a cursor is good for: one list of one agency under one filter.
pub(crate) struct Purpose([u8; 32]);

impl Purpose {
    /// Binds a cursor to a list, an agency and everything that filters or sorts it.
    pub(crate) fn of(list: &str, agency: AgencyId, filter: &impl Serialize) -> Self {
        let mut hash = Sha256::new();
        hash.update(list);
        hash.update([0]);
        hash.update(agency.uuid().as_bytes());
        // A filter that cannot be written as JSON could not have been read from a query either.
        hash.update(serde_json::to_vec(filter).unwrap_or_default());
        Self(hash.finalize().into())
    }
}

impl Cursors {
    /// Takes a key of 32 bytes.
    pub(crate) fn new(key: [u8; 32]) -> Self {
        Self(XChaCha20Poly1305::new(&Key::from(key)))
    }

    fn seal(&self, after: &After, purpose: &Purpose) -> Result<String, Problem> {
        let plain = serde_json::to_vec(after).map_err(Problem::internal)?;
        let mut nonce = [0; 24];
        getrandom::fill(&mut nonce).map_err(Problem::internal)?;
        let sealed = self
            .0
            .encrypt(
                &XNonce::from(nonce),
                Payload {
                    msg: &plain,
                    aad: &purpose.0,
                },
            )
            .map_err(|_| Problem::internal("a cursor could not be sealed"))?;
        Ok(BASE64_URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat()))
    }

    fn open(&self, text: &str, purpose: &Purpose) -> Option<After> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        let (nonce, sealed) = bytes.split_at_checked(24)?;
        let nonce: [u8; 24] = nonce.try_into().ok()?;
        let plain = self
            .0
            .decrypt(
                &XNonce::from(nonce),
                Payload {
                    msg: sealed,
                    aad: &purpose.0,
                },
            )
            .ok()?;
        serde_json::from_slice(&plain).ok()
    }

    /// Reads the query's `limit` and `cursor`.
    pub(crate) fn request(
        &self,
        limit: Option<u32>,
        cursor: Option<&str>,
        purpose: &Purpose,
    ) -> Result<PageRequest, Problem> {
        let after = cursor
            .map(|text| {
                self.open(text, purpose).ok_or_else(|| {
                    Problem::new(ProblemType::InvalidCursor).detail(
                        "Start again without a cursor; a cursor fits only the filter it was made for.",
                    )
                })
            })
            .transpose()?;
        Ok(PageRequest {
            // Whoever asks for more than a page holds gets a page.
            limit: limit
                .map_or(DEFAULT_LIMIT, |wanted| u16::try_from(wanted).unwrap_or(MAX_LIMIT))
                .clamp(1, MAX_LIMIT),
            after,
        })
    }

    /// Writes where the next page begins.
    pub(crate) fn info<T>(&self, page: &Page<T>, purpose: &Purpose) -> Result<PageInfo, Problem> {
        let next_cursor = page
            .next
            .as_ref()
            .map(|after| self.seal(after, purpose))
            .transpose()?;
        Ok(PageInfo {
            has_more: next_cursor.is_some(),
            next_cursor,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_fits_one_list_of_one_agency_only() {
        let cursors = Cursors::new([7; 32]);
        let agency = |n| AgencyId::from_uuid(uuid::Uuid::from_u128(n));
        let purpose = Purpose::of("insureds", agency(1), &"name");
        let after = After {
            key: "alder".into(),
            id: uuid::Uuid::from_u128(3),
        };
        let sealed = cursors.seal(&after, &purpose).unwrap();
        assert_eq!(cursors.open(&sealed, &purpose), Some(after));
        assert_eq!(
            cursors.open(&sealed, &Purpose::of("insureds", agency(2), &"name")),
            None
        );
        assert_eq!(
            cursors.open(&sealed, &Purpose::of("insureds", agency(1), &"city")),
            None
        );
        assert_eq!(
            cursors.open(&sealed, &Purpose::of("holders", agency(1), &"name")),
            None
        );
        let mut altered = sealed.clone();
        altered.replace_range(40..41, if &sealed[40..41] == "A" { "B" } else { "A" });
        assert_eq!(cursors.open(&altered, &purpose), None);
        assert_eq!(Cursors::new([8; 32]).open(&sealed, &purpose), None);
    }
}
