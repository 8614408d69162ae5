import { api } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { useFormat } from "@countersign/ui/UiProvider";
import { SegmentedControl, Select, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData } from "@tanstack/react-query";
import { useState } from "react";
import { AddressFields } from "../../AddressFields";
import { useMessages } from "../../messages/MessagesProvider";
import classes from "./HolderField.module.css";
import { EMPTY_HOLDER, type NewHolder } from "./send-draft";

type Holder = components["schemas"]["Holder"];
type UsedHolder = components["schemas"]["Holder"];

export interface HolderFieldProps {
  readonly used: readonly UsedHolder[];
  readonly holder: string | null;
  readonly newHolder: NewHolder | null;
  readonly onPick: (holder: Holder | null) => void;
  readonly onNew: (holder: NewHolder | null) => void;
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
  holder,
  newHolder,
  onPick,
  onNew,
  errors,
  autoFocus = false,
}: HolderFieldProps) {
  const t = useMessages();
  const format = useFormat();
  const [typed, setTyped] = useState("");
  const [asked] = useDebouncedValue(typed.trim(), 180);
  const [picked, setPicked] = useState<Holder | null>(null);
  const found = api.useQuery(
    "get",
    "/v1/holders",
    { params: { query: { q: asked, limit: 20 } } },
    { enabled: newHolder === null && asked.length >= 2, placeholderData: keepPreviousData },
  );
  const known = new Set(used.map((each) => each.id));
  const others = (found.data?.data ?? []).filter((each) => !known.has(each.id));
  if (picked !== null && !known.has(picked.id) && !others.some((each) => each.id === picked.id)) {
    others.unshift(picked);
  }
  const all: readonly Holder[] = [...used, ...others];
  const current = all.find((each) => each.id === holder);
  const lastUsed = new Map(used.map((each) => [each.id, each.last_used_at]));

  return (
    <div className={classes.field}>
      <SegmentedControl
        aria-label={t.send.holder}
        data={[
          { value: "known", label: t.send.knownHolder },
          { value: "new", label: t.send.newHolder },
        ]}
        value={newHolder === null ? "known" : "new"}
        onChange={(next) => {
          if (next === "known") onNew(null);
          else onNew({ ...EMPTY_HOLDER, name: typed === current?.name ? "" : typed.trim() });
        }}
      />
      {newHolder === null ? (
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
              if (wanted === current?.name.toLocaleLowerCase()) return options;
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
                    {each?.care_of ? (
                      <span className={classes.careOf}>{t.send.careOf(each.care_of)}</span>
                    ) : null}
                  </span>
                  <span className={classes.soft}>
                    {each === undefined ? "" : place(each)}
                    {last ? ` · ${format.ago(last)}` : ""}
                  </span>
                </span>
              );
            }}
            value={holder}
            onChange={(id) => {
              const next = all.find((each) => each.id === id) ?? null;
              setPicked(next);
              onPick(next);
            }}
            error={errors["holder"] ?? errors["holder.id"]}
            nothingFoundMessage={t.send.noHolder}
            maxDropdownHeight={320}
          />
          {current === undefined ? null : (
            <p className={classes.address}>
              {current.care_of ? `${t.send.careOf(current.care_of)}, ` : ""}
              {[
                current.address.line1,
                current.address.line2,
                `${current.address.city}, ${current.address.state} ${current.address.postal_code}`,
              ]
                .filter(Boolean)
                .join(", ")}
            </p>
          )}
        </>
      ) : (
        <div className={classes.newHolder}>
          <TextInput
            label={t.send.holderName}
            description={t.send.holderNameHint}
            value={newHolder.name}
            onChange={(event) => onNew({ ...newHolder, name: event.currentTarget.value })}
            error={errors["holder.new.name"]}
            autoComplete="off"
          />
          <TextInput
            label={t.send.careOfLabel}
            value={newHolder.care_of ?? ""}
            onChange={(event) => {
              const text = event.currentTarget.value;
              onNew({ ...newHolder, care_of: text === "" ? null : text });
            }}
            error={errors["holder.new.care_of"]}
            autoComplete="off"
          />
          <AddressFields
            value={newHolder.address}
            onChange={(address) =>
              onNew({ ...newHolder, address: { ...address, line2: address.line2 || null } })
            }
            errors={{
              line1: errors["holder.new.address.line1"] ?? "",
              line2: errors["holder.new.address.line2"] ?? "",
              city: errors["holder.new.address.city"] ?? "",
              state: errors["holder.new.address.state"] ?? "",
              postal_code: errors["holder.new.address.postal_code"] ?? "",
            }}
          />
          <TextInput
            label={t.send.holderEmail}
            description={t.send.holderEmailHint}
            type="email"
            value={newHolder.email ?? ""}
            onChange={(event) => {
              const text = event.currentTarget.value;
              onNew({ ...newHolder, email: text === "" ? null : text });
            }}
            error={errors["holder.new.email"]}
            autoComplete="off"
          />
        </div>
      )}
    </div>
  );
}
