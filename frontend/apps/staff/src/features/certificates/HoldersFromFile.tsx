import { client } from "@countersign/api/client";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import type { components } from "@countersign/api/schema";
import { FileDrop } from "@countersign/ui/FileDrop";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { saveFile } from "@countersign/ui/save-file";
import { useFormat } from "@countersign/ui/UiProvider";
import { Button, Select } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { LinkAnchor } from "../../LinkAnchor";
import { addressLine } from "../../holder";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import { chosen, type ChosenHolder } from "./batch-row";
import { decodeText, type ListedHolder, MOST_HOLDERS, readHolderList } from "./holder-list";
import classes from "./PickHolders.module.css";
import { rowFaults } from "./row-faults";
import { filesNeeded } from "./sending-room";

type Holder = components["schemas"]["Holder"];

interface Row extends ListedHolder {
  readonly holders: readonly Holder[];
  /** Where nobody in use is meant: archived holders that would be. */
  readonly archived: readonly Holder[];
}

export interface HoldersFromFileProps {
  readonly insured: string;
  readonly picked: ReadonlySet<string>;
  readonly onAdd: (holders: readonly ChosenHolder[], emails: Record<string, string[]>) => void;
}

/** Holders by a list of names and addresses: found in the library, chosen from several, or told to be missing. */
export function HoldersFromFile({ insured, picked, onAdd }: HoldersFromFileProps) {
  const t = useMessages();
  const format = useFormat();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [rows, setRows] = useState<readonly Row[]>([]);
  const [unreadable, setUnreadable] = useState<readonly ListedHolder[]>([]);
  const [names, setNames] = useState<readonly string[]>([]);

  function add(found: readonly { readonly holder: Holder; readonly emails: readonly string[] }[]) {
    onAdd(
      found.map(({ holder }) => chosen(holder)),
      Object.fromEntries(
        found
          .filter(({ emails }) => emails.length > 0)
          .map(({ holder, emails }) => [holder.id, [...emails]]),
      ),
    );
  }

  async function read(file: File) {
    setBusy(true);
    setProblem(null);
    setRows([]);
    setUnreadable([]);
    try {
      const all = readHolderList(decodeText(await file.arrayBuffer()));
      if (typeof all === "string") {
        setFault(t.batches.fileFaults[all]);
        return;
      }
      if (all.length > MOST_HOLDERS) {
        setFault(t.batches.fileTooLong(all.length, filesNeeded(all.length)));
        return;
      }
      setFault(null);
      // A row with a mistake keeps none of the others, and is not sent to half of those that it names.
      setUnreadable(all.filter((row) => row.unreadable.length > 0));
      const listed = all.filter((row) => row.unreadable.length === 0);
      if (listed.length === 0) return;
      setNames(listed.map((row) => row.name || row.emails.join(", ")));
      const { data } = await client.POST("/v1/insureds/{insured}/batches/holders", {
        params: { path: { insured } },
        body: { rows: listed.map(({ name, emails }) => ({ name, emails: [...emails] })) },
      });
      const found = listed.map((row, place) => ({
        ...row,
        holders: data?.rows[place]?.holders ?? [],
        archived: data?.rows[place]?.archived ?? [],
      }));
      setRows(found);
      add(
        found.flatMap(({ holders: [only, ...others], emails }) =>
          only !== undefined && others.length === 0 ? [{ holder: only, emails }] : [],
        ),
      );
    } catch (thrown) {
      setProblem(problemOf(thrown));
    } finally {
      setBusy(false);
    }
  }

  const known = new Set(
    rows.flatMap(({ holders: [only, ...others] }) =>
      only !== undefined && others.length === 0 && picked.has(only.id) ? [only.id] : [],
    ),
  ).size;
  const several = rows.filter((row) => row.holders.length > 1);
  const nobody = rows.filter((row) => row.holders.length === 0);
  const archived = new Map(
    nobody.flatMap((row) => row.archived.map((holder) => [holder.id, holder.name] as const)),
  );
  const unknown = nobody.filter((row) => row.archived.length === 0);
  return (
    <>
      <FileDrop
        title={t.batches.fileTitle}
        hint={t.batches.fileHint}
        accept=".csv,text/csv,.txt"
        disabled={busy}
        onFiles={([file]) => {
          if (file !== undefined) void read(file);
        }}
      />
      <div className={classes.tools}>
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          leftSection={<IconDownload size={14} />}
          onClick={() =>
            saveFile(
              new Blob([t.batches.templateText], { type: "text/csv" }),
              t.batches.templateName,
            )
          }
        >
          {t.batches.template}
        </Button>
      </div>
      <div role="status" className={classes.pick}>
        {fault === null ? null : <p className={classes.fault}>{fault}</p>}
        {known === 0 ? null : <p className={classes.note}>{t.batches.matched(known)}</p>}
      </div>
      {problem === null ? null : (
        <ProblemAlert problem={problem} fields={rowFaults(problem.fields, names, t)} />
      )}
      {several.map((row) => (
        <Select
          key={row.row}
          label={t.batches.rowInFile(row.name || row.emails.join(", "))}
          description={t.batches.severalMean}
          placeholder={t.batches.choose}
          data={row.holders.map((holder) => ({
            value: holder.id,
            label: `${holder.name}, ${addressLine(holder.address)}`,
          }))}
          onChange={(id) => {
            const holder = row.holders.find((each) => each.id === id);
            if (holder !== undefined) add([{ holder, emails: row.emails }]);
          }}
        />
      ))}
      {unreadable.length === 0 ? null : (
        <div>
          <p className={classes.fault}>{t.batches.rowsUnreadable}</p>
          <ul className={classes.unknown}>
            {unreadable.map((row) => (
              <li key={row.row}>
                {t.batches.rowUnreadable(
                  row.row,
                  row.name,
                  format.list(row.unreadable.map((each) => t.batches.quoted(each))),
                )}
              </li>
            ))}
          </ul>
        </div>
      )}
      {archived.size === 0 ? null : (
        <div>
          <p className={classes.fault}>{t.batches.archivedMeantText}</p>
          <ul className={classes.unknown}>
            {[...archived].map(([id, name]) => (
              <li key={id}>
                <LinkAnchor {...paths.holder(id)} target="_blank">
                  {name}
                </LinkAnchor>
              </li>
            ))}
          </ul>
        </div>
      )}
      {unknown.length === 0 ? null : (
        <div>
          <p className={classes.fault}>
            {t.batches.nobodyMeansText}{" "}
            <LinkAnchor {...paths.newHolder()} target="_blank">
              {t.holders.add}
            </LinkAnchor>
          </p>
          <ul className={classes.unknown}>
            {unknown.map((row) => (
              <li key={row.row}>
                {t.batches.rowMissing(row.row, row.name, row.emails.join(", "))}
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}
