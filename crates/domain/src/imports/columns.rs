//! The columns of every import file, in one table.
//!
//! Invariant: the parser, the templates and the documentation read this table and nothing else, so a
//! column cannot be documented and unread, or read and undocumented (see the tests of `records`).

use super::File;
use crate::policies::Line;

/// What the cells of a column hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One line of text.
    Text,
    /// A calendar date, US or ISO form.
    Date,
    /// An amount in dollars.
    Money,
    /// Yes or no; empty is no.
    YesNo,
    /// A whole number.
    Number,
    /// Several entries in one cell.
    List,
    /// One of these words.
    Word(&'static [&'static str]),
}

impl Kind {
    /// What may stand in the cell, in words.
    #[must_use]
    pub fn form(self) -> String {
        match self {
            Self::Text => "text".into(),
            Self::Date => "date: 11/22/2026 or 2026-11-22".into(),
            Self::Money => "amount: 1000000, 1,000,000.00 or $1,000,000".into(),
            Self::YesNo => "y, yes, true, x or n, no, false; empty is no".into(),
            Self::Number => "whole number".into(),
            Self::List => "list: separated by semicolons or line breaks".into(),
            Self::Word(words) => format!("one of: {}", words.join(", ")),
        }
    }
}

/// One column of an import file.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name in the header; compared without regard to case, blanks, hyphens and underscores.
    pub name: &'static str,
    /// Whether the header must have it and every row must fill it.
    pub required: bool,
    /// What its cells hold.
    pub kind: Kind,
    /// What it is, for the person who fills it.
    pub description: &'static str,
    /// A cell that would be taken.
    pub example: &'static str,
    /// Whether the example stands in the template's example row. Columns that belong to another kind of
    /// row (another line of business, another effect) stay empty there.
    pub in_template: bool,
}

const fn required(
    name: &'static str,
    kind: Kind,
    description: &'static str,
    example: &'static str,
) -> Column {
    Column {
        name,
        required: true,
        kind,
        description,
        example,
        in_template: true,
    }
}

const fn optional(
    name: &'static str,
    kind: Kind,
    description: &'static str,
    example: &'static str,
) -> Column {
    Column {
        name,
        required: false,
        kind,
        description,
        example,
        in_template: true,
    }
}

impl Column {
    const fn apart(self) -> Self {
        Self {
            in_template: false,
            ..self
        }
    }
}

use Kind::{Date, List, Money, Number, Text, Word, YesNo};

/// The words for a line of business.
pub const LINES: &[&str] = &[
    "general_liability",
    "commercial_auto",
    "umbrella_excess",
    "workers_compensation",
    "other",
];
const STATUSES: &[&str] = &["quoted", "bound", "active", "cancelled", "non_renewed", "expired"];
const AUTHORITIES: &[&str] = &["not_known", "agency", "wholesaler"];
const DELIVERIES: &[&str] = &["attachment", "link"];
const TRIGGERS: &[&str] = &["occurrence", "claims_made"];
const EFFECTS: &[&str] = &[
    "additional_insured_ongoing",
    "additional_insured_completed",
    "additional_insured_premises",
    "additional_insured_lessor",
    "additional_insured_vendor",
    "additional_insured_designated",
    "primary_noncontributory",
    "waiver",
    "notice_of_cancellation",
    "per_project_aggregate",
    "per_location_aggregate",
    "loss_payable",
    "exclusion",
];

const CUSTOMER: Column = required(
    "customer_id",
    Text,
    "The customer, by the customer_id of insureds.csv.",
    "C-1001",
);
const POLICY_NUMBER: Column = required(
    "policy_number",
    Text,
    "The policy, by the policy_number of policies.csv.",
    "GL-4471209",
);
const EFFECTIVE_ON: Column = required(
    "effective_on",
    Date,
    "First day of that policy's term.",
    "3/1/2026",
);
const LINE: Column = required(
    "line",
    Word(LINES),
    "Line of business of that policy.",
    "general_liability",
);

const INSUREDS: &[Column] = &[
    required(
        "customer_id",
        Text,
        "The agency's own number for the customer. Other files refer to it, and a later import finds the customer by it.",
        "C-1001",
    ),
    required(
        "name",
        Text,
        "Legal name exactly as on the declarations.",
        "Alder Creek Roofing LLC",
    ),
    optional(
        "dba",
        Text,
        "Name under which the customer trades.",
        "Alder Creek Roofing",
    ),
    optional(
        "kind",
        Word(&["commercial", "personal"]),
        "Kind of customer; empty is commercial.",
        "commercial",
    ),
    optional("trade", Text, "What the customer does.", "Roofing contractor"),
    optional(
        "email",
        Text,
        "Mail address; without one no portal account can be opened.",
        "office@aldercreekroofing.example.com",
    ),
    optional("phone", Text, "Telephone.", "(775) 555-0142"),
    optional(
        "fein",
        Text,
        "Federal employer identification number, nine digits.",
        "89-0123456",
    ),
    optional("customer_since", Date, "First day as a customer.", "5/14/2019"),
    required("address_line1", Text, "Street or box.", "1480 Kleppe Lane"),
    optional("address_line2", Text, "Suite, floor, attention.", "Suite 12"),
    required("city", Text, "City or town.", "Reno"),
    required("state", Text, "Two-letter code of the state or territory.", "NV"),
    required(
        "postal_code",
        Text,
        "ZIP code, with or without the four-digit extension.",
        "89512",
    ),
];

const CONTACTS: &[Column] = &[
    CUSTOMER,
    required(
        "name",
        Text,
        "The person. A later import finds the person by customer and name.",
        "Dana Whitlock",
    ),
    optional("title", Text, "What the person does there.", "Office manager"),
    optional(
        "email",
        Text,
        "Mail address.",
        "dana@aldercreekroofing.example.com",
    ),
    optional("phone", Text, "Telephone.", "(775) 555-0143"),
];

const CARRIERS: &[Column] = &[
    required(
        "naic",
        Text,
        "NAIC company code, five digits with leading zeros. Policies refer to it.",
        "25674",
    ),
    required(
        "name",
        Text,
        "Legal name of the writing company, never of the group.",
        "Travelers Property Casualty Company of America",
    ),
];

const POLICIES: &[Column] = &[
    CUSTOMER,
    required(
        "policy_number",
        Text,
        "Number exactly as printed on the declarations. Number, effective_on and line together name the policy, so both parts of a package may carry one number.",
        "GL-4471209",
    ),
    required("effective_on", Date, "First day of the term.", "3/1/2026"),
    required(
        "expires_on",
        Date,
        "Day on which the term ends, at 12:01 a.m.",
        "3/1/2027",
    ),
    required("line", Word(LINES), "Line of business.", "general_liability"),
    required("naic", Text, "The insurer, by the naic of carriers.csv.", "25674"),
    required(
        "status",
        Word(STATUSES),
        "How the policy stands on the agency's books.",
        "active",
    ),
    optional(
        "named_insured",
        Text,
        "Named insured as on the declarations; empty is the customer's name.",
        "Alder Creek Roofing LLC",
    ),
    optional(
        "cancelled_on",
        Date,
        "Day on which the cancellation takes effect; for status cancelled, and only for it.",
        "9/15/2026",
    )
    .apart(),
    optional(
        "cancel_reason",
        Text,
        "Why it was cancelled.",
        "Nonpayment of premium",
    )
    .apart(),
    optional(
        "issuing_authority",
        Word(AUTHORITIES),
        "Who may issue certificates for a surplus lines policy; empty for a policy of an admitted insurer.",
        "wholesaler",
    )
    .apart(),
    optional(
        "wholesaler",
        Text,
        "The wholesaler that alone issues certificates; for issuing_authority wholesaler, and only for it.",
        "Sierra Wholesale Brokers",
    )
    .apart(),
];

const COVERAGES: &[Column] = &[
    POLICY_NUMBER,
    EFFECTIVE_ON,
    required(
        "line",
        Word(LINES),
        "Line of business of that policy. It decides which columns apply; those of other lines stay empty.",
        "general_liability",
    ),
    optional("gl_trigger", Word(TRIGGERS), "When the policy answers. Required for general_liability.", "occurrence"),
    optional(
        "gl_aggregate_per",
        Word(&["policy", "project", "location", "other"]),
        "What the general aggregate applies to. Required for general_liability.",
        "project",
    ),
    optional(
        "gl_aggregate_per_other",
        Text,
        "What else the aggregate applies to; for gl_aggregate_per other, and only for it.",
        "Each job site",
    )
    .apart(),
    optional("gl_each_occurrence", Money, "Limit for each occurrence.", "$1,000,000"),
    optional(
        "gl_damage_to_rented_premises",
        Money,
        "Limit for damage to rented premises, each occurrence.",
        "$100,000",
    ),
    optional("gl_medical_expense", Money, "Limit for medical expense, any one person.", "$5,000"),
    optional(
        "gl_personal_and_advertising_injury",
        Money,
        "Limit for personal and advertising injury.",
        "$1,000,000",
    ),
    optional("gl_general_aggregate", Money, "General aggregate limit.", "$2,000,000"),
    optional(
        "gl_products_completed_operations_aggregate",
        Money,
        "Aggregate limit for products and completed operations.",
        "$2,000,000",
    ),
    optional("gl_other_box1", Text, "A further box that is crossed, in words.", "Contractual liability").apart(),
    optional("gl_other_box2", Text, "A further box that is crossed, in words.", "Explosion, collapse, underground").apart(),
    optional("gl_other_limit_label", Text, "What a further limit limits.", "Employee benefits, each employee").apart(),
    optional("gl_other_limit_amount", Money, "Amount of the further limit.", "1000000").apart(),
    optional("auto_any", YesNo, "Any auto (symbol 1).", "x").apart(),
    optional("auto_owned", YesNo, "Owned autos only (symbol 2).", "x").apart(),
    optional("auto_scheduled", YesNo, "Scheduled autos (symbol 7).", "x").apart(),
    optional("auto_hired", YesNo, "Hired autos (symbol 8).", "x").apart(),
    optional("auto_non_owned", YesNo, "Non-owned autos (symbol 9).", "x").apart(),
    optional(
        "auto_combined_single_limit",
        Money,
        "Combined single limit, each accident. Either this or all three split limits.",
        "1000000",
    )
    .apart(),
    optional("auto_bodily_injury_per_person", Money, "Split limit: bodily injury, each person.", "250000").apart(),
    optional("auto_bodily_injury_per_accident", Money, "Split limit: bodily injury, each accident.", "500000").apart(),
    optional("auto_property_damage_per_accident", Money, "Split limit: property damage, each accident.", "100000")
        .apart(),
    optional("auto_other_box1", Text, "A further box that is crossed, in words.", "Leased autos").apart(),
    optional("auto_other_box2", Text, "A further box that is crossed, in words.", "Drive other car").apart(),
    optional("auto_other_limit_label", Text, "What a further limit limits.", "Uninsured motorist").apart(),
    optional("auto_other_limit_amount", Money, "Amount of the further limit.", "1000000").apart(),
    optional(
        "umb_kind",
        Word(&["umbrella", "excess"]),
        "Umbrella or excess. Required for umbrella_excess.",
        "umbrella",
    )
    .apart(),
    optional("umb_trigger", Word(TRIGGERS), "When the policy answers. Required for umbrella_excess.", "occurrence")
        .apart(),
    optional("umb_deductible", Money, "Deductible; either this or a retention.", "10000").apart(),
    optional("umb_retention", Money, "Self-insured retention; either this or a deductible.", "10000").apart(),
    optional("umb_each_occurrence", Money, "Limit for each occurrence.", "5000000").apart(),
    optional("umb_aggregate", Money, "Aggregate limit.", "5000000").apart(),
    optional("umb_other_limit_label", Text, "What a further limit limits.", "Products aggregate").apart(),
    optional("umb_other_limit_amount", Money, "Amount of the further limit.", "1000000").apart(),
    optional("wc_per_statute", YesNo, "Limits as the state's statute says. This or wc_other_basis.", "y").apart(),
    optional("wc_other_basis", Text, "Another basis of the limits, in words.", "Voluntary compensation").apart(),
    optional(
        "wc_excluded",
        Word(&["y", "n", "n/a"]),
        "Whether a proprietor, partner, executive officer or member is excluded. Required for workers_compensation.",
        "y",
    )
    .apart(),
    optional("wc_excluded_who", Text, "Who is excluded; for wc_excluded y, and only for it.", "Members of the LLC")
        .apart(),
    optional("wc_each_accident", Money, "Employers' liability, each accident.", "1000000").apart(),
    optional("wc_disease_each_employee", Money, "Employers' liability, disease, each employee.", "1000000").apart(),
    optional("wc_disease_policy_limit", Money, "Employers' liability, disease, policy limit.", "1000000").apart(),
    optional("other_description", Text, "What the policy is. Required for other.", "Contractors pollution liability")
        .apart(),
    optional("other_limit1_label", Text, "What the first limit limits.", "Each pollution condition").apart(),
    optional("other_limit1_amount", Money, "The first limit.", "1000000").apart(),
    optional("other_limit2_label", Text, "What the second limit limits.", "Aggregate").apart(),
    optional("other_limit2_amount", Money, "The second limit.", "2000000").apart(),
    optional("other_limit3_label", Text, "What the third limit limits.", "Deductible").apart(),
    optional("other_limit3_amount", Money, "The third limit.", "10000").apart(),
];

const ENDORSEMENTS: &[Column] = &[
    POLICY_NUMBER,
    EFFECTIVE_ON,
    LINE,
    required(
        "form_number",
        Text,
        "Form number without its edition.",
        "CG 20 10",
    ),
    required(
        "edition",
        Text,
        "Edition as month and year of two digits each, as on the form: 04 13, 04/13, 04-13 or 0413.",
        "04 13",
    ),
    required(
        "title",
        Text,
        "The form's title.",
        "Additional Insured – Owners, Lessees or Contractors – Scheduled Person or Organization",
    ),
    required(
        "effect",
        Word(EFFECTS),
        "What the form does. A form that does several things has a row for each; a later import finds the row by policy, form_number, edition, effect and scope.",
        "additional_insured_ongoing",
    ),
    required(
        "scope",
        Word(&["scheduled", "blanket", "when_required_by_contract"]),
        "Whom it reaches: only the parties on its schedule, everyone, or whoever a written contract requires.",
        "scheduled",
    ),
    optional(
        "scheduled_parties",
        List,
        "The parties on the schedule; for scope scheduled, and only for it.",
        "Granite Peak Builders, Inc.; City of Sparks",
    ),
    optional(
        "notice_days",
        Number,
        "Days of notice; for effect notice_of_cancellation, and only for it.",
        "30",
    )
    .apart(),
    optional(
        "form_effective_on",
        Date,
        "First day on which the form stands; empty for the first day of the term.",
        "6/1/2026",
    )
    .apart(),
    optional(
        "form_ends_on",
        Date,
        "Day on which the form was taken off in mid-term: no mark stands on it from this day on; empty for the end of the term.",
        "11/1/2026",
    )
    .apart(),
];

const VEHICLES: &[Column] = &[
    required(
        "policy_number",
        Text,
        "The policy, by the policy_number of policies.csv. Its line must be commercial_auto.",
        "BA-2203417",
    ),
    EFFECTIVE_ON,
    required(
        "vin",
        Text,
        "Vehicle identification number. A later import finds the vehicle by policy and vin.",
        "1FT7W2BTXMEC21467",
    ),
    optional("year", Number, "Model year, four digits.", "2021"),
    optional("make", Text, "Make.", "Ford"),
    optional("model", Text, "Model.", "F-250"),
    optional(
        "garaging_state",
        Text,
        "State where it is kept, two letters.",
        "NV",
    ),
];

const HOLDERS: &[Column] = &[
    optional(
        "holder_id",
        Text,
        "The holder of the library that the row changes, as an export of the library writes it; then name, care_of and address may be changed too. Empty finds the holder by name, care_of and address, or adds it.",
        "0191d6f0-5c1e-7a52-9d0e-3f5a7c2b9e10",
    )
    .apart(),
    required(
        "name",
        Text,
        "Exact legal name. Without a holder_id the holder is found by name, care_of and address together.",
        "Granite Peak Builders, Inc.",
    ),
    optional(
        "care_of",
        Text,
        "Attention or care of: printed under the name as it is written here.",
        "Attn: Insurance Compliance",
    ),
    required("address_line1", Text, "Street or box.", "9550 Gateway Drive"),
    optional("address_line2", Text, "Suite, floor, attention.", "Suite 200"),
    required("city", Text, "City or town.", "Reno"),
    required("state", Text, "Two-letter code of the state or territory.", "NV"),
    required(
        "postal_code",
        Text,
        "ZIP code, with or without the four-digit extension.",
        "89521",
    ),
    optional(
        "emails",
        List,
        "Mail addresses for certificates.",
        "certificates@granitepeak.example.com",
    ),
    optional("phone", Text, "Telephone.", "(775) 555-0177"),
    optional(
        "delivery",
        Word(DELIVERIES),
        "How the mail of its certificates carries the page: attached, or as a link that can be turned off. Empty where the holder prefers nothing.",
        "link",
    ),
    optional(
        "customer_ids",
        List,
        "Customers that use this holder, by the customer_id of insureds.csv. The holder then stands in their pick list.",
        "C-1001; C-1007",
    ),
];

/// Columns that a file of rejected rows has besides; they are skipped, so that the corrected file can be
/// imported as it is.
pub const ADDED: &[&str] = &["file_line", "reason"];

impl File {
    /// The columns of this file, in the order of its template.
    #[must_use]
    pub const fn columns(self) -> &'static [Column] {
        match self {
            Self::Insureds => INSUREDS,
            Self::Contacts => CONTACTS,
            Self::Carriers => CARRIERS,
            Self::Policies => POLICIES,
            Self::Coverages => COVERAGES,
            Self::Endorsements => ENDORSEMENTS,
            Self::Vehicles => VEHICLES,
            Self::Holders => HOLDERS,
        }
    }

    /// The header and the example row of this file's template.
    #[must_use]
    pub fn template(self) -> [Vec<&'static str>; 2] {
        let names = self.columns().iter().map(|column| column.name).collect();
        let examples = self
            .columns()
            .iter()
            .map(|column| if column.in_template { column.example } else { "" });
        [names, examples.collect()]
    }
}

/// What the names of a line's own columns in coverages.csv begin with.
#[must_use]
pub const fn prefix(line: Line) -> &'static str {
    match line {
        Line::GeneralLiability => "gl_",
        Line::CommercialAuto => "auto_",
        Line::UmbrellaExcess => "umb_",
        Line::WorkersCompensation => "wc_",
        Line::Other => "other_",
    }
}

/// A column's name for comparison: lower case, no blanks, hyphens or underscores.
#[must_use]
pub fn folded(name: &str) -> String {
    name.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-' | '\u{feff}'))
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::certificates::delivery::Channel;
    use crate::policies::coverage;
    use crate::policies::words::{Effect, IssuingAuthority, Scope, Status};

    fn words<T: std::fmt::Display>(all: &[T]) -> Vec<String> {
        all.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn no_two_columns_of_a_file_read_alike() {
        for file in File::ALL {
            let mut seen = BTreeSet::new();
            for name in file
                .columns()
                .iter()
                .map(|column| column.name)
                .chain(ADDED.iter().copied())
            {
                assert!(seen.insert(folded(name)), "{file} has {name} twice");
            }
        }
    }

    #[test]
    fn the_documented_words_are_the_words_of_the_model() {
        assert_eq!(words(Line::ALL), LINES);
        assert_eq!(words(Status::ALL), STATUSES);
        assert_eq!(words(IssuingAuthority::ALL), AUTHORITIES);
        assert_eq!(words(coverage::Trigger::ALL), TRIGGERS);
        assert_eq!(words(Effect::ALL), EFFECTS);
        assert_eq!(words(Channel::ALL), DELIVERIES);
        let scope = File::Endorsements
            .columns()
            .iter()
            .find(|column| column.name == "scope")
            .unwrap();
        let Kind::Word(scopes) = scope.kind else {
            panic!("scope is a word")
        };
        assert_eq!(words(Scope::ALL), scopes);
    }

    #[test]
    fn headers_are_compared_without_case_blanks_hyphens_and_underscores() {
        assert_eq!(folded("\u{feff}Policy Number"), folded("policy_number"));
        assert_eq!(folded("E-Mail"), folded("email"));
        assert_ne!(folded("city"), folded("state"));
    }
}
