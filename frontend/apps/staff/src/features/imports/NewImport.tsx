import { client } from "@countersign/api/client";
import { Intent } from "@countersign/api/intent";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import { invalidate } from "@countersign/api/query";
import { FileDrop } from "@countersign/ui/FileDrop";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { Section } from "@countersign/ui/Section";
import { StatusBadge } from "@countersign/ui/StatusBadge";
import { useFormat } from "@countersign/ui/UiProvider";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { LinkButton } from "../../LinkButton";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import { holdFiles } from "./files-in-hand";
import classes from "./NewImport.module.css";
import { looksLikeWorkbook } from "./workbooks";

/** An import begins with its first file: whoever leaves before that leaves nothing behind. */
export function NewImport() {
  const t = useMessages();
  const format = useFormat();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const [intent] = useState(() => new Intent());
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState(false);
  /** Workbooks that were chosen and nothing else. */
  const [refused, setRefused] = useState<readonly string[]>([]);

  async function begin(files: File[]) {
    if (files.length === 0) return;
    setProblem(null);
    const workbooks = await Promise.all(files.map(looksLikeWorkbook));
    setRefused(workbooks.every(Boolean) ? files.map((file) => file.name) : []);
    if (workbooks.every(Boolean)) return;
    setBusy(true);
    try {
      const { data } = await client.POST("/v1/imports", {
        headers: { "Idempotency-Key": intent.key(null) },
      });
      intent.settle();
      void invalidate(cache, "/v1/imports");
      if (data === undefined) return;
      holdFiles(files);
      await navigate({ ...paths.import(data.id), replace: true });
    } catch (thrown) {
      const trouble = problemOf(thrown);
      intent.settle(trouble);
      setProblem(trouble);
      setBusy(false);
    }
  }

  return (
    <Section title={t.imports.addFiles} note={t.imports.addFilesNote}>
      {problem === null ? null : <ProblemAlert problem={problem} />}
      <FileDrop
        title={t.imports.drop}
        hint={t.imports.dropHint}
        accept=".csv,text/csv"
        disabled={busy}
        onFiles={(files) => void begin(files)}
      />
      {refused.length === 0 ? null : (
        <div role="alert" className={classes.refused}>
          <StatusBadge tone="bad">{t.imports.notTakenOf(format.list(refused))}</StatusBadge>
          <p className={classes.why}>{t.imports.workbook}</p>
        </div>
      )}
      <LinkButton {...paths.imports()} variant="subtle" color="gray" mt={16}>
        {t.imports.toImports}
      </LinkButton>
    </Section>
  );
}
