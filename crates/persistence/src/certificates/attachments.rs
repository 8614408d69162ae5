//! The files of the endorsements that went with a certificate.
//!
//! Invariant: they are written with the certificate and never changed; whatever carries the certificate carries them.

use countersign_domain::authz::Permit;
use countersign_domain::authz::rules::{PreviewCertificate, ReadByLink};
use countersign_domain::certificates::attachments::Attachment;
use countersign_domain::ids::CertificateId;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::Error;
use crate::db::Tx;
use crate::documents::{self, Document};
use crate::error::broken;
use crate::schema::{certificate_attachments, documents as stored};

/// A file that went with a certificate.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = certificate_attachments)]
pub struct AttachmentRow {
    /// Its place among them, from 1.
    pub ordinal: i32,
    /// Form number.
    pub form_number: String,
    /// Edition.
    pub edition: String,
    /// Title.
    pub title: String,
    /// What the file is called.
    pub file_name: String,
    /// SHA-256 of its bytes.
    pub file_sha256: Vec<u8>,
    /// How many bytes.
    pub file_size: i32,
}

pub(super) async fn insert(
    tx: &mut Tx,
    certificates: impl IntoIterator<Item = (CertificateId, &[Attachment])>,
) -> Result<(), Error> {
    let agency = tx.agency().uuid();
    let mut rows = Vec::new();
    for (id, files) in certificates {
        for (ordinal, file) in (1..).zip(files) {
            let size = i32::try_from(file.size_bytes).map_err(broken("certificate_attachments.file_size"))?;
            rows.push((
                certificate_attachments::agency_id.eq(agency),
                certificate_attachments::certificate_id.eq(id.uuid()),
                certificate_attachments::ordinal.eq(ordinal),
                certificate_attachments::form_number.eq(file.form_number.as_str()),
                certificate_attachments::edition.eq(file.edition.as_str()),
                certificate_attachments::title.eq(file.title.as_str()),
                certificate_attachments::file_name.eq(file.file_name.as_str()),
                certificate_attachments::file_sha256.eq(file.sha256.as_slice()),
                certificate_attachments::file_size.eq(size),
            ));
        }
    }
    if !rows.is_empty() {
        diesel::insert_into(certificate_attachments::table)
            .values(rows)
            .execute(&mut tx.connection()?)
            .await?;
    }
    Ok(())
}

/// The files that went with a certificate, without their bytes.
pub(crate) async fn of(tx: &mut Tx, id: CertificateId) -> Result<Vec<AttachmentRow>, Error> {
    Ok(certificate_attachments::table
        .filter(certificate_attachments::agency_id.eq(tx.agency().uuid()))
        .filter(certificate_attachments::certificate_id.eq(id.uuid()))
        .order(certificate_attachments::ordinal)
        .select(AttachmentRow::as_select())
        .load(&mut tx.connection()?)
        .await?)
}

/// As [`of`], with their bytes.
pub(crate) async fn bytes_of(tx: &mut Tx, id: CertificateId) -> Result<Vec<(AttachmentRow, Vec<u8>)>, Error> {
    Ok(certificate_attachments::table
        .inner_join(
            stored::table.on(stored::agency_id
                .eq(certificate_attachments::agency_id)
                .and(stored::sha256.eq(certificate_attachments::file_sha256))),
        )
        .filter(certificate_attachments::agency_id.eq(tx.agency().uuid()))
        .filter(certificate_attachments::certificate_id.eq(id.uuid()))
        .order(certificate_attachments::ordinal)
        .select((AttachmentRow::as_select(), stored::bytes))
        .load(&mut tx.connection()?)
        .await?)
}

async fn one(tx: &mut Tx, id: CertificateId, ordinal: i32) -> Result<(AttachmentRow, Document), Error> {
    let row: AttachmentRow = certificate_attachments::table
        .find((tx.agency().uuid(), id.uuid(), ordinal))
        .select(AttachmentRow::as_select())
        .first(&mut tx.connection()?)
        .await?;
    let document = documents::by_hash(tx, &row.file_sha256).await?;
    Ok((row, document))
}

/// A file that went with a certificate, to look at.
///
/// # Errors
/// [`Error::NotFound`] when none of that number did.
pub async fn attachment_to_preview(
    tx: &mut Tx,
    permit: &Permit<PreviewCertificate>,
    ordinal: i32,
) -> Result<(AttachmentRow, Document), Error> {
    one(tx, permit.id, ordinal).await
}

/// The files that went with a certificate, for whoever showed the secret of its link.
///
/// # Errors
/// [`Error`] of the database.
pub async fn attachments_by_link(
    tx: &mut Tx,
    permit: &Permit<ReadByLink>,
) -> Result<Vec<AttachmentRow>, Error> {
    of(tx, permit.id).await
}

/// A file that went with a certificate, for whoever showed the secret of its link.
///
/// # Errors
/// [`Error::NotFound`] when none of that number did.
pub async fn attachment_by_link(
    tx: &mut Tx,
    permit: &Permit<ReadByLink>,
    ordinal: i32,
) -> Result<(AttachmentRow, Document), Error> {
    one(tx, permit.id, ordinal).await
}
