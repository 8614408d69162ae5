//! A book of business: insureds with a policy of every line, forms, and a holder used before.

use countersign_domain::policies::Policy;
use countersign_domain::testing as cast;
use serde_json::{Value, json};
use uuid::Uuid;

use super::App;
use super::browser::Browser;

/// An insured of Summit Ridge.
#[derive(Clone, Debug)]
pub(crate) struct Insured {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    /// As it stands on the profile; usernames are in lower case.
    pub(crate) email: String,
    pub(crate) policies: Vec<Policy>,
    /// A holder that the insured has used before.
    pub(crate) holder: Uuid,
}

impl Insured {
    pub(crate) fn username(&self) -> String {
        self.email.to_lowercase()
    }

    /// The policy of a line.
    pub(crate) fn policy(&self, line: &str) -> &Policy {
        let mut policies = self.policies.iter();
        policies
            .find(|policy| policy.line().as_str() == line)
            .expect("a policy of this line")
    }

    /// A master over these lines, each with the marks that its forms allow.
    pub(crate) fn master_body(&self, name: &str, lines: &[&str]) -> Value {
        let sections: serde_json::Map<_, _> = lines
            .iter()
            .map(|line| {
                let section = cast::section(self.policy(line));
                let mut body = json!({ "policy_id": section.policy });
                if let Some(form) = section.additional_insured {
                    body["additional_insured"] = json!(form);
                }
                if let Some(form) = section.waiver {
                    body["waiver"] = json!(form);
                }
                ((*line).to_owned(), body)
            })
            .collect();
        json!({
            "name": name,
            "sections": sections,
            "description": "Roofing operations of the named insured.",
            "authorized_representative": "Maren Voss",
            "portal_usable": true,
            "include_in_renewals": true,
        })
    }

    /// A certificate from a master for the holder used before.
    pub(crate) fn send_body(&self, master: &str) -> Value {
        json!({
            "master_id": master,
            "holder": { "id": self.holder },
            "recipients": { "to": ["certificates@northgate.example.com"] },
        })
    }
}

/// Every line there is.
pub(crate) const LINES: [&str; 5] = [
    "general_liability",
    "commercial_auto",
    "umbrella_excess",
    "workers_compensation",
    "other",
];

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// An insured with a policy of every line in force, and a holder.
pub(crate) async fn insured(app: &App, name: &str) -> Insured {
    let id = app.id();
    let word: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    let email = format!("Office@{}.example.com", word.to_lowercase());
    let mut policies = cast::policies();
    let number = id.as_u128() & 0xffff;
    for policy in &mut policies {
        policy.id = countersign_domain::ids::PolicyId::from_uuid(app.id());
        policy.number = cast::text(&format!("{}-{number:x}", policy.number));
        policy.named_insured = cast::text(name);
        for form in &mut policy.endorsements {
            form.id = countersign_domain::ids::EndorsementId::from_uuid(app.id());
        }
    }
    let (agency, now, holder) = (app.agency, app.now(), app.id());
    let mut sql = format!(
        "INSERT INTO insureds (agency_id, id, name, kind, trade, email, line1, city, state, postal_code, \
         customer_id, created_at, updated_at) VALUES ('{agency}', '{id}', {name}, 'commercial', 'Roofing', \
         '{email}', '88 Kiln Road', 'Sparks', 'NV', '89431', 'C-{number:x}', '{now}', '{now}');",
        name = quoted(name),
    );
    for policy in &policies {
        let carrier = &policy.carrier;
        sql += &format!(
            "INSERT INTO carriers (agency_id, id, name, naic) VALUES ('{agency}', '{}', {}, '{}') \
             ON CONFLICT DO NOTHING;",
            carrier.id,
            quoted(carrier.name.as_str()),
            carrier.naic,
        );
        sql += &format!(
            "INSERT INTO policies (agency_id, id, insured_id, carrier_id, number, line, named_insured, \
             effective_on, expires_on, status, coverage) VALUES ('{agency}', '{}', '{id}', '{}', '{}', '{}', {}, \
             '{}', '{}', '{}', {});",
            policy.id,
            carrier.id,
            policy.number,
            policy.line(),
            quoted(policy.named_insured.as_str()),
            policy.effective_on,
            policy.expires_on,
            policy.status.word(),
            quoted(&serde_json::to_string(&policy.coverage).expect("coverage is JSON")),
        );
        for form in &policy.endorsements {
            sql += &format!(
                "INSERT INTO endorsements (agency_id, id, policy_id, form_number, edition, title, effect, scope) \
                 VALUES ('{agency}', '{}', '{}', '{}', '{}', '{}', '{}', '{}');",
                form.id,
                policy.id,
                form.form_number,
                form.edition,
                form.title,
                form.effect.word(),
                form.scope.word(),
            );
        }
    }
    let profile = cast::holder_profile();
    sql += &format!(
        "INSERT INTO holders (agency_id, id, name, line1, city, state, postal_code, emails, created_at) \
         VALUES ('{agency}', '{holder}', {}, '{number} Lakeside Drive', 'Reno', 'NV', '89501', \
         '{{certificates@northgate.example.com}}', '{now}');",
        quoted(profile.name.as_str()),
    );
    sql += &format!(
        "INSERT INTO insured_holders (agency_id, insured_id, holder_id) VALUES ('{agency}', '{id}', '{holder}');"
    );
    sql += &format!(
        "INSERT INTO contacts (agency_id, id, insured_id, name, title, email) VALUES \
         ('{agency}', '{}', '{id}', 'Ada Kilner', 'Office manager', 'ada@{}.example.com');",
        app.id(),
        word.to_lowercase(),
    );
    app.sql(agency, &sql).await;
    Insured {
        id,
        name: name.to_owned(),
        email,
        policies,
        holder,
    }
}

/// A master over every line, created by a staff user.
pub(crate) async fn master(staff: &Browser, insured: &Insured) -> Value {
    let body = insured.master_body("All lines", &LINES);
    staff
        .post(format!("/v1/insureds/{}/masters", insured.id), body)
        .await
        .expect(201)
}

/// The id in a view.
#[track_caller]
pub(crate) fn id(view: &Value) -> String {
    view["id"]
        .as_str()
        .unwrap_or_else(|| panic!("no id in {view}"))
        .to_owned()
}
