import { client } from "@countersign/api/client";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import { api, invalidate } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { ConfirmDialog } from "@countersign/ui/ConfirmDialog";
import { GuardedButton } from "@countersign/ui/GuardedButton";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { Section } from "@countersign/ui/Section";
import { useFormat } from "@countersign/ui/UiProvider";
import { Button, Group } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useState } from "react";
import { DraftGuard } from "../../DraftGuard";
import { LinkButton } from "../../LinkButton";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import { Changes } from "./Changes";
import { Faults } from "./Faults";
import { filesInHand } from "./files-in-hand";
import classes from "./ImportPage.module.css";
import { ImportProgress } from "./ImportProgress";
import { ImportResult } from "./ImportResult";
import { UploadFiles } from "./UploadFiles";
import { useUploads } from "./use-uploads";

type Import = components["schemas"]["Import"];

export interface ImportPageProps {
  readonly id: string;
}

function isRunning(state: Import["state"]): boolean {
  return state === "checking" || state === "applying";
}

/** One import from its files to its result. It goes on while one works elsewhere. */
export function ImportPage({ id }: ImportPageProps) {
  const t = useMessages();
  const format = useFormat();
  const cache = useQueryClient();
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState(false);
  /** What failed last, to be tried again. */
  const [last, setLast] = useState<(() => Promise<unknown>) | null>(null);
  const { data: run } = api.useSuspenseQuery(
    "get",
    "/v1/imports/{import}",
    { params: { path: { import: id } } },
    {
      refetchInterval: ({ state }) =>
        state.data !== undefined && isRunning(state.data.state) ? 1_000 : false,
    },
  );

  function refresh() {
    void invalidate(cache, "/v1/imports");
    return invalidate(cache, "/v1/imports/{import}", { import: id });
  }

  const uploads = useUploads(id, refresh);

  // What was chosen before there was an import begins to go up as soon as there is one.
  const { take } = uploads;
  const begun = useEffectEvent(() => {
    const files = filesInHand();
    if (files.length > 0) void take(files);
  });
  useEffect(() => begun(), []);

  async function act(call: () => Promise<unknown>) {
    setLast(() => call);
    setBusy(true);
    setProblem(null);
    try {
      await call();
      await refresh();
      setAsking(false);
    } catch (thrown) {
      setProblem(problemOf(thrown));
      // It may have begun all the same, here or elsewhere.
      void refresh();
    } finally {
      setBusy(false);
    }
  }

  const params = { path: { import: id } };
  const check = () => act(() => client.POST("/v1/imports/{import}/check", { params }));
  const apply = (good: boolean) =>
    act(() =>
      client.POST("/v1/imports/{import}/apply", { params, body: { take_good_rows: good } }),
    );
  const total = (pick: (file: Import["files"][number]) => number) =>
    run.files.reduce((sum, file) => sum + pick(file), 0);
  const changes = total((file) => file.new + file.changed);
  const good = total((file) => file.good);
  const rows = total((file) => file.rows);
  const holdersAlone = run.files.every(({ file }) => file === "holders");

  // A file that was refused has been dealt with: it keeps nobody.
  const waiting = uploads.pending.filter((upload) => !upload.refused).length;
  const whyNotCheck =
    waiting > 0
      ? t.imports.filesPending(waiting)
      : run.files.length === 0
        ? t.imports.filesFirst
        : null;

  return (
    <div className={classes.page}>
      <DraftGuard dirty={waiting > 0} />
      <p className={classes.who}>
        {t.imports.importOf(format.moment(run.created_at), run.created_by_name)}
      </p>
      {problem === null || asking ? null : (
        <ProblemAlert
          problem={problem}
          {...(last === null ? {} : { onRetry: () => void act(last) })}
        />
      )}
      {run.error ? (
        <ProblemAlert
          problem={{
            slug: "import_failed",
            title: t.imports.failedTitle,
            detail: run.error,
            requestId: null,
            fields: [],
            retryAfterSeconds: null,
          }}
        />
      ) : null}
      {run.state === "draft" ? (
        <Section title={t.imports.addFiles} note={t.imports.addFilesNote}>
          <UploadFiles run={run} uploads={uploads} />
          <Group mt={20}>
            <GuardedButton loading={busy} reason={whyNotCheck} onClick={() => void check()}>
              {t.imports.check}
            </GuardedButton>
          </Group>
        </Section>
      ) : null}
      {isRunning(run.state) ? <ImportProgress run={run} /> : null}
      {run.state === "checked" ? (
        <Section
          title={
            run.fault_count === 0
              ? rows === 0
                ? t.imports.noRows
                : t.imports.allGood
              : t.imports.someFaulty(total((file) => file.faulty))
          }
          note={
            run.fault_count === 0
              ? changes === 0
                ? rows === 0
                  ? t.imports.noRowsNote
                  : t.imports.nothingNew
                : t.imports.allGoodNote(changes)
              : good === 0
                ? t.imports.noneGoodNote
                : t.imports.someFaultyNote
          }
        >
          <ImportResult run={run} />
          <Group mt={18} gap="xs">
            {run.fault_count === 0 ? (
              changes === 0 ? null : (
                <Button loading={busy} disabled={!run.can_apply} onClick={() => void apply(false)}>
                  {t.imports.applyAll(changes)}
                </Button>
              )
            ) : good === 0 ? null : (
              <Button variant="default" disabled={!run.can_apply} onClick={() => setAsking(true)}>
                {t.imports.takeGood(good)}
              </Button>
            )}
            <LinkButton {...paths.imports()} variant="subtle" color="gray">
              {t.imports.leave}
            </LinkButton>
          </Group>
        </Section>
      ) : null}
      {run.state === "applied" || run.state === "failed" ? (
        <Section
          title={run.state === "applied" ? t.imports.done : t.imports.stopped}
          note={
            run.state !== "applied"
              ? t.imports.stoppedNote
              : run.fault_count === 0
                ? t.imports.doneNote
                : t.imports.doneRefusedNote
          }
        >
          <ImportResult run={run} />
          <Group mt={18} gap="xs">
            {holdersAlone ? (
              <LinkButton {...paths.holders()}>{t.imports.toHolders}</LinkButton>
            ) : (
              <LinkButton {...paths.insureds()}>{t.imports.toInsureds}</LinkButton>
            )}
            <LinkButton {...paths.imports()} variant="default">
              {t.imports.toImports}
            </LinkButton>
          </Group>
        </Section>
      ) : null}
      {run.state === "checked" && total((file) => file.changed) > 0 ? <Changes run={run} /> : null}
      {run.fault_count > 0 && !isRunning(run.state) ? <Faults run={run} /> : null}
      <ConfirmDialog
        opened={asking}
        onClose={() => {
          setAsking(false);
          setProblem(null);
        }}
        onConfirm={() => void apply(true)}
        title={t.imports.takeGoodTitle}
        confirmLabel={t.imports.takeGood(good)}
        busy={busy}
        problem={problem === null ? null : { problem }}
      >
        {t.imports.takeGoodText(total((file) => file.faulty))}
      </ConfirmDialog>
    </div>
  );
}
