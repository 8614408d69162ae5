//! Writes sample certificates into a folder, to be looked at: `preview FOLDER`.

#[path = "../tests/it/sample.rs"]
mod sample;

use std::path::PathBuf;

use countersign_documents::render_certificate;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("usage: preview FOLDER")?);
    std::fs::create_dir_all(&folder)?;
    let mut continued = sample::contractor();
    continued.description = sample::description(10_000);
    let mut busy = sample::full();
    busy.description = sample::description(1_500);
    busy.insured.name =
        sample::text("Alder Creek Roofing & Waterproofing Contractors of Northern Nevada LLC");
    for (name, payload) in [
        ("contractor", sample::contractor()),
        ("sparse", sample::sparse()),
        ("full", sample::full()),
        ("long", sample::long()),
        ("continued", continued),
        ("abroad", sample::abroad()),
        ("busy", busy),
    ] {
        let rendered = render_certificate(&payload)?;
        std::fs::write(folder.join(format!("{name}.pdf")), &rendered.bytes)?;
    }
    Ok(())
}
