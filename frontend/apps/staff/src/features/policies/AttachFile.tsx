import { client, ifMatch } from "@countersign/api/client";
import { MAX_FILE_BYTES } from "@countersign/api/limits";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import type { components } from "@countersign/api/schema";
import { FileDrop } from "@countersign/ui/FileDrop";
import { FormDialog } from "@countersign/ui/FormDialog";
import { toastDone } from "@countersign/ui/toast";
import { useFormat } from "@countersign/ui/UiProvider";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useMessages } from "../../messages/MessagesProvider";
import classes from "./AttachFile.module.css";
import { onceMore, readAnew } from "./once-more";
import { refreshPolicy } from "./refresh-policy";

export interface AttachFileProps {
  readonly record: components["schemas"]["PolicyRecord"];
  readonly form: components["schemas"]["Endorsement"];
  readonly onClose: () => void;
}

/** What the policy says of a form, to be compared. */
function formIn({ policy }: components["schemas"]["PolicyRecord"], id: string): string {
  return JSON.stringify(policy.endorsements.find((each) => each.id === id) ?? null);
}

/** Attaches the PDF of an endorsement, in the place of the one before where there is one. */
export function AttachFile({ record, form, onClose }: AttachFileProps) {
  const t = useMessages();
  const format = useFormat();
  const cache = useQueryClient();
  const a = t.attachments;
  const [onFile, setOnFile] = useState(record);
  const [file, setFile] = useState<File | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState(false);
  const name = `${form.form_number} ${form.edition}`;

  function choose(chosen: File | undefined) {
    if (chosen === undefined) return;
    setProblem(null);
    // Said here, since the server breaks off what is too large while it still comes in.
    const wrong = !/\.pdf$/i.test(chosen.name)
      ? a.notPdf
      : chosen.size > MAX_FILE_BYTES
        ? a.tooLarge(format.bytes(chosen.size), format.bytes(MAX_FILE_BYTES))
        : null;
    setFault(wrong);
    setFile(wrong === null ? chosen : null);
  }

  async function send() {
    if (file === null) return;
    setBusy(true);
    setProblem(null);
    setFault(null);
    try {
      const attached = await onceMore(
        (version) =>
          client.PUT("/v1/policies/{policy}/endorsements/{endorsement}/file", {
            params: {
              path: { policy: record.id, endorsement: form.id },
              query: { name: file.name },
              header: ifMatch(version),
            },
            body: [],
            bodySerializer: () => file,
            headers: { "Content-Type": "application/pdf" },
          }),
        onFile.version,
        async () => {
          const newest = await readAnew(record);
          setOnFile(newest);
          return newest;
        },
        (newest) => formIn(newest, form.id) !== formIn(onFile, form.id),
      );
      if (!attached) {
        setFault(a.changedMeanwhile(name));
        setBusy(false);
        return;
      }
      await refreshPolicy(cache, record);
      toastDone(a.attached(name));
      onClose();
    } catch (thrown) {
      setProblem(problemOf(thrown));
      setBusy(false);
    }
  }

  return (
    <FormDialog
      opened
      onClose={onClose}
      title={form.file ? a.replaceOf(name) : a.attachOf(name)}
      submitLabel={form.file ? a.replace : a.attach}
      busy={busy}
      disabled={file === null}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
      problem={problem === null ? null : { problem }}
    >
      <div className={classes.fields}>
        <p className={classes.line}>{a.intro}</p>
        {form.file ? (
          <p className={classes.line}>
            {a.current(form.file.name, format.bytes(form.file.size_bytes))}
          </p>
        ) : null}
        <FileDrop
          title={a.drop}
          hint={a.dropHint}
          accept=".pdf,application/pdf"
          multiple={false}
          disabled={busy}
          onFiles={([chosen]) => choose(chosen)}
        />
        <div role="status">
          {fault === null ? null : <p className={classes.fault}>{fault}</p>}
          {file === null ? null : (
            <p className={classes.chosen}>
              {file.name} · {format.bytes(file.size)}
            </p>
          )}
        </div>
      </div>
    </FormDialog>
  );
}
