// Generated from a migrated database by `UPDATE=1 cargo test -p countersign-persistence`; never edited.

diesel::table! {
    /// The tenant: an agency, the producer on a certificate.
    agencies (id) {
        id -> Uuid,
        slug -> Text,
        name -> Text,
        /// IANA name; the date issued is a day in this zone.
        time_zone -> Text,
        line1 -> Nullable<Text>,
        line2 -> Nullable<Text>,
        city -> Nullable<Text>,
        state -> Nullable<Text>,
        postal_code -> Nullable<Text>,
        phone -> Nullable<Text>,
        fax -> Nullable<Text>,
        email -> Nullable<Text>,
        contact_name -> Nullable<Text>,
        reply_to -> Nullable<Text>,
        support_text -> Nullable<Text>,
        accent_color -> Text,
        authorized_representative -> Nullable<Text>,
        version -> Int4,
        created_at -> Timestamptz,
        /// How the mail of what insureds send in the portal carries its page.
        portal_channel -> Text,
    }
}

diesel::table! {
    /// Requests to lift what the truth gate blocked, each with the draft that waits for it.
    approvals (agency_id, id) {
        agency_id -> Uuid,
        id -> Uuid,
        insured_id -> Uuid,
        insured_name -> Text,
        holder_name -> Text,
        master_name -> Text,
        revises_id -> Nullable<Uuid>,
        /// The request to send as it was made; it is read again when it is decided.
        draft -> Jsonb,
        /// What blocked when it was asked; what counts is found anew when it is decided.
        findings -> Jsonb,
        note -> Text,
        asked_by_id -> Uuid,
        asked_by_name -> Text,
        asked_at -> Timestamptz,
        state -> Text,
        decided_by_id -> Nullable<Uuid>,
        decided_by_name -> Nullable<Text>,
        decided_at -> Nullable<Timestamptz>,
        reason -> Nullable<Text>,
        certificate_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    audit_entries (agency_id, seq) {
        agency_id -> Uuid,
        seq -> Int8,
        at -> Timestamptz,
        actor_kind -> Text,
        actor_id -> Nullable<Uuid>,
        /// The name at that time; it outlives the account.
        actor_name -> Text,
        action -> Text,
        insured_id -> Nullable<Uuid>,
        object_kind -> Text,
        object_id -> Nullable<Uuid>,
        object_label -> Text,
        detail -> Jsonb,
        request_id -> Nullable<Uuid>,
        /// SHA-256 over the entry before and this one.
        hash -> Bytea,
    }
}

diesel::table! {
    /// The newest entry of each agency; locked by whoever appends.
    audit_heads (agency_id) {
        agency_id -> Uuid,
        seq -> Int8,
        hash -> Bytea,
    }
}

diesel::table! {
    batch_rows (agency_id, batch_id, ordinal) {
        agency_id -> Uuid,
        batch_id -> Uuid,
        ordinal -> Int4,
        holder_id -> Uuid,
        /// The name when the batch was started.
        holder_name -> Text,
        /// The certificate of the term before, whose description and marks are kept.
        follows_id -> Nullable<Uuid>,
        to_addresses -> Array<Text>,
        cc_addresses -> Array<Text>,
        state -> Text,
        /// What the truth gate found when the turn of the row had come.
        findings -> Jsonb,
        reason -> Nullable<Text>,
        certificate_id -> Nullable<Uuid>,
        settled_at -> Nullable<Timestamptz>,
        /// How its mail carries the page, settled when the batch was started; null, as the release before writes it, for as the batch says.
        channel -> Nullable<Text>,
    }
}

diesel::table! {
    batches (agency_id, id) {
        agency_id -> Uuid,
        id -> Uuid,
        kind -> Text,
        insured_id -> Uuid,
        insured_name -> Text,
        master_id -> Uuid,
        /// The name when it was started.
        master_name -> Text,
        /// Description of operations for every row; null for the one of the master.
        description -> Nullable<Text>,
        subject -> Nullable<Text>,
        message -> Text,
        state -> Text,
        state_changed_at -> Timestamptz,
        state_changed_by_name -> Text,
        /// Why it stopped by itself; null when a person paused it.
        halted_reason -> Nullable<Text>,
        /// With whose permissions rows are sent, asked anew for each of them: who started it, or let it go on last.
        sender_id -> Uuid,
        started_by_name -> Text,
        created_at -> Timestamptz,
        /// How the mail of every row carries its page that says nothing of its own.
        channel -> Text,
        /// Each row is mailed as its holder prefers; channel is then that of holders who prefer nothing.
        by_preference -> Bool,
        /// Whether the files of the endorsements go along that a certificate rests on.
        attach_endorsements -> Bool,
    }
}

diesel::table! {
    /// Addresses that mail came back from, and that nothing was delivered to since.
    bounced_addresses (agency_id, address) {
        agency_id -> Uuid,
        address -> Text,
        at -> Timestamptz,
        reason -> Text,
    }
}

diesel::table! {
    carriers (agency_id, id) {
        agency_id -> Uuid,
        id -> Uuid,
        /// Legal name of the writing company, never the group.
        name -> Text,
        naic -> Text,
    }
}

diesel::table! {
    /// The files of the endorsements that went with a certificate, as they were: every sending of it carries these.
    certificate_attachments (agency_id, certificate_id, ordinal) {
        agency_id -> Uuid,
        certificate_id -> Uuid,
        ordinal -> Int4,
        form_number -> Text,
        edition -> Text,
        title -> Text,
        file_name -> Text,
        file_sha256 -> Bytea,
        file_size -> Int4,
    }
}

diesel::table! {
    /// The last certificate number given, apart from the agency so that reading the agency never waits.
    certificate_counters (agency_id) {
        agency_id -> Uuid,
        last_number -> Int8,
    }
}

diesel::table! {
    certificate_policies (agency_id, certificate_id, line) {
        agency_id -> Uuid,
        certificate_id -> Uuid,
        line -> Text,
        policy_id -> Uuid,
    }
}

diesel::table! {
    /// Immutable once issued; names are stored as printed. What its policies came to since is kept beside it.
    certificates (agency_id, id) {
        agency_id -> Uuid,
        id -> Uuid,
        number -> Text,
        revision -> Int4,
        insured_id -> Uuid,
        insured_name -> Text,
        master_id -> Uuid,
        master_name -> Text,
        holder_id -> Uuid,
        holder_name -> Text,
        description -> Text,
        issued_on -> Date,
        issued_at -> Timestamptz,
        source -> Text,
        issued_by_id -> Nullable<Uuid>,
        issued_by_name -> Text,
        payload -> Jsonb,
        fingerprint -> Text,
        document_sha256 -> Bytea,
        findings -> Jsonb,
        state -> Text,
        state_changed_at -> Nullable<Timestamptz>,
        state_changed_by_id -> Nullable<Uuid>,
        /// The name at that time; it outlives the account.
        state_changed_by_name -> Nullable<Text>,
        withdrawn_reason -> Nullable<Text>,
        /// The revision before, of the same number.
        supersedes_id -> Nullable<Uuid>,
        /// The revision that took its place.
        superseded_by_id -> Nullable<Uuid>,
        /// The sending to many holders of which it is a part.
        batch_id -> Nullable<Uuid>,
        /// The findings that a second person lifted: who asked, who approved, why and when.
        overrides -> Jsonb,
        /// The additional interest that it was sent to.
        interest_id -> Nullable<Uuid>,
        /// The first day on which one of the printed policies no longer covers; kept by a trigger on policies.
        cover_ends_on -> Date,
    }
}

diesel::table! {
    /// Immutable once issued; names are stored as printed. What its policies came to since is kept beside it.
    #[sql_name = "certificates"]
    certificate_log (agency_id, id) {
        agency_id -> Uuid,
        id -> Uuid,
        number -> Text,
        revision -> Int4,
        insured_id -> Uuid,
        insured_name -> Text,
        master_id -> Uuid,
        master_name -> Text,
        holder_id -> Uuid,
        holder_name -> Text,
        description -> Text,
        issued_on -> Date,
        issued_at -> Timestamptz,
        source -> Text,
        issued_by_name -> Text,
        state -> Text,
        state_changed_at -> Nullable<Timestamptz>,
        /// The name at that time; it outlives the account.
        state_changed_by_name -> Nullable<Text>,
        withdrawn_reason -> Nullable<Text>,
        /// The revision before, of the same number.
        supersedes_id -> Nullable<Uuid>,
        /// The revision that took its place.
        superseded_by_id -> Nullable<Uuid>,
        /// The sending to many holders of which it is a part.
        batch_id -> Nullable<Uuid>,
        /// The additional interest that it was sent to.
        interest_id -> Nullable<Uuid>,
        delivery_state -> Nullable<Text>,
        delivery_to -> Nullable<Array<Text>>,
        delivery_queued_at -> Nullable<Timestamptz>,
        delivery_accepted_at -> Nullable<Timestamptz>,
        delivery_last_error -> Nullable<Text>,
        delivery_outcome -> Nullable<Text>,
        delivery_undone_at -> Nullable<Timestamptz>,
        /// When the relay accepted one of its sendings for the first time.
        delivery_emailed_at -> Nullable<Timestamptz>,
        /// The first day on which one of the printed policies no longer covers; kept by a trigger on policies.
        cover_ends_on -> Date,
    }
}

diesel::table! {
    contacts (agency_id, id) {
        agency_id -> Uuid,
        id -> Uuid,
        insured_id -> Uuid,
        name -> Text,
        title -> Nullable<Text>,
        email -> Nullable<Text>,
        phone -> Nullable<Text>,
    }
}

diesel::table! {
    /// Courtesy notices of a cancellation; what they say is kept as it was sent.
    courtesy_notices (agency_id, id) {
        agency_id -> Uuid,
        id -> Uuid,
        policy_id -> Uuid,
        insured_id -> Uuid,
        holder_id -> Uuid,
        agency_name -> Text,
        insured_name -> Text,
        insurer_name -> Text,
        policy_number -> Text,
        line_name -> Text,
        /// The day that the notice names; a corrected cancellation is another one.
        cancelled_on -> Date,
        holder_name -> Text,
        certificate_numbers -> Array<Text>,
        to_addresses -> Array<Text>,
        state -> Text,
        /// Attempts, counted and committed before each one starts.
        claims -> Int4,
        may_have_arrived_twice -> Bool,
        last_error -> Nullable<Text>,
        requested_by_id -> Nullable<Uuid>,
        requested_by_name -> Text,
        queued_at -> Timestamptz,
        accepted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    /// The truth about a sending; the Message-ID is derived from the id.
    deliveries (agency_id, id) {
        agency_id -> Uuid,
        id -> Uuid,
        certificate_id -> Uuid,
        kind -> Text,
        to_addresses -> Array<Text>,
        cc_addresses -> Array<Text>,
        subject -> Text,
        message -> Text,
        state -> Text,
        /// Attempts, counted and committed before each one starts.
        claims -> Int4,
        may_have_arrived_twice -> Bool,
        last_error -> Nullable<Text>,
        requested_by_kind -> Text,
        requested_by_id -> Nullable<Uuid>,
        requested_by_name -> Text,
        queued_at -> Timestamptz,
        accepted_at -> Nullable<Timestamptz>,
        /// What the events of all recipients come to; the state tells how far our own relay took it.
        outcome -> Nullable<Text>,
        /// The mail was not to leave before, so that it could be undone.
        held_until -> Nullable<Timestamptz>,
        /// It was taken back before it was handed over. The state is failed, as the release before knows no other word.
        undone_at -> Nullable<Timestamptz>,
        undone_by_name -> Nullable<Text>,
        /// Whether the mail carries the page or a link to it.
        channel -> Text,
        link_expires_at -> Nullable<Timestamptz>,
        /// Somebody turned the link off, or took the sending back; it opens nothing any more.
        link_ended_at -> Nullable<Timestamptz>,
        link_ended_by_name -> Nullable<Text>,
    }
}

diesel::table! {
    /// Told in any order and more than once; the key takes each of them once.
    delivery_events (agency_id, delivery_id, recipient, kind, at) {
        agency_id -> Uuid,
        delivery_id -> Uuid,
        recipient -> Text,
        kind -> Text,
        /// When it happened, by the word of whoever told it.
        at -> Timestamptz,
        reason -> Text,
        /// When we were told.
        told_at -> Timestamptz,
    }
}

diesel::table! {
    delivery_setbacks (agency_id, delivery_id, at, attempt, state) {
        agency_id -> Uuid,
        delivery_id -> Uuid,
        /// Which attempt, as counted by deliveries.claims; 0 when it ended before the first.
        attempt -> Int4,
        at -> Timestamptz,
        state -> Text,
        reason -> Text,
    }
}

diesel::table! {
    /// Immutable bytes under their own hash; a resend mails these bytes and no others.
    documents (agency_id, sha256) {
        agency_id -> Uuid,
        sha256 -> Bytea,
        bytes -> Bytea,
        /// Pages of what the product drew; 0 for a file that somebody uploaded, which is never opened here.
        pages -> Int4,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    endorsements (agency_id, id) {
        agency_id -> Uuid,
        id -> Uuid,
        policy_id -> Uuid,
        form_number -> Text,
        /// Month and year as on the form, e.g. 04 13.
        edition -> Text,
        title -> Text,
        effect -> Text,
        scope -> Text,
        /// The parties on the schedule; only a scheduled form has them.
        scheduled_parties -> Array<Text>,
        /// Days of notice; only a form that gives notice of cancellation has them.
        notice_days -> Nullable<Int4>,
        /// First day on which the form stands; null for the first day of the term.
        effective_on -> Nullable<Date>,
        /// Day on which the form was taken off: it does not stand on it; null for the end of the term.
        ends_on -> Nullable<Date>,
        /// The endorsement itself, as a PDF; null where nobody attached it.
        file_sha256 -> Nullable<Bytea>,
        /// What the file was called when it was uploaded; what is mailed is called by its form.
        file_name -> Nullable<Text>,
        file_size -> Nullable<Int4>,
    }
}

diesel::table! {
    holder_group_members (agency_id, group_id, holder_id) {
        agency_id -> Uuid,
        group_id -> Uuid,
        holder_id -> Uuid,
    }
}

diesel::table! {
    holder_groups (agency_id, id) {
        agency_id -> Uuid,
        id -> Uuid,
        name -> Text,
        /// Counts changes of the name; who belongs to the group is none.
        version -> Int4,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    holders (agency_id, id) {
        agency_id -> Uuid,
        id -> Uuid,
        /// Exact legal name: trackers compare it letter by letter.
        name -> Text,
        care_of -> Nullable<Text>,
        line1 -> Text,
        line2 -> Nullable<Text>,
        city -> Text,
        state -> Text,
        postal_code -> Text,
        emails -> Array<Text>,
        phone -> Nullable<Text>,
        created_at -> Timestamptz,
        version -> Int4,
        /// Other names under which people look for it; never printed.
        aliases -> Array<Text>,
        archived_at -> Nullable<Timestamptz>,
        /// The holder that took the place of this double.
        merged_into -> Nullable<Uuid>,
        /// Read by the release before only; goes with the next one.
        search_text -> Text,
        /// Names it had before: certificates keep the name they printed, and the log is searched by that.
        former_names -> Array<Text>,
        /// Name, aliases and former names, folded, for searching in any of them. Takes the place of search_text.
        names_folded -> Text,
        /// How it wants its mail to carry the page; null where nobody has said.
        channel -> Nullable<Text>,
    }
}

diesel::table! {
    /// Written in the business transaction: effect and reply commit together. Kept seven days.
    idempotency_keys (agency_id, principal, operation, key) {
        agency_id -> Uuid,
        principal -> Uuid,
        operation -> Text,
        key -> Text,
        request_sha256 -> Bytea,
        status -> Int4,
        body -> Nullable<Jsonb>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    import_faults (agency_id, import_id, file, line, ordinal) {
        agency_id -> Uuid,
        import_id -> Uuid,
        file -> Text,
        line -> Int4,
        /// Orders the faults of one line.
        ordinal -> Int4,
        column_name -> Nullable<Text>,
        value -> Nullable<Text>,
        reason -> Text,
    }
}

diesel::table! {
    import_files (agency_id, import_id, file) {
        agency_id -> Uuid,
        import_id -> Uuid,
        file -> Text,
        size -> Int8,
        /// As uploaded; emptied when the records are written, because the file is of no further use.
        bytes -> Nullable<Bytea>,
        /// The first line as it stands in the file.
        header -> Nullable<Array<Text>>,
        all_rows -> Int4,
        good_rows -> Int4,
        faulty_rows -> Int4,
        new_rows -> Int4,
        changed_rows -> Int4,
        unchanged_rows -> Int4,
    }
}

diesel::table! {
    /// Rows of a run, from its check until its records are written; faulty rows stay for the file of rejected rows.
    import_rows (agency_id, import_id, file, line) {
        agency_id -> Uuid,
        import_id -> Uuid,
        file -> Text,
        /// The line on which the row begins, the header being line 1.
        line -> Int4,
        /// What names the record, by which a policy finds its row of cover.
        key -> Nullable<Text>,
        cells -> Array<Text>,
        state -> Text,
        /// What the record does to what is stored; planned by the check, final once written.
        change -> Nullable<Text>,
    }
}

diesel::table! {
    imports (agency_id, id) {
        agency_id -> Uuid,
        id -> Uuid,
        state -> Text,
        created_at -> Timestamptz,
        /// The name at that time; the account stands in the audit trail.
        created_by -> Text,
        done -> Int8,
        total -> Int8,
        faults -> Int8,
        /// Why the run failed, in words for a person.
        error -> Nullable<Text>,
    }
}

diesel::table! {
    /// Which holders stand in an insured's dropdown, also after the term that used them.
    insured_holders (agency_id, insured_id, holder_id) {
        agency_id -> Uuid,
        insured_id -> Uuid,
        holder_id -> Uuid,
        last_used_at -> Nullable<Timestamptz>,
        /// Counts changes of what is written down here; using the holder is none.
        version -> Int4,
        /// The contract or project that the holder's request is about.
        contract_reference -> Nullable<Text>,
        /// Since when renewals are not sent to it; null while they are.
        renewals_stopped_at -> Nullable<Timestamptz>,
        /// The requirement profile: limits by their kind in cents, marks, forms. Empty asks for nothing.
        requirements -> Jsonb,
    }
}

diesel::table! {
    insureds (agency_id, id) {
        agency_id -> Uuid,
        id -> Uuid,
        version -> Int4,
        /// Legal name exactly as on the declarations.
        name -> Text,
        dba -> Nullable<Text>,
        kind -> Text,
        trade -> Nullable<Text>,
        email -> Nullable<Text>,
        phone -> Nullable<Text>,
        line1 -> Text,
        line2 -> Nullable<Text>,
        city -> Text,
        state -> Text,
        postal_code -> Text,
        /// The agency's own number for this customer; the importer's key.
        customer_id -> Nullable<Text>,
        fein -> Nullable<Text>,
        customer_since -> Nullable<Date>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    /// The forms that name an interest or reach it; a form that is taken off the policy's record takes its links along.
    interest_endorsements (agency_id, interest_id, endorsement_id) {
        agency_id -> Uuid,
        interest_id -> Uuid,
        policy_id -> Uuid,
        endorsement_id -> Uuid,
    }
}

diesel::table! {
    /// The policies that an interest is written on.
    interest_policies (agency_id, interest_id, policy_id) {
        agency_id -> Uuid,
        interest_id -> Uuid,
        policy_id -> Uuid,
    }
}

diesel::table! {
    /// Additional interests of insureds; ended, never deleted.
    interests (agency_id, id) {
        agency_id -> Uuid,
        id -> Uuid,
        version -> Int4,
        insured_id -> Uuid,
        holder_id -> Uuid,
        /// The two-letter code of the nature of interest.
        nature -> Text,
        item_kind -> Text,
        item_vehicle_id -> Nullable<Uuid>,
        item_text -> Nullable<Text>,
        /// Loan number or another reference of the interest's own.
        reference -> Nullable<Text>,
        /// Where its certificates go; the holder has addresses of its own.
        emails -> Array<Text>,
        from_on -> Date,
        /// The last day, itself included.
        until_on -> Nullable<Date>,
        created_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
        /// Who ended it; the name at that time.
        ended_by_name -> Nullable<Text>,
    }
}

diesel::table! {
    jobs (agency_id, id) {
        agency_id -> Uuid,
        id -> Uuid,
        kind -> Text,
        /// Ids only: never bodies, never secrets.
        payload -> Jsonb,
        state -> Text,
        run_at -> Timestamptz,
        /// Counted when a worker takes the job, before the work starts, so that a job which kills its process is counted too.
        claims -> Int4,
        claimed_by -> Nullable<Text>,
        lease_until -> Nullable<Timestamptz>,
        last_error -> Nullable<Text>,
        /// When it was queued; run_at is when its next attempt is due.
        created_at -> Timestamptz,
        buried_at -> Nullable<Timestamptz>,
        /// When the first attempt began; patience counts from here. Null again when a person tries a buried job once more.
        first_claimed_at -> Nullable<Timestamptz>,
        /// Counts every claim and is never set back, so that a worker whose claim is over can end nothing.
        fence -> Int8,
        /// An earlier attempt handed its message over and never heard the answer, so one more copy is the last.
        unanswered -> Bool,
        /// The request that caused it; its mail bears it.
        request_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    /// What an agency has found out about its own layout in a state; the agency answers for it.
    layout_statements (agency_id, state) {
        agency_id -> Uuid,
        state -> Text,
        standing -> Text,
        /// The number of the filing, or the text that was looked up.
        reference -> Text,
        /// The day on which it was filed or looked up.
        checked_on -> Date,
        stated_by_id -> Nullable<Uuid>,
        stated_by_name -> Text,
        stated_at -> Timestamptz,
    }
}

diesel::table! {
    /// What the mail system tells of courtesy notices and questions; as delivery_events, told in any order and more than once.
    letter_events (agency_id, letter_id, recipient, kind, at) {
        agency_id -> Uuid,
        /// The notice or the question, for the key.
        letter_id -> Uuid,
        notice_id -> Nullable<Uuid>,
        question_id -> Nullable<Uuid>,
        recipient -> Text,
        kind -> Text,
        /// When it happened, by the word of whoever told it.
        at -> Timestamptz,
        reason -> Text,
        /// When we were told.
        told_at -> Timestamptz,
    }
}

diesel::table! {
    /// What was done with a link: when it was opened first, and each time the page was saved. Who did it is not kept.
    link_events (agency_id, delivery_id, kind, at) {
        agency_id -> Uuid,
        delivery_id -> Uuid,
        kind -> Text,
        at -> Timestamptz,
    }
}

diesel::table! {
    /// What was mailed in links. Each attempt to mail makes one of its own, and all that may have arrived open the same.
    link_secrets (agency_id, token_hash) {
        agency_id -> Uuid,
        /// SHA-256 of the secret; the secret itself is nowhere.
        token_hash -> Bytea,
        delivery_id -> Nullable<Uuid>,
        made_at -> Timestamptz,
        question_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    /// One policy per section; a mark exists only as a link to a form on that same policy.
    master_lines (agency_id, master_id, line) {
        agency_id -> Uuid,
        master_id -> Uuid,
        line -> Text,
        policy_id -> Uuid,
        additional_insured_id -> Nullable<Uuid>,
        waiver_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    masters (agency_id, id) {
        agency_id -> Uuid,
        id -> Uuid,
        version -> Int4,
        insured_id -> Uuid,
        name -> Text,
        description -> Text,
        authorized_representative -> Text,
        portal_usable -> Bool,
        include_in_renewals -> Bool,
        valid_from -> Nullable<Date>,
        valid_until -> Nullable<Date>,
        last_used_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    password_links (agency_id, id) {
        agency_id -> Uuid,
        id -> Uuid,
        app -> Text,
        staff_user_id -> Nullable<Uuid>,
        portal_user_id -> Nullable<Uuid>,
        purpose -> Text,
        /// SHA-256 of the secret; null until the worker made the secret while mailing it.
        token_hash -> Nullable<Bytea>,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        mailed_at -> Nullable<Timestamptz>,
        used_at -> Nullable<Timestamptz>,
        /// Set when a newer link replaced this one or the account was closed.
        ended_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    policies (agency_id, id) {
        agency_id -> Uuid,
        id -> Uuid,
        version -> Int4,
        insured_id -> Uuid,
        carrier_id -> Uuid,
        number -> Text,
        line -> Text,
        named_insured -> Text,
        effective_on -> Date,
        /// The term ends at 12:01 a.m. of this day: no cover on it.
        expires_on -> Date,
        status -> Text,
        /// Day on which a cancellation takes effect; only a cancelled policy has one.
        cancelled_on -> Nullable<Date>,
        cancel_reason -> Nullable<Text>,
        /// Boxes and limits, typed by line; amounts are integer cents.
        coverage -> Jsonb,
        /// The term that this one renews; a term is renewed once.
        prior_id -> Nullable<Uuid>,
        /// Who may issue certificates for a surplus lines policy; null for a policy of an admitted insurer.
        issuing_authority -> Nullable<Text>,
        /// The wholesaler that alone issues certificates; only where one does.
        wholesaler -> Nullable<Text>,
    }
}

diesel::table! {
    portal_users (agency_id, id) {
        agency_id -> Uuid,
        id -> Uuid,
        version -> Int4,
        insured_id -> Uuid,
        username -> Text,
        email -> Text,
        state -> Text,
        password_hash -> Nullable<Text>,
        /// Words of the rights catalogue; no CHECK, because the catalogue grows without a migration.
        rights -> Array<Text>,
        invited_at -> Timestamptz,
        activated_at -> Nullable<Timestamptz>,
        suspended_at -> Nullable<Timestamptz>,
        revoked_at -> Nullable<Timestamptz>,
        last_sign_in_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    /// Domains that a mail of the agency was accepted for by the relay.
    recipient_domains (agency_id, domain) {
        agency_id -> Uuid,
        domain -> Text,
        first_mailed_at -> Timestamptz,
    }
}

diesel::table! {
    /// What was shown: the answer means these names, whatever becomes of the holders.
    renewal_question_holders (agency_id, question_id, ordinal) {
        agency_id -> Uuid,
        question_id -> Uuid,
        ordinal -> Int4,
        holder_id -> Uuid,
        holder_name -> Text,
        city -> Text,
        /// Whether the insured said that it still needs a certificate; null until it answered.
        wanted -> Nullable<Bool>,
    }
}

diesel::table! {
    renewal_questions (agency_id, id) {
        agency_id -> Uuid,
        id -> Uuid,
        insured_id -> Uuid,
        insured_name -> Text,
        master_id -> Uuid,
        to_addresses -> Array<Text>,
        message -> Text,
        asked_by_id -> Nullable<Uuid>,
        asked_by_name -> Text,
        asked_at -> Timestamptz,
        expires_at -> Timestamptz,
        /// When a newer question took its place.
        replaced_at -> Nullable<Timestamptz>,
        answered_at -> Nullable<Timestamptz>,
        /// As whoever had the link wrote it; nobody has proved it.
        answered_by_name -> Nullable<Text>,
        note -> Text,
    }
}

diesel::table! {
    sessions (agency_id, token_hash) {
        agency_id -> Uuid,
        /// SHA-256 of the secret in the cookie; the secret itself is nowhere.
        token_hash -> Bytea,
        app -> Text,
        staff_user_id -> Nullable<Uuid>,
        portal_user_id -> Nullable<Uuid>,
        created_at -> Timestamptz,
        last_seen_at -> Timestamptz,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    sign_in_throttles (agency_id, bucket) {
        agency_id -> Uuid,
        /// Kind and name: an app and a username, a device, a network address; never tells whether the name exists.
        bucket -> Text,
        failures -> Int4,
        last_failure_at -> Timestamptz,
        /// Closed until then; of a bucket of tokens, the moment from which one is there.
        blocked_until -> Timestamptz,
    }
}

diesel::table! {
    staff_groups (agency_id, id) {
        agency_id -> Uuid,
        id -> Uuid,
        name -> Text,
        /// Words of the permission catalogue; no CHECK, because the catalogue grows without a migration.
        permissions -> Array<Text>,
    }
}

diesel::table! {
    staff_users (agency_id, id) {
        agency_id -> Uuid,
        id -> Uuid,
        group_id -> Uuid,
        /// Stored in lower case: names are compared without regard to case.
        username -> Text,
        first_name -> Text,
        last_name -> Text,
        email -> Text,
        state -> Text,
        /// argon2id in PHC form; null until the person chose a password.
        password_hash -> Nullable<Text>,
        time_zone -> Text,
        created_at -> Timestamptz,
        last_sign_in_at -> Nullable<Timestamptz>,
        version -> Int4,
    }
}

diesel::table! {
    /// What each state asks of the form of a certificate; a state without a row was not looked up.
    state_rules (state) {
        state -> Text,
        rule -> Text,
        /// How much it weighs when the page is a layout of the agency's own.
        severity -> Text,
        source -> Text,
        /// A year, a month or a day, as far as it is known.
        source_date -> Nullable<Text>,
        note -> Nullable<Text>,
    }
}

diesel::table! {
    /// What staff must do about mail that came back, answers of insureds, and requests for approval that were declined.
    tasks (agency_id, id) {
        agency_id -> Uuid,
        id -> Uuid,
        state -> Text,
        delivery_id -> Nullable<Uuid>,
        /// From where mail came back; null for an answer and a declined request.
        address -> Nullable<Text>,
        certificate_id -> Nullable<Uuid>,
        reason -> Text,
        created_at -> Timestamptz,
        settled_at -> Nullable<Timestamptz>,
        settled_by_id -> Nullable<Uuid>,
        settled_by_name -> Nullable<Text>,
        settled_reason -> Nullable<Text>,
        kind -> Text,
        notice_id -> Nullable<Uuid>,
        question_id -> Nullable<Uuid>,
        approval_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    templates (agency_id, id) {
        agency_id -> Uuid,
        id -> Uuid,
        version -> Int4,
        kind -> Text,
        name -> Text,
        /// Only of a mail; the usual subject where there is none.
        subject -> Nullable<Text>,
        /// With its placeholders in two braces each.
        body -> Text,
        /// The endorsements that the text needs: number, and edition where only that one will do.
        forms -> Jsonb,
        created_at -> Timestamptz,
        archived_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    vehicles (agency_id, id) {
        agency_id -> Uuid,
        id -> Uuid,
        policy_id -> Uuid,
        year -> Nullable<Int4>,
        make -> Nullable<Text>,
        model -> Nullable<Text>,
        vin -> Text,
        garaging_state -> Nullable<Text>,
    }
}

diesel::table! {
    /// When each worker was last seen working; of the installation, not of an agency.
    worker_heartbeats (worker) {
        worker -> Text,
        seen_at -> Timestamptz,
    }
}

diesel::allow_tables_to_appear_in_same_query!(carriers, insureds);
diesel::allow_tables_to_appear_in_same_query!(carriers, policies);
diesel::allow_tables_to_appear_in_same_query!(certificate_attachments, documents);
diesel::allow_tables_to_appear_in_same_query!(certificate_policies, certificates);
diesel::allow_tables_to_appear_in_same_query!(certificates, deliveries);
diesel::allow_tables_to_appear_in_same_query!(certificates, documents);
diesel::allow_tables_to_appear_in_same_query!(certificates, holders);
diesel::allow_tables_to_appear_in_same_query!(deliveries, documents);
diesel::allow_tables_to_appear_in_same_query!(holder_group_members, holder_groups);
diesel::allow_tables_to_appear_in_same_query!(holder_group_members, holders);
diesel::allow_tables_to_appear_in_same_query!(holders, insured_holders);
diesel::allow_tables_to_appear_in_same_query!(holders, interests);
diesel::allow_tables_to_appear_in_same_query!(insured_holders, insureds);
diesel::allow_tables_to_appear_in_same_query!(insureds, policies);
diesel::allow_tables_to_appear_in_same_query!(insureds, portal_users);
diesel::allow_tables_to_appear_in_same_query!(insureds, sessions);
diesel::allow_tables_to_appear_in_same_query!(portal_users, sessions);
diesel::allow_tables_to_appear_in_same_query!(sessions, staff_groups);
diesel::allow_tables_to_appear_in_same_query!(sessions, staff_users);
diesel::allow_tables_to_appear_in_same_query!(staff_groups, staff_users);
