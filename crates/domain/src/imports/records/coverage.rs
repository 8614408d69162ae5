//! A row of coverages.csv: `line` decides which columns apply.

use super::{Cells, Fault, Key, PolicyKey, Reading};
use crate::imports::fault::Reason;
use crate::imports::values::{self, folded_word, line_of, money};
use crate::money::Cents;
use crate::policies::coverage::{
    AggregatePer, AutoLimit, Basis, CommercialAuto, CoveredAutos, Excluded, ExtraBoxes, GeneralLiability,
    NamedLimit, OtherCoverage, Retention, UmbrellaExcess, UpTo, WorkersCompensation,
};
use crate::policies::{Coverage, Line};
use crate::text::NonBlank;

/// What a policy covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedCoverage {
    /// The policy.
    pub policy: PolicyKey,
    /// Its cover, of the policy's line.
    pub coverage: Coverage,
}

impl Reading for ImportedCoverage {
    const NAMED_BY: &'static str = "policy_number, effective_on and line";

    fn read(mut cells: Cells<'_>) -> Result<Self, Vec<Fault>> {
        let policy = PolicyKey::read(&mut cells);
        // Which cells apply is not known without the line; reading them all would only add noise.
        let coverage = cells
            .word::<Line>("line", cells.text("line"))
            .ok()
            .and_then(|line| {
                cells.only_columns_of(line);
                match line {
                    Line::GeneralLiability => general_liability(&mut cells).map(Coverage::GeneralLiability),
                    Line::CommercialAuto => commercial_auto(&mut cells).map(Coverage::CommercialAuto),
                    Line::UmbrellaExcess => umbrella_excess(&mut cells).map(Coverage::UmbrellaExcess),
                    Line::WorkersCompensation => {
                        workers_compensation(&mut cells).map(Coverage::WorkersCompensation)
                    }
                    Line::Other => other(&mut cells).map(Coverage::Other),
                }
            });
        let record = policy
            .zip(coverage)
            .map(|(policy, coverage)| Self { policy, coverage });
        cells.finish(record)
    }

    fn key(&self) -> Key {
        self.policy.key()
    }

    fn key_of(cells: &mut Cells<'_>) -> Option<Key> {
        PolicyKey::read(cells).map(|policy| policy.key())
    }
}

/// Faults the first of `columns` when none of them holds a limit: a cover without any is an export gone wrong.
fn some_limit(cells: &mut Cells<'_>, columns: &[&'static str]) {
    if let Some(first) = columns
        .first()
        .filter(|_| !columns.iter().any(|column| cells.filled(column)))
    {
        cells.fault(first, Reason::Needed("the row has no limit at all"));
    }
}

fn general_liability(cells: &mut Cells<'_>) -> Option<GeneralLiability> {
    let trigger = cells.word("gl_trigger", cells.text("gl_trigger"));
    let trigger = cells.needed("gl_trigger", "occurrence or claims_made", |_| trigger);
    let aggregate_per = aggregate_per(cells);
    let each_occurrence = cells.optional("gl_each_occurrence", money);
    let damage_to_rented_premises = cells.optional("gl_damage_to_rented_premises", money);
    let medical_expense = cells.optional("gl_medical_expense", money);
    let personal_and_advertising_injury = cells.optional("gl_personal_and_advertising_injury", money);
    let general_aggregate = cells.optional("gl_general_aggregate", money);
    let products = cells.optional("gl_products_completed_operations_aggregate", money);
    some_limit(cells, &["gl_each_occurrence", "gl_general_aggregate"]);
    let extra_boxes = extra_boxes(cells, ["gl_other_box1", "gl_other_box2"]);
    let extra_limit = named_limit(cells, "gl_other_limit_label", "gl_other_limit_amount");
    Some(GeneralLiability {
        trigger: trigger?,
        aggregate_per: aggregate_per?,
        each_occurrence,
        damage_to_rented_premises,
        medical_expense,
        personal_and_advertising_injury,
        general_aggregate,
        products_completed_operations_aggregate: products,
        extra_boxes,
        extra_limit,
    })
}

fn aggregate_per(cells: &mut Cells<'_>) -> Option<AggregatePer> {
    const WORDS: &[&str] = &["policy", "project", "location", "other"];
    let word = cells.needed("gl_aggregate_per", "policy, project, location or other", |text| {
        let word = folded_word(text);
        if WORDS.contains(&word.as_str()) {
            Ok(word)
        } else {
            Err(Reason::Word(WORDS))
        }
    });
    if word.as_deref() == Some("other") {
        return cells
            .needed(
                "gl_aggregate_per_other",
                "what the aggregate applies to",
                |text| line_of(text, NonBlank::parse),
            )
            .map(AggregatePer::Other);
    }
    if cells.filled("gl_aggregate_per_other") {
        let fix = "clear it, or write other there";
        cells.fault(
            "gl_aggregate_per_other",
            Reason::Contradicts {
                other: "gl_aggregate_per",
                fix,
            },
        );
    }
    match word?.as_str() {
        "project" => Some(AggregatePer::Project),
        "location" => Some(AggregatePer::Location),
        _ => Some(AggregatePer::Policy),
    }
}

fn commercial_auto(cells: &mut Cells<'_>) -> Option<CommercialAuto> {
    let covered_autos = CoveredAutos {
        any: cells.yes("auto_any"),
        owned: cells.yes("auto_owned"),
        scheduled: cells.yes("auto_scheduled"),
        hired: cells.yes("auto_hired"),
        non_owned: cells.yes("auto_non_owned"),
    };
    let columns = [
        "auto_any",
        "auto_owned",
        "auto_scheduled",
        "auto_hired",
        "auto_non_owned",
    ];
    let unread = columns
        .iter()
        .any(|column| cells.filled(column) && values::yes_no(cells.text(column)).is_err());
    let extra_boxes = extra_boxes(cells, ["auto_other_box1", "auto_other_box2"]);
    let extra_limit = named_limit(cells, "auto_other_limit_label", "auto_other_limit_amount");
    if covered_autos == CoveredAutos::default() && extra_boxes.is_empty() && !unread {
        cells.fault(
            "auto_any",
            Reason::Needed("no auto is covered; mark at least one of the five auto columns, or name another in auto_other_box1"),
        );
    }
    let limit = auto_limit(cells);
    Some(CommercialAuto {
        covered_autos,
        limit: limit?,
        extra_boxes,
        extra_limit,
    })
}

fn auto_limit(cells: &mut Cells<'_>) -> Option<AutoLimit> {
    const SPLIT: [&str; 3] = [
        "auto_bodily_injury_per_person",
        "auto_bodily_injury_per_accident",
        "auto_property_damage_per_accident",
    ];
    let single = cells.optional("auto_combined_single_limit", money);
    if SPLIT.iter().all(|column| !cells.filled(column)) {
        if !cells.filled("auto_combined_single_limit") {
            cells.fault(
                "auto_combined_single_limit",
                Reason::Needed("the combined limit, or all three split limits"),
            );
        }
        return single.map(|each_accident| AutoLimit::CombinedSingle { each_accident });
    }
    if cells.filled("auto_combined_single_limit") {
        let fix = "a policy has either one combined limit or three split ones; clear the others";
        cells.fault(
            "auto_combined_single_limit",
            Reason::Contradicts {
                other: "the split limits",
                fix,
            },
        );
    }
    let [person, accident, property] =
        SPLIT.map(|column| cells.needed(column, "split limits come in threes", money));
    Some(AutoLimit::Split {
        bodily_injury_per_person: person?,
        bodily_injury_per_accident: accident?,
        property_damage_per_accident: property?,
    })
}

fn umbrella_excess(cells: &mut Cells<'_>) -> Option<UmbrellaExcess> {
    let kind = cells.word("umb_kind", cells.text("umb_kind"));
    let kind = cells.needed("umb_kind", "umbrella or excess", |_| kind);
    let trigger = cells.word("umb_trigger", cells.text("umb_trigger"));
    let trigger = cells.needed("umb_trigger", "occurrence or claims_made", |_| trigger);
    let deductible = cells.optional("umb_deductible", money);
    let retention = cells.optional("umb_retention", money);
    if cells.filled("umb_deductible") && cells.filled("umb_retention") {
        let fix = "a policy has either a deductible or a retention; clear one of them";
        cells.fault(
            "umb_retention",
            Reason::Contradicts {
                other: "umb_deductible",
                fix,
            },
        );
    }
    let each_occurrence = cells.optional("umb_each_occurrence", money);
    let aggregate = cells.optional("umb_aggregate", money);
    some_limit(cells, &["umb_each_occurrence", "umb_aggregate"]);
    let extra_limit = named_limit(cells, "umb_other_limit_label", "umb_other_limit_amount");
    let retention = match (deductible, retention) {
        (Some(amount), _) => Retention::Deductible(amount),
        (None, Some(amount)) => Retention::Retention(amount),
        (None, None) => Retention::None,
    };
    Some(UmbrellaExcess {
        kind: kind?,
        trigger: trigger?,
        retention,
        each_occurrence,
        aggregate,
        extra_limit,
    })
}

fn workers_compensation(cells: &mut Cells<'_>) -> Option<WorkersCompensation> {
    let per_statute = cells.yes("wc_per_statute");
    let other_basis = cells.optional_line("wc_other_basis", NonBlank::parse);
    let unread = values::yes_no(cells.text("wc_per_statute")).is_err() && cells.filled("wc_per_statute");
    if !per_statute && !unread && !cells.filled("wc_other_basis") {
        cells.fault(
            "wc_per_statute",
            Reason::Needed("y, or another basis in wc_other_basis"),
        );
    }
    let basis = Basis::of(per_statute, other_basis).ok();
    let excluded = excluded(cells);
    let each_accident = cells.optional("wc_each_accident", money);
    let disease_each_employee = cells.optional("wc_disease_each_employee", money);
    let disease_policy_limit = cells.optional("wc_disease_policy_limit", money);
    some_limit(
        cells,
        &[
            "wc_each_accident",
            "wc_disease_each_employee",
            "wc_disease_policy_limit",
        ],
    );
    Some(WorkersCompensation {
        basis: basis?,
        excluded: excluded?,
        each_accident,
        disease_each_employee,
        disease_policy_limit,
    })
}

fn excluded(cells: &mut Cells<'_>) -> Option<Excluded> {
    let answer = cells.needed("wc_excluded", "y, n or n/a", |text| {
        match folded_word(text).as_str() {
            "y" | "yes" => Ok(Some(true)),
            "n" | "no" => Ok(Some(false)),
            "n/a" | "na" => Ok(None),
            _ => Err(Reason::Word(&["y", "n", "n/a"])),
        }
    });
    if answer == Some(Some(true)) {
        return cells
            .needed("wc_excluded_who", "who is excluded", |text| {
                line_of(text, NonBlank::parse)
            })
            .map(Excluded::Yes);
    }
    if cells.filled("wc_excluded_who") {
        let fix = "clear it, or answer y there";
        cells.fault(
            "wc_excluded_who",
            Reason::Contradicts {
                other: "wc_excluded",
                fix,
            },
        );
    }
    answer.map(|answer| {
        if answer.is_some() {
            Excluded::No
        } else {
            Excluded::NotApplicable
        }
    })
}

fn other(cells: &mut Cells<'_>) -> Option<OtherCoverage> {
    let description = cells.needed("other_description", "what the policy is", |text| {
        line_of(text, NonBlank::parse)
    });
    let limits = [
        ("other_limit1_label", "other_limit1_amount"),
        ("other_limit2_label", "other_limit2_amount"),
        ("other_limit3_label", "other_limit3_amount"),
    ]
    .map(|(label, amount)| named_limit(cells, label, amount));
    Some(OtherCoverage {
        description: description?,
        limits: UpTo::try_from(limits.into_iter().flatten().collect::<Vec<_>>()).ok()?,
    })
}

/// The boxes beyond those that have a column of their own.
fn extra_boxes(cells: &mut Cells<'_>, columns: [&'static str; 2]) -> ExtraBoxes {
    let boxes = columns.map(|column| cells.optional_line(column, NonBlank::parse));
    // Two columns hold at most as many words as there is room for.
    ExtraBoxes::try_from(boxes.into_iter().flatten().collect::<Vec<_>>()).unwrap_or_default()
}

fn named_limit(cells: &mut Cells<'_>, label: &'static str, amount: &'static str) -> Option<NamedLimit> {
    if !cells.filled(label) && !cells.filled(amount) {
        return None;
    }
    let named = cells.needed(label, "what the limit limits", |text| {
        line_of(text, NonBlank::parse)
    });
    let limit: Option<Cents> = cells.needed(amount, "the amount of the limit", money);
    Some(NamedLimit {
        label: named?,
        amount: limit?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imports::{File, Header, Record, Row};

    const POLICY: [(&str, &str); 2] = [("policy_number", "P-1"), ("effective_on", "3/1/2026")];

    fn read(filled: &[(&str, &str)]) -> Result<Coverage, Vec<(String, Reason)>> {
        let names: Vec<String> = File::Coverages
            .columns()
            .iter()
            .map(|column| column.name.to_owned())
            .collect();
        let header = Header::read(File::Coverages, &names).unwrap();
        let cells = names.iter().map(|name| {
            let cell = POLICY.iter().chain(filled).find(|(column, _)| column == name);
            cell.map_or_else(String::new, |(_, text)| (*text).to_owned())
        });
        match Record::read(
            &header,
            &Row {
                line: 2,
                cells: cells.collect(),
            },
        ) {
            Ok(Record::Coverage(record)) => Ok(record.coverage),
            Ok(_) => panic!("a row of coverages.csv is a coverage"),
            Err(faults) => Err(faults
                .into_iter()
                .map(|fault| (fault.column.unwrap_or_default(), fault.reason))
                .collect()),
        }
    }

    fn columns(filled: &[(&str, &str)]) -> Vec<String> {
        read(filled)
            .unwrap_err()
            .into_iter()
            .map(|(column, _)| column)
            .collect()
    }

    #[test]
    fn a_cell_of_another_line_is_refused() {
        let gl = [
            ("line", "general_liability"),
            ("gl_trigger", "occurrence"),
            ("gl_aggregate_per", "policy"),
        ];
        let mut row = gl.to_vec();
        row.push(("gl_each_occurrence", "1000000"));
        assert!(read(&row).is_ok());
        row.extend([("umb_aggregate", "5000000"), ("auto_any", "n")]);
        assert_eq!(
            read(&row).unwrap_err(),
            [(
                "umb_aggregate".to_owned(),
                Reason::OtherLinesColumn {
                    line: Line::GeneralLiability,
                    belongs: Line::UmbrellaExcess
                }
            )]
        );
    }

    #[test]
    fn an_auto_policy_has_one_combined_or_three_split_limits() {
        let auto = |limits: &[(&'static str, &'static str)]| {
            [&[("line", "commercial_auto"), ("auto_any", "x")], limits].concat()
        };
        assert_eq!(columns(&auto(&[])), ["auto_combined_single_limit"]);
        assert_eq!(
            columns(&auto(&[("auto_bodily_injury_per_person", "250000")])),
            [
                "auto_bodily_injury_per_accident",
                "auto_property_damage_per_accident"
            ]
        );
        let split = [
            ("auto_bodily_injury_per_person", "$250,000"),
            ("auto_bodily_injury_per_accident", "$500,000"),
            ("auto_property_damage_per_accident", "$100,000"),
        ];
        assert!(matches!(
            read(&auto(&split)),
            Ok(Coverage::CommercialAuto(CommercialAuto {
                limit: AutoLimit::Split { .. },
                ..
            }))
        ));
        let both = [&split[..], &[("auto_combined_single_limit", "1000000")]].concat();
        assert_eq!(columns(&auto(&both)), ["auto_combined_single_limit"]);
        assert_eq!(
            columns(&[
                ("line", "commercial_auto"),
                ("auto_combined_single_limit", "1000000")
            ]),
            ["auto_any"]
        );
    }

    #[test]
    fn an_umbrella_has_a_deductible_or_a_retention() {
        let umbrella = [
            ("line", "umbrella_excess"),
            ("umb_kind", "Umbrella"),
            ("umb_trigger", "claims-made"),
            ("umb_each_occurrence", "5,000,000"),
        ];
        let Ok(Coverage::UmbrellaExcess(cover)) = read(&umbrella) else {
            panic!()
        };
        assert_eq!(
            (cover.trigger, cover.retention),
            (crate::policies::coverage::Trigger::ClaimsMade, Retention::None)
        );
        let both = [
            &umbrella[..],
            &[("umb_deductible", "0"), ("umb_retention", "10000")],
        ]
        .concat();
        assert_eq!(columns(&both), ["umb_retention"]);
    }

    #[test]
    fn who_is_excluded_is_said_when_somebody_is() {
        let wc = |rest: &[(&'static str, &'static str)]| {
            [
                &[
                    ("line", "workers_compensation"),
                    ("wc_per_statute", "y"),
                    ("wc_each_accident", "1000000"),
                ],
                rest,
            ]
            .concat()
        };
        assert_eq!(columns(&wc(&[("wc_excluded", "y")])), ["wc_excluded_who"]);
        assert_eq!(
            columns(&wc(&[("wc_excluded", "n"), ("wc_excluded_who", "Members")])),
            ["wc_excluded_who"]
        );
        assert_eq!(columns(&wc(&[("wc_excluded", "unknown")])), ["wc_excluded"]);
        let Ok(Coverage::WorkersCompensation(cover)) = read(&wc(&[("wc_excluded", "N/A")])) else {
            panic!()
        };
        assert_eq!(cover.excluded, Excluded::NotApplicable);
    }

    #[test]
    fn other_limits_come_as_label_and_amount() {
        let other = [
            ("line", "other"),
            ("other_description", "Pollution"),
            ("other_limit2_label", "Aggregate"),
        ];
        assert_eq!(columns(&other), ["other_limit2_amount"]);
    }

    #[test]
    fn a_line_may_have_boxes_and_a_limit_of_its_own() {
        let gl = [
            ("line", "general_liability"),
            ("gl_trigger", "occurrence"),
            ("gl_aggregate_per", "policy"),
            ("gl_each_occurrence", "1000000"),
            ("gl_other_box2", "Contractual liability"),
            ("gl_other_limit_label", "Employee benefits"),
        ];
        assert_eq!(columns(&gl), ["gl_other_limit_amount"]);
        let whole = [&gl[..], &[("gl_other_limit_amount", "$250,000")]].concat();
        let Ok(Coverage::GeneralLiability(cover)) = read(&whole) else {
            panic!()
        };
        assert_eq!(cover.extra_boxes[0].as_str(), "Contractual liability");
        assert_eq!(cover.extra_limit.unwrap().amount, Cents::dollars(250_000));
        let auto = [
            ("line", "commercial_auto"),
            ("auto_other_box1", "Symbol 10"),
            ("auto_combined_single_limit", "1000000"),
        ];
        assert!(read(&auto).is_ok());
    }

    #[test]
    fn a_limit_that_is_no_amount_names_the_way_out() {
        let row = [
            ("line", "umbrella_excess"),
            ("umb_kind", "excess"),
            ("umb_trigger", "occurrence"),
            ("umb_each_occurrence", "Included"),
        ];
        let faults = read(&row).unwrap_err();
        assert!(
            faults[0]
                .1
                .to_string()
                .ends_with("leave the cell empty where there is no limit"),
            "{faults:?}"
        );
    }
}
