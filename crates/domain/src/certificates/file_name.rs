//! What a certificate's page is called where it is saved or attached: the same name everywhere.

/// Number, revision where it is not the first, and holder, in letters that every file system and mail program takes.
#[must_use]
pub fn of(number: &str, revision: u16, holder: &str) -> String {
    let parts = [
        "Certificate".to_owned(),
        plain(number, 40),
        match revision {
            0 => String::new(),
            revision => format!("rev-{revision}"),
        },
        plain(holder, 60),
    ];
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    format!("{}.pdf", parts.join("-"))
}

/// Words of plain letters and digits joined by hyphens, as many whole ones as fit.
fn plain(text: &str, most: usize) -> String {
    // Not by taking accents off alone: Ł, ø and ß are letters of their own and would be lost.
    let ascii = deunicode::deunicode(text);
    let words = ascii
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    let mut name = String::new();
    for word in words {
        if !name.is_empty() && name.len() + 1 + word.len() > most {
            break;
        }
        if !name.is_empty() {
            name.push('-');
        }
        name.extend(word.chars().take(most));
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_a_file_keeps_its_letters() {
        for (name, file) in [
            ("Łukasz Żółć Budowa Sp. z o.o.", "Lukasz-Zolc-Budowa-Sp-z-o-o"),
            ("Straße & Söhne", "Strasse-Sohne"),
            ("Ørsted – Æther", "Orsted-AEther"),
            ("O\u{2019}Neill", "O-Neill"),
            ("../../etc/passwd", "etc-passwd"),
            ("", ""),
        ] {
            assert_eq!(plain(name, 60), file);
        }
        assert_eq!(plain("Granite Peak Builders", 12), "Granite-Peak");
        assert_eq!(plain(&"x".repeat(100), 12), "x".repeat(12));
    }

    #[test]
    fn a_file_is_named_by_number_revision_and_holder() {
        assert_eq!(
            of("26-000128", 0, "Granite Peak Builders, Inc."),
            "Certificate-26-000128-Granite-Peak-Builders-Inc.pdf"
        );
        assert_eq!(
            of("26-000128", 2, "\u{674f}"),
            "Certificate-26-000128-rev-2-Xing.pdf"
        );
    }
}
