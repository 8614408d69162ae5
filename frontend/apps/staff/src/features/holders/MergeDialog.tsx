import { client, ifMatch } from "@countersign/api/client";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import { api, invalidate } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { FormDialog } from "@countersign/ui/FormDialog";
import { toastDone } from "@countersign/ui/toast";
import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { addressLine, holderQuery } from "../../holder";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import { Doubles } from "./Doubles";

type Holder = components["schemas"]["Holder"];

export interface MergeDialogProps {
  readonly double: components["schemas"]["HolderDetail"];
  /** The one that stays, where it was picked already. */
  readonly into: Holder | null;
  readonly opened: boolean;
  readonly onClose: () => void;
}

function label(holder: Holder): string {
  return `${holder.name}, ${addressLine(holder.address)}`;
}

/** Merges a double into the holder that stays, and leads there. */
export function MergeDialog({ double, into, opened, onClose }: MergeDialogProps) {
  const t = useMessages();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const [picked, setPicked] = useState<string | null>(into?.id ?? null);
  const [text, setText] = useState("");
  const [q] = useDebouncedValue(text.split(",")[0]?.trim() ?? "", 200);
  const [missing, setMissing] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const found = api.useQuery(
    "get",
    "/v1/holders",
    { params: { query: { limit: 20, ...(q === "" ? {} : { q }) } } },
    { enabled: opened, placeholderData: keepPreviousData },
  );
  const choices = new Map<string, Holder>();
  for (const holder of [...(into === null ? [] : [into]), ...(found.data?.data ?? [])]) {
    if (holder.id !== double.id) choices.set(holder.id, holder);
  }

  const stays = useQuery({ ...holderQuery(picked ?? ""), enabled: opened && picked !== null });

  async function merge() {
    if (picked === null) {
      setMissing(true);
      return;
    }
    setBusy(true);
    setProblem(null);
    try {
      const { data } = await client.POST("/v1/holders/{holder}/merge", {
        params: { path: { holder: double.id }, header: ifMatch(double.version) },
        body: { into: picked },
      });
      void invalidate(cache, "/v1/holders");
      onClose();
      if (data !== undefined) {
        toastDone(t.holders.mergedDone(data.name));
        await navigate(paths.holder(data.id));
      }
    } catch (thrown) {
      setProblem(problemOf(thrown));
    } finally {
      setBusy(false);
    }
  }

  return (
    <FormDialog
      opened={opened}
      onClose={onClose}
      title={t.holders.merging(double.name)}
      submitLabel={t.holders.mergeDo}
      danger
      size="lg"
      busy={busy}
      problem={problem === null ? null : { problem }}
      onSubmit={(event) => {
        event.preventDefault();
        void merge();
      }}
    >
      <p style={{ margin: 0 }}>{t.holders.mergeText(double.name)}</p>
      <Select
        label={t.holders.mergeWhich}
        placeholder={t.holders.mergeWhichHint}
        data={[...choices.values()].map((holder) => ({ value: holder.id, label: label(holder) }))}
        // The server has searched, also among other names.
        filter={({ options }) => options}
        searchable
        searchValue={text}
        onSearchChange={setText}
        value={picked}
        onChange={(next) => {
          setPicked(next);
          setMissing(false);
        }}
        nothingFoundMessage={t.holders.noOther}
        error={missing ? t.holders.mergeMissing : null}
        withAsterisk
        // Its list would open over the button, where there is nothing left to choose.
        {...(into === null ? { "data-autofocus": true } : {})}
      />
      {picked === null || stays.data === undefined ? null : (
        <Doubles goes={double} stays={stays.data} />
      )}
    </FormDialog>
  );
}
