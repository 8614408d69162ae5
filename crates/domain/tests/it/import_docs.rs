//! `docs/import.md` documents every column of every import file, out of the table that the parser reads.
//!
//! `UPDATE=1 cargo test -p countersign-domain` writes the document anew.

use std::fmt::Write as _;
use std::path::Path;

use countersign_domain::imports::columns::ADDED;
use countersign_domain::imports::ledger::SETTLING;
use countersign_domain::imports::{File, MAX_FILE_BYTES, MAX_ROWS};

/// What is said of every file before its columns.
const fn about(file: File) -> &'static str {
    match file {
        File::Insureds => "The customers of the agency.",
        File::Contacts => "The people to reach at the customers.",
        File::Carriers => "The insurers: the writing companies on the declarations, never a group.",
        File::Policies => {
            "The policies, one line of business each. What a policy covers stands in `coverages.csv`; a new \
             policy needs its row there."
        }
        File::Coverages => {
            "What each policy covers: one row for a policy. `line` decides which columns apply, and a row \
             replaces the policy's cover as a whole."
        }
        File::Endorsements => {
            "The forms attached to the policies. A certificate can mark an additional insured or a waiver \
             only where one of these rows says so."
        }
        File::Vehicles => "The vehicles scheduled on commercial auto policies.",
        File::Holders => {
            "The certificate holders of the agency's library. Export on the page of certificate holders, or \
             `GET /v1/holders/export`, takes the library out as this file: imported as it is, it changes nothing; \
             an edited row changes the holder that `holder_id` names, and a row without one is added, unless a \
             holder of its name, care_of and address is there."
        }
    }
}

const INTRODUCTION: &str = "\
# Importing an agency's book

An import is up to eight CSV files. Load them with `countersign import DIR --agency SLUG`, in the staff app \
under Settings > Import, or through the API. Any of the files may be left out: rows may refer to other files \
of the same import and to what was imported before.

Templates with the header and an example row are in the staff app and at `GET /v1/import-templates/{file}`.

## How it goes

1. **Check.** Every row of every file is read and judged. Faults are reported with file, line, column, \
value, reason and fix: all that can be seen in a row by itself first, and what it refers to (a carrier, a policy) \
once the row itself can be read. Nothing is written.
2. **Apply.** Without a fault, all rows are written. With faults nothing is written, unless you choose to \
take the good rows (`--take-good-rows`). A row that depends on a faulty row is faulty too. Rows with one and \
the same key are all faulty, and each names some of the others.
3. **Rejected rows** are kept in a file for each input file: your columns, then `file_line` and `reason`. \
Correct it and upload it as it is; the two columns are skipped. The command line writes them, with a list of \
all faults, into a new folder `rejected` beside the input (`rejected-2` and so on while that is taken), or into \
the empty or new folder that `--rejected DIR` names. That folder can be imported: `rejected-policies.csv` is \
read as `policies.csv`.

The command ends with 0 when everything in the files is in the agency's book, 1 when the import could not be \
done, 3 when rows are faulty and nothing was written, and 4 when the good rows were written and faulty ones \
left out. It prints the first 200 faults.

Records are found again by what names them (see \"Named by\" below), so importing a file twice changes \
nothing the second time. Rows that are not in a file are left alone: an import never deletes. A column that \
is not in a file keeps what is stored; an empty cell clears it. There are two exceptions: a row of \
`coverages.csv` replaces the policy's cover as a whole, and day and reason of a cancellation go when the \
policy is not cancelled any more.

The scope belongs to what names an endorsement, because a policy may carry a form for everyone whom a contract \
requires and again for the parties of a schedule. A row whose scope alone is new corrects the stored form, \
unless that form has a row of its own in the import.

When an import with policies is written, each term is linked with the one before it where there is no doubt \
which that is. Both are of one customer and line, and either they have one number and the one begins on the day \
on which the other ends; or they have one number and insurer, and it is the last of that number that was over \
before; or they have one insurer, the one begins on the day on which the other ends, and no other term of that \
customer, line and insurer begins or ends on that day. In the last case neither may be quoted, the term before \
may not be cancelled, and the line may not be `other`, which holds all kinds of cover. A link that was made by \
hand stays.

If the worker stops in the middle, it goes on with the rows that are not written yet.

## What is read

- UTF-8 with or without byte order mark, or Windows-1252 (what Excel on Windows writes as plain \"CSV\"). \
Workbooks and UTF-16 are refused, and so is a file in which some characters are UTF-8 and some are not.
- Comma separated, cells in quotation marks where they hold commas, quotation marks (doubled) or line \
breaks. A quotation mark that is not closed or has text behind it is refused.
- Column names in any order; case, blanks, hyphens and underscores do not matter. Unknown, repeated and \
missing columns are refused.
- Words such as `general_liability` may be written with blanks or hyphens and in any case; \"canceled\" is \
\"cancelled\".
- Dates as `11/22/2026` (month first) or `2026-11-22`. Two-digit years, days before months and times of day \
are refused. Where one date of a file has its day first, as in `25/4/2026`, every date of that file that can \
be read both ways, as `4/5/2026`, is refused too.
- Amounts as `1000000`, `1,000,000.00` or `$1,000,000`. \"Included\", \"1M\" and the like are refused: leave the \
cell empty where there is no limit.
- Cells that look like formulas are plain text. In files that we hand out, such a cell begins with an \
apostrophe, which is taken off when the file comes back.
";

fn document() -> String {
    let mut text = INTRODUCTION.to_owned();
    let megabytes = MAX_FILE_BYTES / 1024 / 1024;
    writeln!(
        text,
        "\nA file may have {megabytes} MB and {MAX_ROWS} rows.\n\n## The files"
    )
    .unwrap();
    for file in SETTLING {
        writeln!(text, "\n### {}\n\n{}\n", file.file_name(), about(file)).unwrap();
        writeln!(text, "Named by: {}.\n", file.named_by()).unwrap();
        text.push_str("| Column | Required | Cells | What it is | Example |\n|---|---|---|---|---|\n");
        for column in file.columns() {
            writeln!(
                text,
                "| `{}` | {} | {} | {} | {} |",
                column.name,
                if column.required { "yes" } else { "" },
                column.kind.form(),
                column.description,
                column.example,
            )
            .unwrap();
        }
    }
    writeln!(
        text,
        "\nThe columns `{}` are skipped in every file.",
        ADDED.join("` and `")
    )
    .unwrap();
    text
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "whoever runs the test says by environment that the document is to be written anew"
)]
fn the_document_says_what_the_importer_reads() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/import.md");
    let expected = document();
    if std::env::var("UPDATE").is_ok_and(|value| value == "1") {
        std::fs::write(&path, &expected).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        written, expected,
        "docs/import.md is out of date; run again with UPDATE=1"
    );
}
