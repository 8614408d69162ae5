import { STATES } from "@countersign/api/states";
import { Button, Checkbox, NativeSelect, TextInput } from "@mantine/core";
import { useMessages } from "../../messages/MessagesProvider";
import type { HolderForm } from "./draft";
import classes from "./Question.module.css";

export interface NewHolderProps {
  readonly form: HolderForm;
  readonly onChange: (form: HolderForm) => void;
  /** They are needed this once. */
  readonly once: boolean;
  readonly onOnce: (once: boolean) => void;
  readonly errors: Partial<Record<keyof HolderForm, string>>;
  /** Null where there is no list to go back to. */
  readonly onFromList: (() => void) | null;
}

/** Somebody who never got a certificate before. */
export function NewHolder({ form, onChange, once, onOnce, errors, onFromList }: NewHolderProps) {
  const t = useMessages();
  const words = t.send.holder;
  function field(name: keyof HolderForm) {
    return {
      name,
      value: form[name],
      error: errors[name],
      onChange: (event: { currentTarget: { value: string } }) =>
        onChange({ ...form, [name]: event.currentTarget.value }),
      autoComplete: "off",
      size: "lg" as const,
    };
  }
  return (
    <fieldset className={classes.question}>
      <legend className={classes.legend}>{words.title}</legend>
      <p className={classes.note}>{t.send.what.holdersText}</p>
      <div className={classes.fields}>
        <TextInput {...field("name")} label={words.name} description={words.nameHint} />
        <TextInput {...field("care_of")} label={words.careOf} description={words.careOfHint} />
        <TextInput {...field("line1")} label={words.line1} />
        <TextInput {...field("line2")} label={words.line2} />
        <TextInput {...field("city")} label={words.city} />
        <NativeSelect
          {...field("state")}
          className={classes.rest ?? ""}
          label={words.state}
          data={[
            { value: "", label: words.stateHint },
            ...STATES.map(([code, name]) => ({ value: code, label: name })),
          ]}
        />
        <TextInput
          {...field("postal_code")}
          className={classes.third ?? ""}
          label={words.postalCode}
          inputMode="numeric"
        />
        <TextInput
          {...field("email")}
          label={words.email}
          description={words.emailHint}
          type="email"
          inputMode="email"
          autoCapitalize="none"
          spellCheck={false}
        />
        <Checkbox
          size="md"
          label={words.once}
          description={words.onceHint}
          checked={once}
          onChange={(event) => onOnce(event.currentTarget.checked)}
        />
      </div>
      {onFromList === null ? null : (
        <div className={classes.more}>
          <Button variant="default" size="md" onClick={onFromList}>
            {t.send.what.fromList}
          </Button>
        </div>
      )}
    </fieldset>
  );
}
