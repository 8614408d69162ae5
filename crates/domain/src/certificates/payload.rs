//! The frozen facts a certificate prints.
//!
//! Invariant: a payload is complete. The page is drawn from it alone, so the same payload gives the
//! same bytes for ever; its canonical JSON is what the fingerprint at the foot of the page is of.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::ids::{EndorsementId, PolicyId};
use crate::policies::coverage::{
    CommercialAuto, Coverage, GeneralLiability, OtherCoverage, UmbrellaExcess, WorkersCompensation,
};
use crate::policies::{Line, Naic};
use crate::text::{Address, EmailAddress, NonBlank, Phone};

/// The agency as it stands on the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrintedProducer {
    /// Legal or trade name.
    pub name: NonBlank,
    /// Mailing address.
    pub address: Address,
    /// Whom to ask.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub contact_name: Option<NonBlank>,
    /// Telephone.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub phone: Option<Phone>,
    /// Fax.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub fax: Option<Phone>,
    /// Email.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub email: Option<EmailAddress>,
}

/// The insured or the holder as it stands on the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrintedParty {
    /// Exact legal name.
    pub name: NonBlank,
    /// "Care of" line.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub care_of: Option<NonBlank>,
    /// Mailing address.
    pub address: Address,
}

/// One insurer with its letter, A to F.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrintedInsurer {
    /// `A` to `F`, by first use on the page.
    pub letter: char,
    /// Legal name of the writing company.
    pub name: NonBlank,
    /// NAIC company code.
    pub naic: Naic,
}

/// A form that stands behind a mark or in the description.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrintedEndorsement {
    /// The endorsement on the policy.
    pub id: EndorsementId,
    /// Line of the policy that carries it.
    pub line: Line,
    /// Form number, e.g. `CG 20 10`.
    pub form_number: NonBlank,
    /// Edition, e.g. `04 13`.
    pub edition: NonBlank,
    /// Title.
    pub title: NonBlank,
}

/// A band of the coverage table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrintedLine<C> {
    /// Letter of the insurer.
    pub insurer: char,
    /// The policy that is printed.
    pub policy_id: PolicyId,
    /// Policy number.
    pub policy_number: NonBlank,
    /// First day.
    pub effective_on: NaiveDate,
    /// Last day (12:01 a.m.).
    pub expires_on: NaiveDate,
    /// The form behind the ADDL INSD mark; no form, no mark.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub additional_insured: Option<PrintedEndorsement>,
    /// The form behind the SUBR WVD mark; no form, no mark.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub waiver: Option<PrintedEndorsement>,
    /// Boxes and limits.
    pub coverage: C,
}

/// Everything that one certificate of liability insurance prints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificatePayload {
    /// Version of the page's template.
    pub template: u16,
    /// Certificate number, unique in the agency.
    pub number: NonBlank,
    /// Revision, from 0.
    pub revision: u16,
    /// Date issued, in the agency's time zone.
    pub issued_on: NaiveDate,
    /// The agency.
    pub producer: PrintedProducer,
    /// The named insured.
    pub insured: PrintedParty,
    /// Insurers by letter, at most six.
    pub insurers: Vec<PrintedInsurer>,
    /// General liability band.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub general_liability: Option<PrintedLine<GeneralLiability>>,
    /// Auto band.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub commercial_auto: Option<PrintedLine<CommercialAuto>>,
    /// Umbrella or excess band.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub umbrella_excess: Option<PrintedLine<UmbrellaExcess>>,
    /// Workers compensation band; it has no ADDL INSD mark.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub workers_compensation: Option<PrintedLine<WorkersCompensation>>,
    /// Free band.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub other: Option<PrintedLine<OtherCoverage>>,
    /// Description of operations, locations, vehicles; may be empty.
    pub description: String,
    /// The certificate holder.
    pub holder: PrintedParty,
    /// Printed name of the authorized representative.
    pub authorized_representative: NonBlank,
}

/// The marks of one band.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marks {
    /// In which band.
    pub line: Line,
    /// Whether ADDL INSD is marked.
    pub additional_insured: bool,
    /// Whether SUBR WVD is marked.
    pub waiver: bool,
}

/// What every band of the page has, whatever its line.
#[derive(Clone, Copy, Debug)]
pub struct Band<'p> {
    /// Which line.
    pub line: Line,
    /// Letter of the insurer.
    pub insurer: char,
    /// The policy that is printed.
    pub policy_id: PolicyId,
    /// Its number as printed.
    pub policy_number: &'p NonBlank,
    /// First day.
    pub effective_on: NaiveDate,
    /// Day on which cover ends, at 12:01 a.m.
    pub expires_on: NaiveDate,
    /// The form behind the ADDL INSD mark.
    pub additional_insured: Option<&'p PrintedEndorsement>,
    /// The form behind the SUBR WVD mark.
    pub waiver: Option<&'p PrintedEndorsement>,
}

impl<'p> Band<'p> {
    fn of<C>(line: Line, printed: Option<&'p PrintedLine<C>>) -> Option<Self> {
        printed.map(|printed| Self {
            line,
            insurer: printed.insurer,
            policy_id: printed.policy_id,
            policy_number: &printed.policy_number,
            effective_on: printed.effective_on,
            expires_on: printed.expires_on,
            additional_insured: printed.additional_insured.as_ref(),
            waiver: printed.waiver.as_ref(),
        })
    }
}

/// A policy that a certificate names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedPolicy {
    /// In which band.
    pub line: Line,
    /// Which one.
    pub id: PolicyId,
    /// Its number as printed.
    pub number: NonBlank,
}

impl CertificatePayload {
    /// The printed bands, in the order of the page.
    pub fn bands(&self) -> impl Iterator<Item = Band<'_>> {
        [
            Band::of(Line::GeneralLiability, self.general_liability.as_ref()),
            Band::of(Line::CommercialAuto, self.commercial_auto.as_ref()),
            Band::of(Line::UmbrellaExcess, self.umbrella_excess.as_ref()),
            Band::of(Line::WorkersCompensation, self.workers_compensation.as_ref()),
            Band::of(Line::Other, self.other.as_ref()),
        ]
        .into_iter()
        .flatten()
    }

    /// What the band of a line shows as cover, boxes and limits; none where it is not printed.
    #[must_use]
    pub fn coverage(&self, line: Line) -> Option<Coverage> {
        fn shown<C: Clone>(printed: Option<&PrintedLine<C>>, of: fn(C) -> Coverage) -> Option<Coverage> {
            printed.map(|printed| of(printed.coverage.clone()))
        }
        match line {
            Line::GeneralLiability => shown(self.general_liability.as_ref(), Coverage::GeneralLiability),
            Line::CommercialAuto => shown(self.commercial_auto.as_ref(), Coverage::CommercialAuto),
            Line::UmbrellaExcess => shown(self.umbrella_excess.as_ref(), Coverage::UmbrellaExcess),
            Line::WorkersCompensation => {
                shown(self.workers_compensation.as_ref(), Coverage::WorkersCompensation)
            }
            Line::Other => shown(self.other.as_ref(), Coverage::Other),
        }
    }

    /// The insurer of a letter.
    #[must_use]
    pub fn insurer(&self, letter: char) -> Option<&PrintedInsurer> {
        self.insurers.iter().find(|insurer| insurer.letter == letter)
    }

    /// The policies that are printed, in the order of the bands.
    #[must_use]
    pub fn policies(&self) -> Vec<NamedPolicy> {
        self.bands()
            .map(|band| NamedPolicy {
                line: band.line,
                id: band.policy_id,
                number: band.policy_number.clone(),
            })
            .collect()
    }

    /// The marks of each printed band, in the order of the bands.
    #[must_use]
    pub fn marks(&self) -> Vec<Marks> {
        self.bands()
            .map(|band| Marks {
                line: band.line,
                additional_insured: band.additional_insured.is_some(),
                waiver: band.waiver.is_some(),
            })
            .collect()
    }

    /// Canonical JSON: declaration order, no white space, absent fields left out.
    ///
    /// # Errors
    /// None in practice: every field has a JSON form; the error is passed on rather than hidden.
    pub fn canonical(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec(self)
    }

    /// SHA-256 of the canonical JSON, lower-case hexadecimal.
    ///
    /// # Errors
    /// As [`Self::canonical`].
    pub fn fingerprint(&self) -> Result<String, serde_json::Error> {
        Ok(hex(&Sha256::digest(self.canonical()?)))
    }

    /// The forms that stand behind the page's marks, each once, in the order of the bands.
    #[must_use]
    pub fn endorsements(&self) -> Vec<&PrintedEndorsement> {
        let mut listed: Vec<&PrintedEndorsement> = Vec::new();
        let all = self
            .bands()
            .flat_map(|band| [band.additional_insured, band.waiver])
            .flatten();
        for endorsement in all {
            if listed.iter().all(|seen| seen.id != endorsement.id) {
                listed.push(endorsement);
            }
        }
        listed
    }
}

/// Lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
