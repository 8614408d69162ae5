-- Few certificates are withdrawn or superseded. Whoever asks for those need not pass by all the others.
CREATE INDEX certificates_in_other_states ON certificates (agency_id, state, issued_at DESC, id DESC)
    WHERE state <> 'issued';
