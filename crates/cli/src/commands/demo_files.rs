//! The files of the demo agency's endorsements: a page each that says which form it stands for, in our own words. The
//! forms themselves belong to the bureaus and carriers that wrote them.

use chrono::{DateTime, Utc};
use countersign_domain::authz::Actor;
use countersign_domain::authz::rules::{EditPolicy, ViewPolicies};
use countersign_domain::ids::InsuredId;
use countersign_domain::policies::Endorsement;
use countersign_domain::policies::attach::attach;
use countersign_persistence::{Tx, insureds, policies};

use super::demo_data::{Failure, failed};

/// Attaches a page to each form of an insured that has none.
pub(super) async fn write(
    tx: &mut Tx,
    actor: &Actor,
    insured: InsuredId,
    now: DateTime<Utc>,
) -> Result<(), Failure> {
    let permit = insureds::find::<ViewPolicies>(tx, actor, insured).await?;
    for policy in policies::list(tx, &permit).await? {
        for form in policy.endorsements.iter().filter(|form| form.file.is_none()) {
            let permit = policies::lock::<EditPolicy>(tx, actor, policy.id).await?;
            let name = format!("{} specimen.pdf", form.name().replace('/', "-"));
            let changed = attach(permit, form.id, &name, specimen(form), now).map_err(failed)?;
            policies::record_file_changed(tx, &changed).await?;
        }
    }
    Ok(())
}

/// A letter-size page with the form's number, edition and title.
fn specimen(form: &Endorsement) -> Vec<u8> {
    let lines = [
        (20, 700, format!("Endorsement {}", form.name())),
        (13, 668, form.title.to_string()),
        (
            11,
            632,
            "Specimen for the demo. It is not the form, and gives no cover.".to_owned(),
        ),
    ];
    let text: String = lines
        .iter()
        .map(|(size, height, line)| format!("BT /F1 {size} Tf 60 {height} Td ({}) Tj ET\n", shown(line)))
        .collect();
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>"
            .to_owned(),
        format!("<</Length {}>>stream\n{text}endstream", text.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
    ];
    let mut file = "%PDF-1.4\n".to_owned();
    let mut places = String::new();
    for (number, object) in (1..).zip(&objects) {
        places.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.push_str(&format!("{number} 0 obj\n{object}\nendobj\n"));
    }
    let (start, size) = (file.len(), objects.len() + 1);
    file.push_str(&format!(
        "xref\n0 {size}\n0000000000 65535 f \n{places}trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n"
    ));
    file.into_bytes()
}

/// A text between the parentheses of a PDF; what is no plain letter becomes a hyphen.
fn shown(text: &str) -> String {
    let mut shown = String::new();
    for letter in text.chars() {
        match letter {
            '(' | ')' | '\\' => {
                shown.push('\\');
                shown.push(letter);
            }
            ' '..='~' => shown.push(letter),
            _ => shown.push('-'),
        }
    }
    shown
}
