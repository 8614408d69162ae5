//! The page's plan: where everything stands, in hundredths of a point from the upper left corner.
//!
//! Invariant: furniture and values read the same constants, so a value cannot stand beside its box.
//! The grid has twelve columns of 45 pt between margins of half an inch; the coverage table uses
//! half columns.

/// Whole points.
pub(crate) const fn pt(points: i32) -> i32 {
    points * 100
}

/// Tenths of a point.
pub(crate) const fn tenths(tenths: i32) -> i32 {
    tenths * 10
}

pub(crate) const PAGE_WIDTH: i32 = pt(612);
pub(crate) const PAGE_HEIGHT: i32 = pt(792);
pub(crate) const LEFT: i32 = pt(36);
pub(crate) const RIGHT: i32 = pt(576);
pub(crate) const MIDDLE: i32 = pt(306);

/// Left edge of a half column of the grid, 0 to 24.
const fn half_column(index: i32) -> i32 {
    LEFT + index * 2250
}

/// Distance between a rule and the text beside it.
pub(crate) const PAD: i32 = tenths(35);

pub(crate) const HAIRLINE: i32 = 50;
pub(crate) const GROUP_RULE: i32 = pt(1);

/// A line's height over its type size, in thousandths.
pub(crate) const LEADING: i32 = 1235;

/// Sizes of type.
pub(crate) const TITLE: i32 = pt(15);
pub(crate) const LABEL: i32 = tenths(65);
pub(crate) const FINE: i32 = pt(7);
pub(crate) const VALUE: i32 = tenths(85);
pub(crate) const NAME: i32 = pt(9);
/// Below this size nothing is shrunk; it moves to the remarks instead.
pub(crate) const FLOOR: i32 = pt(6);
/// The floor in the narrow cells inside the coverage table.
pub(crate) const CELL_FLOOR: i32 = tenths(55);

/// A rectangle.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Area {
    pub(crate) left: i32,
    pub(crate) top: i32,
    pub(crate) right: i32,
    pub(crate) bottom: i32,
}

impl Area {
    pub(crate) const fn new(left: i32, top: i32, right: i32, bottom: i32) -> Self {
        Self {
            left,
            top,
            right,
            bottom,
        }
    }

    pub(crate) const fn width(&self) -> i32 {
        self.right - self.left
    }

    pub(crate) const fn height(&self) -> i32 {
        self.bottom - self.top
    }
}

// The head: title at the left, three cells at the right.
pub(crate) const HEAD_BOTTOM: i32 = pt(64);
pub(crate) const DATE_LEFT: i32 = half_column(14);
pub(crate) const NUMBER_LEFT: i32 = half_column(17);
pub(crate) const REVISION_LEFT: i32 = half_column(22);
pub(crate) const HEAD_LABEL_BASELINE: i32 = pt(46);
/// Its top makes the baseline of a number on one line that of the date and the revision.
pub(crate) const HEAD_VALUE: Area =
    Area::new(NUMBER_LEFT + PAD, tenths(487), REVISION_LEFT - PAD, HEAD_BOTTOM);
pub(crate) const HEAD_VALUE_BASELINE: i32 = tenths(573);

// The statement, in two columns.
pub(crate) const STATEMENT_TOP: i32 = HEAD_BOTTOM;
pub(crate) const STATEMENT_BOTTOM: i32 = pt(106);

// Producer and insured at the left, insurers at the right.
pub(crate) const PARTIES_TOP: i32 = STATEMENT_BOTTOM;
pub(crate) const INSURED_TOP: i32 = pt(173);
pub(crate) const PARTIES_BOTTOM: i32 = pt(232);
/// Baselines in the producer's box: name, street, town, then two rows of contact.
pub(crate) const PRODUCER_NAME: Area = Area::new(
    LEFT + PAD,
    PARTIES_TOP + tenths(105),
    MIDDLE - PAD,
    PARTIES_TOP + tenths(217),
);
pub(crate) const PRODUCER_ADDRESS: Area = Area::new(
    LEFT + PAD,
    PARTIES_TOP + tenths(217),
    MIDDLE - PAD,
    PARTIES_TOP + pt(44),
);
pub(crate) const CONTACT_BASELINES: [i32; 2] = [PARTIES_TOP + tenths(525), PARTIES_TOP + pt(63)];
pub(crate) const CONTACT_LEFT: i32 = LEFT + PAD;
pub(crate) const CONTACT_VALUE: (i32, i32) = (CONTACT_LEFT + pt(29), half_column(7) + pt(4));
pub(crate) const PHONE_LEFT: i32 = half_column(7) + pt(9);
pub(crate) const PHONE_VALUE: (i32, i32) = (PHONE_LEFT + pt(24), MIDDLE - PAD);
pub(crate) const INSURED: Area = Area::new(
    LEFT + PAD,
    INSURED_TOP + tenths(105),
    MIDDLE - PAD,
    PARTIES_BOTTOM - pt(2),
);
pub(crate) const INSURERS_TOP: i32 = PARTIES_TOP + pt(12);
pub(crate) const INSURER_ROW: i32 = pt(19);
pub(crate) const INSURER_NAME_LEFT: i32 = MIDDLE + pt(18);
pub(crate) const NAIC_LEFT: i32 = half_column(22);

// The coverage table.
pub(crate) const TABLE_TOP: i32 = PARTIES_BOTTOM;
pub(crate) const LETTER_LEFT: i32 = LEFT;
pub(crate) const TYPE_LEFT: i32 = LEFT + pt(18);
pub(crate) const ADDITIONAL_LEFT: i32 = half_column(7);
pub(crate) const WAIVER_LEFT: i32 = half_column(8);
pub(crate) const POLICY_LEFT: i32 = half_column(9);
pub(crate) const LIMITS_LEFT: i32 = half_column(17);
/// Wide enough for a date of ten characters with air around it; the policy number gives way.
pub(crate) const EXPIRES_LEFT: i32 = LIMITS_LEFT - pt(48);
pub(crate) const EFFECTIVE_LEFT: i32 = EXPIRES_LEFT - pt(48);
pub(crate) const AMOUNT_LEFT: i32 = half_column(21) + pt(8);
pub(crate) const TABLE_HEAD: i32 = pt(20);

pub(crate) const ROW: i32 = pt(11);
const BAND_PAD: i32 = tenths(25);

/// A band of the coverage table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Band {
    pub(crate) top: i32,
    pub(crate) rows: i32,
}

impl Band {
    const fn below(top: i32, rows: i32) -> Self {
        Self { top, rows }
    }

    pub(crate) const fn bottom(&self) -> i32 {
        self.top + self.rows * ROW + 2 * BAND_PAD
    }

    pub(crate) const fn row_top(&self, row: i32) -> i32 {
        self.top + BAND_PAD + row * ROW
    }

    pub(crate) const fn baseline(&self, row: i32) -> i32 {
        self.row_top(row) + tenths(82)
    }

    pub(crate) const fn middle(&self) -> i32 {
        (self.top + self.bottom()) / 2
    }
}

pub(crate) const GENERAL_LIABILITY: Band = Band::below(TABLE_TOP + TABLE_HEAD, 7);
pub(crate) const COMMERCIAL_AUTO: Band = Band::below(GENERAL_LIABILITY.bottom(), 5);
pub(crate) const UMBRELLA_EXCESS: Band = Band::below(COMMERCIAL_AUTO.bottom(), 3);
pub(crate) const WORKERS_COMPENSATION: Band = Band::below(UMBRELLA_EXCESS.bottom(), 4);
pub(crate) const OTHER: Band = Band::below(WORKERS_COMPENSATION.bottom(), 3);
pub(crate) const TABLE_BOTTOM: i32 = OTHER.bottom();

/// A box to be crossed, with its words.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Choice {
    pub(crate) band: Band,
    pub(crate) row: i32,
    pub(crate) left: i32,
    pub(crate) label: &'static str,
}

/// Edge of a box.
pub(crate) const BOX: i32 = tenths(65);
/// From the left edge of a box to its words.
pub(crate) const BOX_TO_LABEL: i32 = tenths(95);

impl Choice {
    const fn new(band: Band, row: i32, left: i32, label: &'static str) -> Self {
        Self {
            band,
            row,
            left,
            label,
        }
    }

    pub(crate) const fn baseline(&self) -> i32 {
        self.band.baseline(self.row)
    }

    pub(crate) const fn top(&self) -> i32 {
        self.baseline() - tenths(58)
    }
}

const FIRST: i32 = TYPE_LEFT + PAD;
const SECOND: i32 = FIRST + pt(66);
const LIMITS_FIRST: i32 = LIMITS_LEFT + PAD;

/// Where the words beside a box of one's own may stand.
pub(crate) const fn words_beside(choice: Choice) -> (i32, i32) {
    (choice.left + BOX_TO_LABEL, ADDITIONAL_LEFT - PAD)
}

pub(crate) mod general_liability {
    pub(crate) use countersign_domain::policies::labels::general_liability::LIMITS;
    use countersign_domain::policies::labels::{self, general_liability as words};

    use super::{Choice, FIRST, GENERAL_LIABILITY as BAND, SECOND, pt};

    pub(crate) const COMMERCIAL: Choice = Choice::new(BAND, 0, FIRST, words::COMMERCIAL);
    pub(crate) const CLAIMS_MADE: Choice = Choice::new(BAND, 1, FIRST, labels::CLAIMS_MADE);
    pub(crate) const OCCURRENCE: Choice = Choice::new(BAND, 1, SECOND, labels::OCCURRENCE);
    /// Boxes whose words come with the policy.
    pub(crate) const EXTRA: [Choice; 2] = [Choice::new(BAND, 2, FIRST, ""), Choice::new(BAND, 3, FIRST, "")];
    pub(crate) const QUESTION_ROW: i32 = 4;
    pub(crate) const PER_POLICY: Choice = Choice::new(BAND, 5, FIRST, words::PER_POLICY);
    pub(crate) const PER_PROJECT: Choice = Choice::new(BAND, 5, FIRST + pt(40), words::PER_PROJECT);
    pub(crate) const PER_LOCATION: Choice = Choice::new(BAND, 5, FIRST + pt(85), words::PER_LOCATION);
    pub(crate) const PER_OTHER: Choice = Choice::new(BAND, 6, FIRST, labels::OTHER);
    pub(crate) const ALL: [Choice; 7] = [
        COMMERCIAL,
        CLAIMS_MADE,
        OCCURRENCE,
        PER_POLICY,
        PER_PROJECT,
        PER_LOCATION,
        PER_OTHER,
    ];
    /// Where the words of "Other" begin.
    pub(crate) const OTHER_TEXT_LEFT: i32 = FIRST + pt(33);
    pub(crate) const EXTRA_LIMIT_ROW: i32 = 6;
}

pub(crate) mod commercial_auto {
    use countersign_domain::policies::labels::commercial_auto as words;
    pub(crate) use countersign_domain::policies::labels::commercial_auto::LIMITS;

    use super::{COMMERCIAL_AUTO as BAND, Choice, FIRST, SECOND};

    pub(crate) const ANY: Choice = Choice::new(BAND, 1, FIRST, words::ANY);
    pub(crate) const OWNED: Choice = Choice::new(BAND, 1, SECOND, words::OWNED);
    pub(crate) const SCHEDULED: Choice = Choice::new(BAND, 2, FIRST, words::SCHEDULED);
    pub(crate) const HIRED: Choice = Choice::new(BAND, 2, SECOND, words::HIRED);
    pub(crate) const NON_OWNED: Choice = Choice::new(BAND, 3, FIRST, words::NON_OWNED);
    /// Boxes whose words come with the policy.
    pub(crate) const EXTRA: [Choice; 2] = [Choice::new(BAND, 3, SECOND, ""), Choice::new(BAND, 4, FIRST, "")];
    pub(crate) const ALL: [Choice; 5] = [ANY, OWNED, SCHEDULED, HIRED, NON_OWNED];
    pub(crate) const EXTRA_LIMIT_ROW: i32 = 4;
}

pub(crate) mod umbrella_excess {
    pub(crate) use countersign_domain::policies::labels::umbrella_excess::LIMITS;
    use countersign_domain::policies::labels::{self, umbrella_excess as words};

    use super::{Choice, FIRST, SECOND, UMBRELLA_EXCESS as BAND, pt};

    pub(crate) const UMBRELLA: Choice = Choice::new(BAND, 0, FIRST, words::UMBRELLA);
    pub(crate) const EXCESS: Choice = Choice::new(BAND, 0, SECOND, words::EXCESS);
    pub(crate) const CLAIMS_MADE: Choice = Choice::new(BAND, 1, FIRST, labels::CLAIMS_MADE);
    pub(crate) const OCCURRENCE: Choice = Choice::new(BAND, 1, SECOND, labels::OCCURRENCE);
    pub(crate) const DEDUCTIBLE: Choice = Choice::new(BAND, 2, FIRST, words::DEDUCTIBLE);
    pub(crate) const RETENTION: Choice = Choice::new(BAND, 2, FIRST + pt(48), words::RETENTION);
    pub(crate) const ALL: [Choice; 6] = [UMBRELLA, EXCESS, CLAIMS_MADE, OCCURRENCE, DEDUCTIBLE, RETENTION];
    /// Where the amount of the deductible or retention may begin.
    pub(crate) const RETAINED_LEFT: i32 = RETENTION.left + pt(42);
    pub(crate) const EXTRA_LIMIT_ROW: i32 = 2;
}

pub(crate) mod workers_compensation {
    pub(crate) use countersign_domain::policies::labels::workers_compensation::LIMITS;
    use countersign_domain::policies::labels::{self, workers_compensation as words};

    use super::{Choice, FIRST, LIMITS_FIRST, WORKERS_COMPENSATION as BAND, pt};

    pub(crate) const YES: Choice = Choice::new(BAND, 3, FIRST, words::YES);
    pub(crate) const NO: Choice = Choice::new(BAND, 3, FIRST + pt(28), words::NO);
    pub(crate) const NOT_APPLICABLE: Choice = Choice::new(BAND, 3, FIRST + pt(54), words::NOT_APPLICABLE);
    pub(crate) const PER_STATUTE: Choice = Choice::new(BAND, 0, LIMITS_FIRST, words::PER_STATUTE);
    pub(crate) const OTHER_BASIS: Choice = Choice::new(BAND, 0, LIMITS_FIRST + pt(55), labels::OTHER);
    pub(crate) const ALL: [Choice; 5] = [YES, NO, NOT_APPLICABLE, PER_STATUTE, OTHER_BASIS];
    /// Where the words of "Other" begin.
    pub(crate) const OTHER_TEXT_LEFT: i32 = OTHER_BASIS.left + pt(33);
    /// The row of the first limit; the boxes stand above.
    pub(crate) const FIRST_LIMIT_ROW: i32 = 1;
}

// The description, then holder and signature, then the foot.
pub(crate) const DESCRIPTION: Area = Area::new(LEFT, TABLE_BOTTOM, RIGHT, pt(652));
pub(crate) const DESCRIPTION_TEXT: Area = Area::new(
    LEFT + PAD,
    DESCRIPTION.top + pt(12),
    RIGHT - PAD,
    DESCRIPTION.bottom - pt(3),
);
/// Left edges of the columns of the list of forms.
pub(crate) const FORM_NUMBER_LEFT: i32 = half_column(7);
pub(crate) const FORM_TITLE_LEFT: i32 = half_column(11);

pub(crate) const HOLDER: Area = Area::new(LEFT, DESCRIPTION.bottom, MIDDLE, pt(744));
pub(crate) const CANCELLATION_BOTTOM: i32 = pt(690);
pub(crate) const SIGNATURE_LINE: i32 = pt(724);
pub(crate) const SIGNATURE_LEFT: i32 = MIDDLE + pt(9);
pub(crate) const SIGNATURE_RIGHT: i32 = RIGHT - pt(9);
pub(crate) const PRINTED_NAME_BASELINE: i32 = pt(733);
pub(crate) const FRAME_BOTTOM: i32 = HOLDER.bottom;
pub(crate) const FOOT_BASELINE: i32 = pt(754);

// The remarks page: the same head, the parties repeated, then free space.
pub(crate) const REMARKS_PARTIES_TOP: i32 = HEAD_BOTTOM;
/// Three lines of the smallest size below the label: the longest name there can be.
pub(crate) const REMARKS_PARTIES_BOTTOM: i32 = pt(100);
pub(crate) const REMARKS: Area = Area::new(
    LEFT + PAD,
    REMARKS_PARTIES_BOTTOM + pt(8),
    RIGHT - PAD,
    FRAME_BOTTOM - pt(6),
);
