//! The endorsements that a certificate rests on, and the files that go with it.
//!
//! Invariant: a file goes with a certificate only where its form is seen on the page, stands today and reaches the
//! holder. What went with it is kept as it was, whatever becomes of the form.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::description::compact;
use super::payload::CertificatePayload;
use crate::policies::endorsement::Endorsement;
use crate::policies::file::size;
use crate::policies::{Line, Policy};
use crate::text::NonBlank;

/// At most this many bytes in the files of one mail, the page's among them: what relays and mailboxes take everywhere.
/// A link has no such limit.
pub const MAX_MAIL_BYTES: u64 = 10_000_000;

/// A form that the certificate rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Behind<'a> {
    /// On which line's policy it is.
    pub line: Line,
    /// That policy's number.
    pub policy_number: &'a NonBlank,
    /// The form.
    pub form: &'a Endorsement,
}

/// A file that goes with a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Form number.
    pub form_number: NonBlank,
    /// Edition.
    pub edition: NonBlank,
    /// Title.
    pub title: NonBlank,
    /// What the file is called where it arrives; told apart within one certificate.
    pub file_name: String,
    /// SHA-256 of its bytes.
    pub sha256: [u8; 32],
    /// How many bytes.
    pub size_bytes: u64,
}

/// The files do not fit into one mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the files come to {}, and a mail carries at most {}; send a secure link, or leave the endorsements out",
    size(*.bytes),
    size(MAX_MAIL_BYTES)
)]
pub struct TooHeavy {
    /// What they come to, the page included.
    pub bytes: u64,
}

/// Whether a form is seen on the page: behind a mark of its line, or by its number in the description.
pub(super) fn shows(payload: &CertificatePayload, line: Line, form: &Endorsement) -> bool {
    let number = compact(form.form_number.as_str());
    let named = !number.is_empty() && compact(&payload.description).contains(&number);
    named || marks(payload, line, form)
}

fn marks(payload: &CertificatePayload, line: Line, form: &Endorsement) -> bool {
    let mut bands = payload.bands().filter(|band| band.line == line);
    bands.any(|band| {
        let marked = [band.additional_insured, band.waiver];
        marked.into_iter().flatten().any(|mark| mark.id == form.id)
    })
}

/// The forms that the certificate rests on, each once, in the order of the page: in each band those behind its marks,
/// then those that the description names.
#[must_use]
pub fn behind<'a>(payload: &CertificatePayload, policies: &'a [Policy], today: NaiveDate) -> Vec<Behind<'a>> {
    let holder = payload.holder.name.as_str();
    let mut found = Vec::new();
    for named in payload.policies() {
        let Some(policy) = policies.iter().find(|policy| policy.id == named.id) else {
            continue;
        };
        let mut forms: Vec<&Endorsement> = policy
            .endorsements
            .iter()
            .filter(|form| form.stands_on(today) && form.reaches(holder) && shows(payload, named.line, form))
            .collect();
        forms.sort_by_key(|form| !marks(payload, named.line, form));
        found.extend(forms.into_iter().map(|form| Behind {
            line: named.line,
            policy_number: &policy.number,
            form,
        }));
    }
    found
}

/// The files of these forms. One that stands with several of them goes along once, under the first.
#[must_use]
pub fn attachments(behind: &[Behind<'_>]) -> Vec<Attachment> {
    let (mut files, mut names) = (BTreeSet::new(), BTreeSet::new());
    let with_file = behind
        .iter()
        .filter_map(|behind| Some((behind.form, behind.form.file.as_ref()?)));
    with_file
        .filter(|(_, file)| files.insert(file.sha256))
        .map(|(form, file)| Attachment {
            form_number: form.form_number.clone(),
            edition: form.edition.clone(),
            title: form.title.clone(),
            file_name: file_name(form, &mut names),
            sha256: file.sha256,
            size_bytes: file.size_bytes,
        })
        .collect()
}

/// A name of plain letters and digits, which every file system and mail program takes. The upload's own name is no such
/// name: it may be long, foreign, or tell of things that are not the holder's.
fn file_name(form: &Endorsement, taken: &mut BTreeSet<String>) -> String {
    let form = form.name();
    let words: Vec<&str> = form
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let stem: String = format!("Endorsement-{}", words.join("-"))
        .chars()
        .take(80)
        .collect();
    let (mut name, mut number) = (format!("{stem}.pdf"), 2);
    while !taken.insert(name.to_ascii_lowercase()) {
        name = format!("{stem}-{number}.pdf");
        number += 1;
    }
    name
}

/// Whether page and files fit into one mail.
///
/// # Errors
/// [`TooHeavy`].
pub fn fit(page_bytes: u64, files: &[Attachment]) -> Result<(), TooHeavy> {
    weigh(page_bytes + files.iter().map(|file| file.size_bytes).sum::<u64>())
}

/// As [`fit`], for what is weighed already.
///
/// # Errors
/// [`TooHeavy`].
pub(super) const fn weigh(bytes: u64) -> Result<(), TooHeavy> {
    if bytes > MAX_MAIL_BYTES {
        return Err(TooHeavy { bytes });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authz::rules::SendCertificate;
    use crate::certificates::send::{Wish, draft};
    use crate::policies::endorsement::Effect;
    use crate::policies::file::EndorsementFile;
    use crate::testing as cast;

    fn file(bytes: &[u8]) -> EndorsementFile {
        let bytes = [b"%PDF-1.7 ", bytes].concat();
        EndorsementFile::of("upload.pdf", &bytes).unwrap()
    }

    fn named(policies: &[Policy], description: &str) -> Vec<String> {
        let permit = cast::administrator()
            .request::<SendCertificate>(cast::insured())
            .unwrap();
        let wish = Wish {
            description: Some(description.to_owned()),
            ..cast::wish()
        };
        let facts = cast::send_facts(policies);
        let drafted = draft(permit, wish, facts, cast::text("26-1"), cast::printable).unwrap();
        behind(drafted.payload(), policies, cast::today())
            .iter()
            .map(|behind| behind.form.name())
            .collect()
    }

    #[test]
    fn it_rests_on_the_forms_behind_its_marks_and_on_those_it_names() {
        let mut policies = cast::policies();
        let primary = cast::form(91, "CG 20 01", "12 19", Effect::PrimaryNoncontributory);
        policies[0].endorsements.push(primary);
        let marked = named(&policies, "");
        assert!(marked.contains(&"CG 20 10 04 13".to_owned()), "{marked:?}");
        assert!(!marked.contains(&"CG 20 01 12 19".to_owned()), "{marked:?}");
        let both = named(&policies, "Primary and noncontributory: CG 20 01 12 19, applies.");
        assert!(both.contains(&"CG 20 01 12 19".to_owned()), "{both:?}");
        assert_eq!(both.len(), marked.len() + 1);
    }

    #[test]
    fn a_form_that_was_taken_off_or_does_not_reach_the_holder_is_none_of_them() {
        let mut policies = cast::policies();
        let mut primary = cast::form(91, "CG 20 01", "12 19", Effect::PrimaryNoncontributory);
        primary.ends_on = Some(cast::today());
        policies[0].endorsements.push(primary);
        let other = cast::form(92, "CG 20 26", "12 19", Effect::AdditionalInsuredDesignated);
        policies[0]
            .endorsements
            .push(cast::scheduled(other, &["Another Company, Inc."]));
        let found = named(&policies, "CG 20 01 12 19 and CG 20 26 12 19.");
        assert!(
            !found
                .iter()
                .any(|form| form.starts_with("CG 20 01") || form.starts_with("CG 20 26")),
            "{found:?}"
        );
    }

    #[test]
    fn each_file_goes_along_once_under_a_name_of_its_own() {
        let number = cast::text("GL-1");
        let mut forms = [
            cast::form(1, "CG 20 10", "04 13", Effect::AdditionalInsuredOngoing),
            cast::form(2, "CG 20 10", "04 13", Effect::AdditionalInsuredOngoing),
            cast::form(3, "CG 24 04", "05 09", Effect::Waiver),
            cast::form(4, "Ü/1", "01 20", Effect::Waiver),
            cast::form(5, "CG 20 37", "04 13", Effect::AdditionalInsuredCompleted),
        ];
        for (form, bytes) in forms.iter_mut().zip([b"a", b"b", b"a", b"c"]) {
            form.file = Some(file(bytes));
        }
        let behind: Vec<Behind<'_>> = forms
            .iter()
            .map(|form| Behind {
                line: Line::GeneralLiability,
                policy_number: &number,
                form,
            })
            .collect();
        let names: Vec<String> = attachments(&behind)
            .into_iter()
            .map(|file| file.file_name)
            .collect();
        assert_eq!(
            names,
            [
                "Endorsement-CG-20-10-04-13.pdf",
                "Endorsement-CG-20-10-04-13-2.pdf",
                "Endorsement-1-01-20.pdf"
            ]
        );
    }

    #[test]
    fn page_and_files_have_ten_megabytes_together() {
        assert_eq!(fit(MAX_MAIL_BYTES, &[]), Ok(()));
        let heavy = fit(MAX_MAIL_BYTES + 1, &[]).unwrap_err();
        assert_eq!(
            heavy.to_string(),
            "the files come to 10.1 MB, and a mail carries at most 10 MB; send a secure link, or leave the \
             endorsements out"
        );
    }
}
