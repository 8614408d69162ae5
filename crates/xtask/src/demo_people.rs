//! The demo agency and the people who sign in to it. Invented; they exist in no real installation.

pub(crate) const SLUG: &str = "summit-ridge";
pub(crate) const AGENCY: &str = "Summit Ridge Insurance";
pub(crate) const TIME_ZONE: &str = "America/Los_Angeles";

/// The administrator that `bootstrap` creates.
pub(crate) const ADMINISTRATOR: Person = Person {
    first_name: "Avery",
    last_name: "Collins",
    username: "avery.collins",
    email: "avery.collins@summit-ridge.example",
    password: "harbor-lantern-cedar-42",
};

/// The service staff user that `demo-data` creates.
pub(crate) const SERVICE: Person = Person {
    first_name: "Jordan",
    last_name: "Reyes",
    username: "jordan.reyes",
    email: "jordan.reyes@summit-ridge.example",
    password: "meadow-signal-walnut-17",
};

/// Somebody with a password that the whole world may know.
pub(crate) struct Person {
    pub(crate) first_name: &'static str,
    pub(crate) last_name: &'static str,
    pub(crate) username: &'static str,
    pub(crate) email: &'static str,
    pub(crate) password: &'static str,
}

/// The portal account that `demo-data` prints as `portal: USERNAME PASSWORD`.
pub(crate) struct PortalUser {
    pub(crate) username: String,
    pub(crate) password: String,
}

impl PortalUser {
    pub(crate) fn read(printed: &str) -> Option<Self> {
        let (username, password) = printed
            .lines()
            .find_map(|line| line.trim().strip_prefix("portal: "))?
            .split_once(' ')?;
        Some(Self {
            username: username.to_owned(),
            password: password.trim().to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_portal_user_is_read_from_what_was_printed() {
        let found = PortalUser::read("made 3 masters\nportal: pat@example.com some-long-password\n").unwrap();
        assert_eq!(found.username, "pat@example.com");
        assert_eq!(found.password, "some-long-password");
        assert!(PortalUser::read("nothing").is_none());
    }
}
