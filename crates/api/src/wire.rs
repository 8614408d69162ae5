//! The contract's own words and shapes. Wire enums are separate from the domain's on purpose: adding a word
//! there is a compile error here until the contract says how to spell it.

pub(crate) use chrono::{DateTime, NaiveDate, Utc};
use countersign_domain::certificates::delivery::Channel;
use countersign_domain::certificates::truth::{Finding, FindingCode, Severity};
use countersign_domain::money::Cents;
use countersign_domain::policies::words::Status;
use countersign_domain::policies::{Line, Standing};
use countersign_domain::text::Address;
use countersign_persistence::sessions::App;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Dates and moments written as chrono writes them, but as a text that is there as a whole. chrono hands over two digits
/// at a time, and each time JSON looks for what it has to escape; in a list that adds up.
pub(crate) mod in_one_piece {
    use std::fmt::Write as _;

    use chrono::SecondsFormat;
    use serde::Serializer;
    use serde::ser::Error as _;

    use super::{DateTime, NaiveDate, Utc};

    pub(crate) fn moment<S: Serializer>(moment: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&moment.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }

    pub(crate) fn day<S: Serializer>(day: &NaiveDate, serializer: S) -> Result<S::Ok, S::Error> {
        let mut text = String::with_capacity("2026-03-01".len());
        write!(text, "{day}").map_err(S::Error::custom)?;
        serializer.serialize_str(&text)
    }
}

/// Declares a word of the contract: an enum with the domain's variants and its own spelling.
///
/// The spelling is a `tt`: a `literal` reaches the derives wrapped, and the contract would not see it.
macro_rules! wire_enum {
    ($(#[$doc:meta])* $name:ident for $domain:path { $($variant:ident = $word:tt,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        pub enum $name {
            $(#[doc = $word] #[serde(rename = $word)] $variant,)+
        }

        impl From<$domain> for $name {
            fn from(word: $domain) -> Self {
                match word {
                    $(<$domain>::$variant => Self::$variant,)+
                }
            }
        }

        impl From<$name> for $domain {
            fn from(word: $name) -> Self {
                match word {
                    $($name::$variant => Self::$variant,)+
                }
            }
        }
    };
}
pub(crate) use wire_enum;

wire_enum! {
    /// One of the two apps.
    AppWord for App { Staff = "staff", Portal = "portal", }
}

wire_enum! {
    /// How a mail carries the page: as an attachment, or as a link to it that can be turned off.
    ChannelWord for Channel { Attachment = "attachment", Link = "link", }
}

wire_enum! {
    /// A line of business.
    LineWord for Line {
        GeneralLiability = "general_liability",
        CommercialAuto = "commercial_auto",
        UmbrellaExcess = "umbrella_excess",
        WorkersCompensation = "workers_compensation",
        Other = "other",
    }
}

wire_enum! {
    /// How a policy stands on the agency's books.
    PolicyStatus for Status {
        Quoted = "quoted",
        Bound = "bound",
        Active = "active",
        Cancelled = "cancelled",
        NonRenewed = "non_renewed",
        Expired = "expired",
    }
}

wire_enum! {
    /// What a policy is worth today.
    PolicyState for Standing {
        InForce = "in_force",
        Upcoming = "upcoming",
        Expired = "expired",
        Cancelled = "cancelled",
        NotBound = "not_bound",
    }
}

wire_enum! {
    /// How much a finding weighs; `block` prevents sending.
    SeverityWord for Severity { Block = "block", Warn = "warn", Info = "info", }
}

wire_enum! {
    /// What a finding is about.
    FindingWord for FindingCode {
        PolicyExpired = "policy_expired",
        PolicyCancelled = "policy_cancelled",
        PolicyNotYetEffective = "policy_not_yet_effective",
        PolicyNotBound = "policy_not_bound",
        PolicyEndsSoon = "policy_ends_soon",
        PolicyCancellationPending = "policy_cancellation_pending",
        NoIssuingAuthority = "no_issuing_authority",
        PolicyUnknown = "policy_unknown",
        PolicyNumberDiffers = "policy_number_differs",
        TermDiffers = "term_differs",
        LimitAbovePolicy = "limit_above_policy",
        CoverageDiffers = "coverage_differs",
        InsurerDiffers = "insurer_differs",
        NamedInsuredDiffers = "named_insured_differs",
        AdditionalInsuredWithoutEndorsement = "additional_insured_without_endorsement",
        WaiverWithoutEndorsement = "waiver_without_endorsement",
        NeedsWrittenContract = "needs_written_contract",
        TooManyInsurers = "too_many_insurers",
        MasterNotValid = "master_not_valid",
        NothingToPrint = "nothing_to_print",
        CharacterNotPrintable = "character_not_printable",
        LayoutNotFiled = "layout_not_filed",
        AnotherPolicyOfLine = "another_policy_of_line",
        NoticePromised = "notice_promised",
        AdditionalInsuredClaimed = "additional_insured_claimed",
        WaiverClaimed = "waiver_claimed",
        PrimaryClaimed = "primary_claimed",
        LossPayeeClaimed = "loss_payee_claimed",
        AggregateClaimed = "aggregate_claimed",
        ContractClaimed = "contract_claimed",
        ContractInterpreted = "contract_interpreted",
        CoverInterpreted = "cover_interpreted",
        AmountAbovePolicies = "amount_above_policies",
        AmountNotOnPolicies = "amount_not_on_policies",
        FormNotOnPolicies = "form_not_on_policies",
        EditionDiffers = "edition_differs",
    }
}

/// One thing the truth gate found.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Finding)]
pub(crate) struct FindingView {
    /// What it is about.
    pub(crate) code: FindingWord,
    /// How much it weighs.
    pub(crate) severity: SeverityWord,
    /// JSON pointer into the printed data.
    pub(crate) field: String,
    /// What the policy says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) policy_value: Option<String>,
    /// What would be printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) printed_value: Option<String>,
    /// What is wrong, in one sentence.
    pub(crate) message: String,
    /// What to do about it.
    pub(crate) fix: String,
    /// Which words of the description it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) passage: Option<PassageView>,
    /// What would put the description right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) replacement: Option<ReplacementView>,
    /// Whether a second person can lift it; only of what blocks.
    pub(crate) liftable: bool,
}

/// Words of the description. Places are counted in Unicode characters from its beginning, as it would be printed.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Passage)]
pub(crate) struct PassageView {
    /// The words as they are written.
    pub(crate) words: String,
    /// The first character.
    pub(crate) start: usize,
    /// The character after the last.
    pub(crate) end: usize,
}

/// Words that would come in place of others; none where they are only taken out.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Replacement)]
pub(crate) struct ReplacementView {
    /// The first character that goes.
    pub(crate) start: usize,
    /// The character after the last one that goes.
    pub(crate) end: usize,
    /// What comes in its place.
    pub(crate) text: String,
}

impl From<Finding> for FindingView {
    fn from(finding: Finding) -> Self {
        Self {
            liftable: finding.severity == Severity::Block && finding.code.liftable(),
            code: finding.code.into(),
            severity: finding.severity.into(),
            field: finding.field,
            policy_value: finding.policy_value,
            printed_value: finding.printed_value,
            message: finding.message,
            fix: finding.fix,
            passage: finding.passage.map(|passage| PassageView {
                words: passage.words,
                start: passage.start,
                end: passage.end,
            }),
            replacement: finding.replacement.map(|replacement| ReplacementView {
                start: replacement.start,
                end: replacement.end,
                text: replacement.text,
            }),
        }
    }
}

/// An amount of money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Money {
    /// A decimal with two places.
    #[schema(example = "1000000.00")]
    pub(crate) amount: String,
    /// ISO 4217 code; always `USD`.
    #[schema(example = "USD")]
    pub(crate) currency: String,
}

impl From<Cents> for Money {
    fn from(cents: Cents) -> Self {
        Self {
            amount: cents.to_decimal(),
            currency: "USD".to_owned(),
        }
    }
}

/// A US mailing address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Address)]
pub(crate) struct AddressBody {
    /// Street or box.
    pub(crate) line1: String,
    /// Suite, floor, attention.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) line2: Option<String>,
    /// City.
    pub(crate) city: String,
    /// Two-letter state code.
    #[schema(example = "NV")]
    pub(crate) state: String,
    /// ZIP code.
    #[schema(example = "89501")]
    pub(crate) postal_code: String,
}

impl From<&Address> for AddressBody {
    fn from(address: &Address) -> Self {
        Self {
            line1: address.line1.to_string(),
            line2: address.line2.as_ref().map(ToString::to_string),
            city: address.city.to_string(),
            state: address.state.to_string(),
            postal_code: address.postal_code.to_string(),
        }
    }
}

/// Where the next page begins.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct PageInfo {
    /// Pass it as `cursor` to get the next page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next_cursor: Option<String>,
    /// Whether there is another page.
    pub(crate) has_more: bool,
}
