//! The turns of phrase that say more than a certificate may. [`super::Reading::find`] says how a turn is written.

use super::FindingCode;
use crate::policies::coverage::{AggregatePer, Coverage, Trigger};
use crate::policies::endorsement::Effect;
use crate::policies::{Line, Policy};

/// Something that a text claims and only a form, or the policy itself, can bear out.
pub(super) struct Claim {
    pub(super) code: FindingCode,
    pub(super) turns: &'static [&'static str],
    pub(super) supports: fn(Effect) -> bool,
    pub(super) policy: fn(&Policy) -> bool,
    pub(super) what: &'static str,
}

const fn nothing_by_itself(_: &Policy) -> bool {
    false
}

fn counts_by(policy: &Policy, per: &AggregatePer) -> bool {
    matches!(&policy.coverage, Coverage::GeneralLiability(gl) if gl.aggregate_per == *per)
}

const fn trigger(policy: &Policy) -> Option<Trigger> {
    match &policy.coverage {
        Coverage::GeneralLiability(gl) => Some(gl.trigger),
        Coverage::UmbrellaExcess(excess) => Some(excess.trigger),
        Coverage::CommercialAuto(_) | Coverage::WorkersCompensation(_) | Coverage::Other(_) => None,
    }
}

/// Of claims that begin at the same word the longest counts, and before it the one that stands here first.
pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        code: FindingCode::AdditionalInsuredClaimed,
        turns: &[
            "additional insured* ~8 completed ~1 operation*|ops",
            "ai ~6 completed ~1 operation*|ops",
            "completed ~1 operation*|ops ~3 additional insured*",
            "completed ~1 operation*|ops ~2 ai",
        ],
        supports: |effect| matches!(effect, Effect::AdditionalInsuredCompleted),
        policy: nothing_by_itself,
        what: "an additional insured for completed operations",
    },
    Claim {
        code: FindingCode::AdditionalInsuredClaimed,
        turns: &[
            "additional insured*",
            "additionally insured",
            "addl|addnl|addtl insd|insured*",
            "additional insd|insurd|insurred",
            "asegurado|asegurados adicional|adicionales",
            "additional named insured*",
            "named|listed|included|added|covered|protected|insured as ~1 insured*",
            "named|listed|included|added ~1 on|in|under|to ~3 as ~1 insured*",
            "ai status|applies|per|form|forms|endorsement*|included|coverage|wording|basis|incl|including|where",
            "as|is|are|named|listed|added|included ~1 ai",
            "ai ~1 wos|waiver|primary|pnc",
            "ai ~1 on|for ~2 gl|cgl|auto|umbrella|general|liability|policies",
        ],
        supports: Effect::makes_additional_insured,
        policy: nothing_by_itself,
        what: "an additional insured",
    },
    Claim {
        code: FindingCode::WaiverClaimed,
        turns: &[
            "waiver* ~1 of ~3 subrogation|recovery|subro",
            "waiver* of sub",
            "waiver* of ~2 rights",
            "subrogation|subro ~4 waive*",
            "waive* ~5 subrogation|recovery|subro",
            "recovery ~4 waived",
            "subr wvd",
            "wos",
        ],
        supports: |effect| matches!(effect, Effect::Waiver),
        policy: nothing_by_itself,
        what: "a waiver of subrogation",
    },
    Claim {
        code: FindingCode::PrimaryClaimed,
        turns: &[
            "primary ~3 non contrib*",
            "primary ~3 noncontrib*",
            "non contrib*",
            "noncontrib*",
            "primary to|over ~3 other|any",
            "primary basis|insurance|coverage|wording|language|status|endorsement*|condition",
            "coverage*|insurance|policy|policies|cgl|gl|liability|umbrella|auto ~3 is|are|be|applies ~1 primary ~1 non contrib*",
            "coverage*|insurance|policy|policies|cgl|gl|liability|umbrella|auto ~3 is|are|be|applies ~1 primary",
            "p nc",
            "pnc wording|applies|language|endorsement*|status|coverage|included",
        ],
        supports: |effect| matches!(effect, Effect::PrimaryNoncontributory),
        policy: nothing_by_itself,
        what: "primary and noncontributory cover",
    },
    Claim {
        code: FindingCode::LossPayeeClaimed,
        turns: &[
            "loss payee*",
            "loss payable",
            "named|listed|included|added|covered|as ~2 mortgagee*|mortgageholder*",
            "mortgagee clause",
        ],
        supports: |effect| matches!(effect, Effect::LossPayable),
        policy: nothing_by_itself,
        what: "a loss payee or mortgagee",
    },
    Claim {
        code: FindingCode::AggregateClaimed,
        turns: &[
            "per|each project ~2 aggregate",
            "aggregate ~4 per|each project",
            "project aggregate",
        ],
        supports: |effect| matches!(effect, Effect::PerProjectAggregate),
        policy: |policy| counts_by(policy, &AggregatePer::Project),
        what: "an aggregate for each project",
    },
    Claim {
        code: FindingCode::AggregateClaimed,
        turns: &[
            "per|each location ~2 aggregate",
            "aggregate ~4 per|each location",
            "location aggregate",
        ],
        supports: |effect| matches!(effect, Effect::PerLocationAggregate),
        policy: |policy| counts_by(policy, &AggregatePer::Location),
        what: "an aggregate for each location",
    },
    Claim {
        code: FindingCode::CoverageDiffers,
        turns: &["claims made"],
        supports: |_| false,
        policy: |policy| trigger(policy) == Some(Trigger::ClaimsMade),
        what: "claims-made cover",
    },
    Claim {
        code: FindingCode::CoverageDiffers,
        turns: &[
            "occurrence basis|form|trigger|policy|policies",
            "occurrence based",
        ],
        supports: |_| false,
        // The other lines ask for neither.
        policy: |policy| trigger(policy) != Some(Trigger::ClaimsMade),
        what: "cover on an occurrence basis",
    },
];

/// How a text names the lines.
pub(super) const LINE_NAMES: &[(Line, &[&str])] = &[
    (
        Line::GeneralLiability,
        &["general liability", "gl", "cgl", "liability policy"],
    ),
    (
        Line::CommercialAuto,
        &[
            "auto",
            "autos",
            "automobile*",
            "business auto",
            "vehicle liability",
        ],
    ),
    (Line::UmbrellaExcess, &["umbrella", "excess"]),
    (
        Line::WorkersCompensation,
        &[
            "worker|workers|workmens ~1 comp|compensation",
            "wc",
            "employers|employer liability",
        ],
    ),
];

pub(super) const EVERY_POLICY: &[&str] = &["all|every|each ~2 policy|policies|lines|coverages"];

/// What makes a sentence speak of insurance at all.
pub(super) const OF_INSURANCE: &[&str] = &[
    "insurance",
    "insured*",
    "coverage*",
    "cover",
    "limit*",
    "policy",
    "policies",
    "certificate*",
    "endorse*",
    "liability",
    "waiver*",
    "subrogation",
    "primary",
    "additional insured*",
];

/// What makes it speak of the cover, and not only of who is insured.
pub(super) const OF_COVER: &[&str] = &[
    "insurance",
    "coverage*",
    "cover",
    "limit*",
    "policy",
    "policies",
    "certificate*",
    "endorse*",
];

/// What a contract asks of somebody's insurance.
pub(super) const ASKED_BY_CONTRACT: &[&str] = &[
    "contract*|agreement*|lease|insurance ~2 requirement*",
    "requirement* ~3 contract*|agreement*|lease",
];

/// What promises a notice.
pub(super) const PROMISES: &[&str] = &[
    "# # day|days ~4 notice|notification|noc",
    "# day|days ~4 notice|notification|noc",
    "noc ~3 # day|days",
    "notice ~2 # day|days",
    "notice of cancellation ~4 # day|days",
    "notice of cancellation applies|included|provided|granted|endorsement",
    "noc applies|included|provided|granted|endorsement|wording",
    "endeavor|endeavour to ~2 mail|give|provide|notify|send",
    "will|shall|must|agree*|to ~3 notify|notified ~8 cancel*|nonrenew*",
    "will|shall|must ~3 get|give|provide|send|mail|receive ~6 notice ~8 cancel*|nonrenew*|material*|terminat*",
    "notice ~6 cancel*|nonrenew* ~4 will|shall|is|to ~2 given|be|provided|sent|mailed",
    "cancel* ~10 will|shall ~3 notice|notify|notified|give|mail|provide",
    "policy|policies|coverage*|insurance ~4 not be cancel*|nonrenew*|terminated|materially",
];

/// What makes a long sentence with a notice speak of the end of a policy.
pub(super) const OF_AN_END: &[&str] = &[
    "cancel*",
    "nonrenew*",
    "non renew*",
    "terminat*",
    "material*",
    "noc",
];

/// More words than this are no bare promise.
pub(super) const SHORT: usize = 10;

/// Not without a notice is with one, whatever else the sentence says.
pub(super) const TWICE_DENIED: &[&str] =
    &["not|never|no|cannot|neither|nor ~10 without ~4 notice|notification|notifying"];

/// A notice of something else, or none, or the policy's own.
pub(super) const NO_PROMISES: &[&str] = &[
    "notice to proceed|quit|vacate|commence",
    "notice ~8 access|entry|start*|shut*|shutdown|inspection*|pour*|deliver*",
    "no|without ~2 notice|promise",
    "not ~2 promise*|give|obligat*|guarantee*|provide|mail|send|notify",
    "accordance with ~4 policy|policies|provision*|terms",
    "according to ~4 policy|policies|provision*|terms",
    "per ~3 policy|provision*",
];

pub(super) const CONTRACT_CLAIMS: &[&str] = &[
    "complies|comply|complying|compliance|compliant|conforms|conform ~6 contract*|agreement*|lease|insurance",
    "meet|meets|met|meeting|satisf*|fulfill* ~6 contract*|agreement*|lease|requirement*",
    "requirement* ~4 met|satisfied|fulfilled",
];

/// What a certificate cannot do, and its own words say that it does not.
pub(super) const AMENDMENTS: &[&str] = &[
    "certificate* ~3 confer*|grants|gives ~3 right*",
    "certificate* ~4 amend*|extend*|alter*|modif*|change*|broaden* ~6 policy|policies|coverage*|cover|insurance",
    "policy|policies|coverage* ~4 amended|extended|modified|broadened ~2 to ~1 include|cover|name|add",
    "policy|policies|coverage*|cover|insurance ~3 extended|extends|extend to",
];

/// What a policy does and does not cover is for the policy to say.
pub(super) const COVER_EXPLAINED: &[&str] = &[
    "no|without|zero ~1 exclusion*",
    "exclusion* ~4 does|do|shall|will not apply",
    "exclusion* ~3 removed|deleted|waived",
    "indemni* ~8 is|are covered|insured",
    "cover|covers|covering|insures|insuring ~4 indemni*",
];

pub(super) const INTERPRETATIONS: &[&str] = &[
    "full|complete|total|unlimited coverage*|cover",
    "fully insured|covered",
    "all risk|risks",
    "bumper to bumper",
    "guarantee* ~4 coverage*|cover|insurance",
    "coverage*|insurance ~2 guaranteed",
];

pub(super) const CONTRACT_CONDITIONS: &[&str] = &[
    "required ~1 by|in|under|per ~6 contract*|agreement*|lease",
    "require* ~3 written contract*|agreement*",
    "per ~2 written contract*|agreement*",
    "contract*|agreement* require*",
];

pub(super) const TAKE_IT_OUT: &str = "Take the sentence out: a description tells of the job.";
