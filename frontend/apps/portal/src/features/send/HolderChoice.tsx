import { useFormat } from "@countersign/ui/UiProvider";
import { Button, TextInput } from "@mantine/core";
import { IconPlus, IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useMessages } from "../../messages/MessagesProvider";
import { Choice } from "./Choice";
import type { UsedHolder } from "./draft";
import classes from "./Question.module.css";

/** As many as one takes in at a glance; the others are one tap or a few letters away. */
const AT_FIRST = 5;

export interface HolderChoiceProps {
  readonly holders: readonly UsedHolder[];
  readonly chosen: string | null;
  readonly onChoose: (holder: string) => void;
  readonly onSomeoneNew: () => void;
  readonly error: string | null;
}

function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();
}

/** Those who got a certificate before, the latest first (A2.21). */
export function HolderChoice({
  holders,
  chosen,
  onChoose,
  onSomeoneNew,
  error,
}: HolderChoiceProps) {
  const t = useMessages();
  const format = useFormat();
  const [wanted, setWanted] = useState("");
  const [all, setAll] = useState(false);
  const asked = folded(wanted.trim());
  const matching = holders.filter((holder) =>
    folded(`${holder.name} ${holder.care_of ?? ""} ${holder.address.city}`).includes(asked),
  );
  const shown = all || asked !== "" ? matching : matching.slice(0, AT_FIRST);
  const hidden = chosen !== null && !shown.some((holder) => holder.id === chosen);
  const kept = hidden ? holders.filter((holder) => holder.id === chosen) : [];
  return (
    <fieldset className={classes.question}>
      <legend className={classes.legend}>{t.send.what.holders}</legend>
      <p className={classes.note}>{t.send.what.holdersText}</p>
      {error === null ? null : (
        <p className={classes.error} role="alert">
          {error}
        </p>
      )}
      {holders.length > AT_FIRST ? (
        <TextInput
          className={classes.search ?? ""}
          aria-label={t.send.what.search}
          placeholder={t.send.what.search}
          leftSection={<IconSearch size={18} aria-hidden />}
          value={wanted}
          onChange={(event) => setWanted(event.currentTarget.value)}
          type="search"
          autoComplete="off"
          size="lg"
        />
      ) : null}
      {matching.length === 0 ? (
        <p className={classes.nobody} role="status">
          {t.send.what.noMatch(wanted.trim())}
        </p>
      ) : null}
      <div className={classes.choices}>
        {[...kept, ...shown].map((holder) => (
          <Choice
            key={holder.id}
            group="holder"
            title={holder.name}
            checked={chosen === holder.id}
            onChoose={() => onChoose(holder.id)}
          >
            {holder.address.city}, {holder.address.state}
            {holder.last_used_at
              ? ` · ${t.send.what.lastUsed(format.ago(holder.last_used_at))}`
              : ""}
          </Choice>
        ))}
      </div>
      <div className={classes.more}>
        {shown.length < matching.length ? (
          <Button variant="default" size="md" onClick={() => setAll(true)}>
            {t.send.what.showAll(matching.length)}
          </Button>
        ) : null}
        <Button
          variant="default"
          size="md"
          leftSection={<IconPlus size={18} aria-hidden />}
          onClick={onSomeoneNew}
        >
          {t.send.what.someoneNew}
        </Button>
      </div>
    </fieldset>
  );
}
