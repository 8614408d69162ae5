import { problemOf } from "@countersign/api/problem";
import { api } from "@countersign/api/query";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { useFormat } from "@countersign/ui/UiProvider";
import { SegmentedControl, Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData } from "@tanstack/react-query";
import { useState } from "react";
import { useMessages } from "../../messages/MessagesProvider";
import classes from "./HolderField.module.css";
import { NewHolderFields } from "./NewHolderFields";
import type { Holder, HolderMode, NewHolder } from "./send-draft";

export interface HolderFieldProps {
  readonly used: readonly Holder[];
  readonly mode: HolderMode;
  readonly holder: Holder | null;
  readonly newHolder: NewHolder;
  /** The new holder is for this certificate only. */
  readonly oneTime: boolean;
  readonly onOneTime: (oneTime: boolean) => void;
  /** Instead of the new holder, one of the library. */
  readonly onKnown: (holder: Holder) => void;
  /** With what was searched for, which is most often the new holder's name. */
  readonly onMode: (mode: HolderMode, searched: string) => void;
  readonly onPick: (holder: Holder | null) => void;
  /** With the field that changed. */
  readonly onNew: (holder: NewHolder, field: string) => void;
  /** By field: `holder`, `holder.new.name`… */
  readonly errors: Record<string, string>;
  readonly autoFocus?: boolean;
}

function place(holder: Holder): string {
  return `${holder.address.city}, ${holder.address.state}`;
}

/** Whom the certificate is for: one used before, any of the agency, or a new one. */
export function HolderField({
  used,
  mode,
  holder,
  newHolder,
  oneTime,
  onOneTime,
  onKnown,
  onMode,
  onPick,
  onNew,
  errors,
  autoFocus = false,
}: HolderFieldProps) {
  const t = useMessages();
  const format = useFormat();
  const [typed, setTyped] = useState(holder?.name ?? "");
  const searched = typed.trim();
  const [asked] = useDebouncedValue(searched, 180);
  const found = api.useQuery(
    "get",
    "/v1/holders",
    { params: { query: { q: asked, limit: 20 } } },
    { enabled: mode === "known" && asked.length >= 2, placeholderData: keepPreviousData },
  );
  const searching = searched.length >= 2 && (asked !== searched || found.isFetching);
  const known = new Set(used.map((each) => each.id));
  const others = (found.data?.data ?? []).filter((each) => !known.has(each.id));
  if (holder !== null && !known.has(holder.id) && !others.some((each) => each.id === holder.id)) {
    others.unshift(holder);
  }
  const all: readonly Holder[] = [...used, ...others];
  const lastUsed = new Map(used.map((each) => [each.id, each.last_used_at]));

  const nothing = searching
    ? t.send.searching
    : found.error !== null
      ? t.send.searchFailed
      : searched.length < 2
        ? t.send.holderHint
        : t.send.noHolder;

  return (
    <div className={classes.field}>
      <SegmentedControl
        aria-label={t.send.holder}
        data={[
          { value: "known", label: t.send.knownHolder },
          { value: "new", label: t.send.newHolder },
        ]}
        value={mode}
        onChange={(next) =>
          onMode(next === "new" ? "new" : "known", searched === holder?.name ? "" : searched)
        }
      />
      {mode === "known" ? (
        <>
          <Select
            aria-label={t.send.holder}
            placeholder={t.send.holderHint}
            searchable
            selectFirstOptionOnChange
            openOnFocus={false}
            autoFocus={autoFocus}
            searchValue={typed}
            onSearchChange={setTyped}
            data={[
              {
                group: t.send.usedBefore,
                items: used.map((each) => ({ value: each.id, label: each.name })),
              },
              {
                group: t.send.otherHolders,
                items: others.map((each) => ({ value: each.id, label: each.name })),
              },
            ]}
            filter={({ options, search }) => {
              const wanted = search.trim().toLocaleLowerCase();
              if (wanted === holder?.name.toLocaleLowerCase()) return options;
              return options.map((option) =>
                "group" in option
                  ? {
                      ...option,
                      items: option.items.filter((item) =>
                        item.label.toLocaleLowerCase().includes(wanted),
                      ),
                    }
                  : option,
              );
            }}
            renderOption={({ option }) => {
              const each = all.find((candidate) => candidate.id === option.value);
              const last = lastUsed.get(option.value);
              return (
                <span className={classes.option}>
                  <span>
                    {option.label}
                    {each?.care_of ? <span className={classes.careOf}>{each.care_of}</span> : null}
                    {each?.contract_reference ? (
                      <span className={classes.careOf}>{each.contract_reference}</span>
                    ) : null}
                  </span>
                  <span className={classes.soft}>
                    {each === undefined ? "" : place(each)}
                    {last ? ` · ${format.ago(last)}` : ""}
                  </span>
                </span>
              );
            }}
            value={holder?.id ?? null}
            onChange={(id) => onPick(all.find((each) => each.id === id) ?? null)}
            error={errors["holder"] ?? errors["holder.id"]}
            nothingFoundMessage={nothing}
            maxDropdownHeight={320}
          />
          {found.error === null ? null : (
            <ProblemAlert problem={problemOf(found.error)} onRetry={() => void found.refetch()} />
          )}
          {holder === null ? null : (
            <p className={classes.address}>
              {holder.care_of ? `${holder.care_of}, ` : ""}
              {[
                holder.address.line1,
                holder.address.line2,
                `${holder.address.city}, ${holder.address.state} ${holder.address.postal_code}`,
              ]
                .filter(Boolean)
                .join(", ")}
            </p>
          )}
        </>
      ) : (
        <NewHolderFields
          holder={newHolder}
          oneTime={oneTime}
          onOneTime={onOneTime}
          onKnown={(similar) => {
            setTyped(similar.name);
            onKnown(similar);
          }}
          onChange={onNew}
          errors={errors}
        />
      )}
    </div>
  );
}
