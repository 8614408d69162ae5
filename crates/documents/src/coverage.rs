//! The values of the coverage table, band by band.
//!
//! Invariant: a band without a policy, and a limit without an amount, is closed with a dash or a rule,
//! so that nobody can add to it afterwards.

use countersign_domain::certificates::payload::PrintedLine;
use countersign_domain::money::Cents;
use countersign_domain::policies::coverage::{
    AggregatePer, AutoLimit, CommercialAuto, ExcessKind, Excluded, ExtraBoxes, GeneralLiability, NamedLimit,
    OtherCoverage, Retention, Trigger, UmbrellaExcess, WorkersCompensation,
};
use countersign_domain::text::NonBlank;

use crate::RenderError;
use crate::certificate::american;
use crate::plan::{self, Area, Band, Choice, PAD, pt, tenths};
use crate::setting::{Piece, Setting, Stand};
use crate::typeface::Face;

/// What closes an empty place.
pub(crate) const NOTHING: &str = "\u{2014}";

/// What stays free above and below a text that fills its cell.
const AIR: i32 = tenths(15);

type Drawn = Result<(), RenderError>;

/// What the cells from the letter to the expiration date show.
struct Cells<'n> {
    insurer: char,
    number: &'n str,
    dates: [String; 2],
    /// What stands where there is no mark for additional insureds.
    unmarked: &'static str,
    additional_insured: bool,
    waiver: bool,
    name: &'static str,
}

fn cells<'l, C>(name: &'static str, line: &'l PrintedLine<C>) -> Cells<'l> {
    Cells {
        insurer: line.insurer,
        number: line.policy_number.as_str(),
        dates: [american(line.effective_on), american(line.expires_on)],
        unmarked: NOTHING,
        additional_insured: line.additional_insured.is_some(),
        waiver: line.waiver.is_some(),
        name,
    }
}

impl Setting {
    fn check(&mut self, choices: &[(Choice, bool)]) -> Drawn {
        let checked: Vec<Choice> = choices
            .iter()
            .filter(|(_, yes)| *yes)
            .map(|(choice, _)| *choice)
            .collect();
        self.ink.crosses(&mut self.typeface, &checked)
    }

    fn amount(&mut self, band: Band, row: i32, amount: Option<Cents>) -> Drawn {
        let text = amount.map_or_else(|| NOTHING.to_owned(), |amount| amount.to_string());
        let place = (plan::AMOUNT_LEFT, plan::RIGHT - PAD);
        self.right(Face::Sans, plan::VALUE, place, band.baseline(row), &text)
    }

    fn amounts(&mut self, band: Band, first_row: i32, amounts: &[Option<Cents>]) -> Drawn {
        (first_row..)
            .zip(amounts)
            .try_for_each(|(row, amount)| self.amount(band, row, *amount))
    }

    /// Crosses the boxes whose words come with the policy, and closes those that it has no use for.
    fn extra_boxes(&mut self, name: &'static str, places: [Choice; 2], boxes: &ExtraBoxes) -> Drawn {
        let used: Vec<(Choice, bool)> = places
            .iter()
            .zip(boxes.iter())
            .map(|(place, _)| (*place, true))
            .collect();
        self.check(&used)?;
        for (index, place) in places.into_iter().enumerate() {
            let words = boxes.get(index).map_or(NOTHING, NonBlank::as_str);
            let piece = Piece::new(Face::Sans, plan::FINE, name, words);
            self.line(
                &piece,
                plan::CELL_FLOOR,
                plan::words_beside(place),
                place.baseline(),
            )?;
        }
        Ok(())
    }

    /// A limit under a label that comes with the policy.
    fn named_limit(&mut self, band: Band, row: i32, name: &'static str, limit: Option<&NamedLimit>) -> Drawn {
        if let Some(limit) = limit {
            let label = Piece::new(Face::Sans, plan::FINE, name, limit.label.as_str())
                .in_full(format!("{}: {}", limit.label, limit.amount));
            let place = (plan::LIMITS_LEFT + PAD, plan::AMOUNT_LEFT - pt(2));
            self.line(&label, plan::CELL_FLOOR, place, band.baseline(row))?;
        }
        self.amount(band, row, limit.map(|limit| limit.amount))
    }

    fn cells(&mut self, band: Band, cells: &Cells<'_>) -> Drawn {
        let baseline = band.middle() + tenths(30);
        let letter = cells.insurer.to_string();
        self.center(
            Face::Bold,
            plan::NAME,
            (plan::LETTER_LEFT, plan::TYPE_LEFT),
            baseline,
            &letter,
        )?;
        let marks = [
            (
                cells.additional_insured,
                cells.unmarked,
                (plan::ADDITIONAL_LEFT, plan::WAIVER_LEFT),
            ),
            (cells.waiver, NOTHING, (plan::WAIVER_LEFT, plan::POLICY_LEFT)),
        ];
        for (marked, unmarked, place) in marks {
            let (face, mark) = if marked {
                (Face::Bold, "Y")
            } else {
                (Face::Sans, unmarked)
            };
            self.center(
                face,
                if mark == "N/A" { plan::FINE } else { plan::NAME },
                place,
                baseline,
                mark,
            )?;
        }
        let number = Piece::new(Face::Sans, plan::VALUE, cells.name, cells.number);
        let area = Area::new(
            plan::POLICY_LEFT + PAD,
            band.top + AIR,
            plan::EFFECTIVE_LEFT - PAD,
            band.bottom() - AIR,
        );
        self.block(&[number], plan::CELL_FLOOR, area, Stand::Middle)?;
        let [effective, expires] = &cells.dates;
        let inset = tenths(20);
        for (date, left, right) in [
            (effective, plan::EFFECTIVE_LEFT, plan::EXPIRES_LEFT),
            (expires, plan::EXPIRES_LEFT, plan::LIMITS_LEFT),
        ] {
            self.center(Face::Sans, pt(8), (left + inset, right - inset), baseline, date)?;
        }
        Ok(())
    }

    /// Closes a band that has no policy: its boxes are struck, its words of one's own, cells and limits dashed.
    fn closed(&mut self, band: Band, boxes: &[Choice], extra: &[Choice]) -> Drawn {
        self.ink.strikes(boxes);
        self.ink.strikes(extra);
        for place in extra {
            let (left, _) = plan::words_beside(*place);
            self.text(Face::Sans, plan::FINE, left, place.baseline(), NOTHING)?;
        }
        let baseline = band.middle() + tenths(30);
        for place in [
            (plan::LETTER_LEFT, plan::TYPE_LEFT),
            (plan::ADDITIONAL_LEFT, plan::WAIVER_LEFT),
            (plan::WAIVER_LEFT, plan::POLICY_LEFT),
            (plan::EFFECTIVE_LEFT, plan::EXPIRES_LEFT),
            (plan::EXPIRES_LEFT, plan::LIMITS_LEFT),
        ] {
            self.center(Face::Sans, plan::NAME, place, baseline, NOTHING)?;
        }
        let words = "No policy listed";
        self.text(
            Face::Sans,
            plan::FINE,
            plan::POLICY_LEFT + PAD,
            band.middle() + tenths(24),
            words,
        )?;
        (0..band.rows).try_for_each(|row| self.amount(band, row, None))
    }

    pub(crate) fn general_liability(&mut self, line: Option<&PrintedLine<GeneralLiability>>) -> Drawn {
        use plan::general_liability as at;
        let band = plan::GENERAL_LIABILITY;
        let Some(line) = line else {
            return self.closed(band, &at::ALL, &at::EXTRA);
        };
        let cover = &line.coverage;
        self.check(&[
            (at::COMMERCIAL, true),
            (at::CLAIMS_MADE, cover.trigger == Trigger::ClaimsMade),
            (at::OCCURRENCE, cover.trigger == Trigger::Occurrence),
            (at::PER_POLICY, cover.aggregate_per == AggregatePer::Policy),
            (at::PER_PROJECT, cover.aggregate_per == AggregatePer::Project),
            (at::PER_LOCATION, cover.aggregate_per == AggregatePer::Location),
            (
                at::PER_OTHER,
                matches!(cover.aggregate_per, AggregatePer::Other(_)),
            ),
        ])?;
        self.extra_boxes("General liability, further box", at::EXTRA, &cover.extra_boxes)?;
        if let AggregatePer::Other(what) = &cover.aggregate_per {
            let piece = Piece::new(Face::Sans, pt(8), "General aggregate, applies per", what.as_str());
            let place = (at::OTHER_TEXT_LEFT, plan::ADDITIONAL_LEFT - PAD);
            self.line(&piece, plan::CELL_FLOOR, place, at::PER_OTHER.baseline())?;
        }
        self.cells(band, &cells("General liability, policy number", line))?;
        self.amounts(
            band,
            0,
            &[
                cover.each_occurrence,
                cover.damage_to_rented_premises,
                cover.medical_expense,
                cover.personal_and_advertising_injury,
                cover.general_aggregate,
                cover.products_completed_operations_aggregate,
            ],
        )?;
        let limit = cover.extra_limit.as_ref();
        self.named_limit(
            band,
            at::EXTRA_LIMIT_ROW,
            "General liability, further limit",
            limit,
        )
    }

    pub(crate) fn commercial_auto(&mut self, line: Option<&PrintedLine<CommercialAuto>>) -> Drawn {
        use plan::commercial_auto as at;
        let band = plan::COMMERCIAL_AUTO;
        let Some(line) = line else {
            return self.closed(band, &at::ALL, &at::EXTRA);
        };
        let autos = line.coverage.covered_autos;
        self.check(&[
            (at::ANY, autos.any),
            (at::OWNED, autos.owned),
            (at::SCHEDULED, autos.scheduled),
            (at::HIRED, autos.hired),
            (at::NON_OWNED, autos.non_owned),
        ])?;
        self.extra_boxes(
            "Automobile liability, further box",
            at::EXTRA,
            &line.coverage.extra_boxes,
        )?;
        self.cells(band, &cells("Automobile liability, policy number", line))?;
        let limits = match line.coverage.limit {
            AutoLimit::CombinedSingle { each_accident } => [Some(each_accident), None, None, None],
            AutoLimit::Split {
                bodily_injury_per_person,
                bodily_injury_per_accident,
                property_damage_per_accident,
            } => [
                None,
                Some(bodily_injury_per_person),
                Some(bodily_injury_per_accident),
                Some(property_damage_per_accident),
            ],
        };
        self.amounts(band, 0, &limits)?;
        let limit = line.coverage.extra_limit.as_ref();
        self.named_limit(
            band,
            at::EXTRA_LIMIT_ROW,
            "Automobile liability, further limit",
            limit,
        )
    }

    pub(crate) fn umbrella_excess(&mut self, line: Option<&PrintedLine<UmbrellaExcess>>) -> Drawn {
        use plan::umbrella_excess as at;
        let band = plan::UMBRELLA_EXCESS;
        let Some(line) = line else {
            return self.closed(band, &at::ALL, &[]);
        };
        let cover = &line.coverage;
        self.check(&[
            (at::UMBRELLA, cover.kind == ExcessKind::Umbrella),
            (at::EXCESS, cover.kind == ExcessKind::Excess),
            (at::CLAIMS_MADE, cover.trigger == Trigger::ClaimsMade),
            (at::OCCURRENCE, cover.trigger == Trigger::Occurrence),
            (
                at::DEDUCTIBLE,
                matches!(cover.retention, Retention::Deductible(_)),
            ),
            (at::RETENTION, matches!(cover.retention, Retention::Retention(_))),
        ])?;
        let amount = match cover.retention {
            Retention::None => NOTHING.to_owned(),
            Retention::Deductible(amount) | Retention::Retention(amount) => amount.to_string(),
        };
        let place = (at::RETAINED_LEFT, plan::ADDITIONAL_LEFT - PAD);
        self.right(Face::Sans, pt(8), place, at::RETENTION.baseline(), &amount)?;
        self.cells(band, &cells("Umbrella or excess liability, policy number", line))?;
        self.amounts(band, 0, &[cover.each_occurrence, cover.aggregate])?;
        let limit = cover.extra_limit.as_ref();
        self.named_limit(
            band,
            at::EXTRA_LIMIT_ROW,
            "Umbrella or excess, further limit",
            limit,
        )
    }

    pub(crate) fn workers_compensation(&mut self, line: Option<&PrintedLine<WorkersCompensation>>) -> Drawn {
        use plan::workers_compensation as at;
        let band = plan::WORKERS_COMPENSATION;
        let Some(line) = line else {
            return self.closed(band, &at::ALL, &[]);
        };
        let cover = &line.coverage;
        self.check(&[
            (at::YES, matches!(cover.excluded, Excluded::Yes(_))),
            (at::NO, cover.excluded == Excluded::No),
            (at::NOT_APPLICABLE, cover.excluded == Excluded::NotApplicable),
            (at::PER_STATUTE, cover.basis.per_statute()),
            (at::OTHER_BASIS, cover.basis.other().is_some()),
        ])?;
        if let Some(basis) = cover.basis.other() {
            let piece = Piece::new(
                Face::Sans,
                plan::FINE,
                "Workers compensation, other basis",
                basis.as_str(),
            );
            let place = (at::OTHER_TEXT_LEFT, plan::RIGHT - PAD);
            self.line(&piece, plan::CELL_FLOOR, place, at::OTHER_BASIS.baseline())?;
        }
        // This line insures employers; it knows no additional insured.
        let unmarked = "N/A";
        self.cells(
            band,
            &Cells {
                unmarked,
                ..cells("Workers compensation, policy number", line)
            },
        )?;
        let limits = [
            cover.each_accident,
            cover.disease_each_employee,
            cover.disease_policy_limit,
        ];
        self.amounts(band, at::FIRST_LIMIT_ROW, &limits)
    }

    pub(crate) fn other(&mut self, line: Option<&PrintedLine<OtherCoverage>>) -> Drawn {
        let band = plan::OTHER;
        let what = Area::new(
            plan::TYPE_LEFT + PAD,
            band.top + AIR,
            plan::ADDITIONAL_LEFT - PAD,
            band.bottom() - AIR,
        );
        let Some(line) = line else {
            self.text(
                Face::Bold,
                tenths(75),
                what.left,
                band.baseline(0),
                "Other coverage",
            )?;
            // Below the label, where something else could be written.
            let inset = tenths(15);
            self.ink.rule(
                plan::HAIRLINE,
                (plan::TYPE_LEFT + inset, band.bottom() - inset),
                (plan::ADDITIONAL_LEFT - inset, band.row_top(1)),
            );
            return self.closed(band, &[], &[]);
        };
        let piece = Piece::new(
            Face::Bold,
            tenths(75),
            "Other coverage",
            line.coverage.description.as_str(),
        );
        self.block(&[piece], plan::CELL_FLOOR, what, Stand::Middle)?;
        self.cells(band, &cells("Other coverage, policy number", line))?;
        for row in 0..band.rows {
            let limit = usize::try_from(row)
                .ok()
                .and_then(|index| line.coverage.limits.get(index));
            self.named_limit(band, row, "Other coverage, limit", limit)?;
        }
        Ok(())
    }
}
