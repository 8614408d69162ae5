import { problemOf } from "@countersign/api/problem";
import { api } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { SearchField } from "@countersign/ui/SearchField";
import { useFormat } from "@countersign/ui/UiProvider";
import { SegmentedControl } from "@mantine/core";
import { keepPreviousData } from "@tanstack/react-query";
import { useState } from "react";
import { useMessages } from "../../messages/MessagesProvider";
import type { ChosenHolder } from "./batch-row";
import { HolderOptions } from "./HolderOptions";
import { HoldersFromFile } from "./HoldersFromFile";
import { PickGroup } from "./PickGroup";
import classes from "./PickHolders.module.css";
import { roomAfter, withinRoom } from "./sending-room";

type Holder = components["schemas"]["Holder"];
type Source = "used" | "group" | "library" | "file";

export interface PickHoldersProps {
  readonly insured: string;
  readonly used: readonly Holder[];
  readonly picked: ReadonlySet<string>;
  /** What to look for in the library at first. */
  readonly find: string;
  /** With the addresses that a file gave a holder. */
  readonly onAdd: (holders: readonly ChosenHolder[], emails?: Record<string, string[]>) => void;
  readonly onRemove: (holders: readonly string[]) => void;
}

const SOURCES: readonly Source[] = ["used", "group", "library", "file"];

/** Whom to send to: those used before, any of the library, or a list from elsewhere. */
export function PickHolders({ insured, used, picked, find, onAdd, onRemove }: PickHoldersProps) {
  const t = useMessages();
  const format = useFormat();
  const [source, setSource] = useState<Source>(
    find !== "" || used.length === 0 ? "library" : "used",
  );
  const [asked, setAsked] = useState(find);
  /** How many of the last choice did not fit into one sending. */
  const [leftOut, setLeftOut] = useState(0);
  const found = api.useQuery(
    "get",
    "/v1/holders",
    { params: { query: { q: asked, limit: 100 } } },
    { enabled: source === "library" && asked.length >= 2, placeholderData: keepPreviousData },
  );

  const room = roomAfter(picked.size);

  /** Takes what still fits, and says so where that is not all. */
  function add(added: readonly ChosenHolder[], emails?: Record<string, string[]>) {
    setLeftOut(withinRoom(picked, added).leftOut);
    onAdd(added, emails);
  }

  function options(holders: readonly Holder[], soft?: (holder: Holder) => string) {
    return (
      <HolderOptions
        label={t.batches.sources[source]}
        holders={holders}
        {...(soft === undefined ? {} : { soft })}
        picked={picked}
        onAdd={add}
        onRemove={onRemove}
      />
    );
  }

  const library = found.data?.data ?? [];
  return (
    <div className={classes.pick}>
      <SegmentedControl
        aria-label={t.batches.sourcesLabel}
        data={SOURCES.map((value) => ({ value, label: t.batches.sources[value] }))}
        value={source}
        onChange={(next) => setSource(SOURCES.find((each) => each === next) ?? "used")}
        w="fit-content"
      />
      {source === "used" ? (
        used.length === 0 ? (
          <p className={classes.note}>{t.batches.usedNone}</p>
        ) : (
          options(used, (holder) =>
            holder.last_used_at ? ` · ${format.ago(holder.last_used_at)}` : "",
          )
        )
      ) : source === "group" ? (
        <PickGroup>{(holders) => options(holders)}</PickGroup>
      ) : source === "library" ? (
        <>
          <SearchField
            label={t.batches.searchLibrary}
            placeholder={t.batches.searchHint}
            value={asked}
            onSearch={setAsked}
          />
          {found.error === null ? null : (
            <ProblemAlert problem={problemOf(found.error)} onRetry={() => void found.refetch()} />
          )}
          {asked.length === 1 ? (
            <p className={classes.note}>{t.batches.searchShort}</p>
          ) : asked === "" || found.data === undefined ? null : library.length === 0 ? (
            <p className={classes.note}>{t.batches.searchNone}</p>
          ) : (
            options(library)
          )}
          {asked.length >= 2 && found.data?.page.has_more === true ? (
            <p className={classes.note}>{t.batches.moreFound}</p>
          ) : null}
        </>
      ) : (
        <HoldersFromFile insured={insured} picked={picked} onAdd={add} />
      )}
      {leftOut > 0 && room === 0 ? (
        <p className={classes.fault} role="alert">
          {t.batches.leftOutOf(leftOut)} {t.batches.tooMany}
        </p>
      ) : null}
    </div>
  );
}
