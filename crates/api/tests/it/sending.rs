//! Sending a certificate.

use crate::support::{App, book, people};

#[tokio::test]
async fn smoke() {
    let app = App::start().await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let admin = people::administrator(&app).await;
    let master = book::master(&admin, &insured).await;
    let path = format!("/v1/insureds/{}/certificates", insured.id);
    let sent = admin.post(&path, insured.send_body(&book::id(&master))).await.expect(201);
    eprintln!("{sent:#}");
    let letter = app.letter().await;
    eprintln!("{letter:?}");
}
