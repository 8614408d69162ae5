import { useFormat } from "@countersign/ui/UiProvider";
import { Checkbox } from "@mantine/core";
import { useMessages } from "../../messages/MessagesProvider";
import classes from "./EndorsementsField.module.css";
import { type RestingRow, tallyForms } from "./many-endorsements";

export interface ManyEndorsementsFieldProps {
  readonly rows: readonly RestingRow[];
  /** How many of the rows are set aside because their files do not fit into one mail. */
  readonly heavy: number;
  readonly value: boolean;
  readonly onChange: (attach: boolean) => void;
}

/** Whether the endorsements go along with each of many certificates. */
export function ManyEndorsementsField({
  rows,
  heavy,
  value,
  onChange,
}: ManyEndorsementsFieldProps) {
  const t = useMessages();
  const format = useFormat();
  const a = t.attachments;
  const forms = tallyForms(rows);
  if (forms.every((form) => form.sizeBytes === null)) return null;
  return (
    <div className={classes.field}>
      <Checkbox
        label={a.behind}
        description={a.manyHint}
        checked={value}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <ul className={classes.list} data-out={!value || undefined}>
        {forms.map((form) => (
          <li key={form.key} className={classes.row}>
            <span>{a.manyRow(form.form, form.holders)}</span>
            <span className={classes.soft}>
              {form.sizeBytes === null ? a.noFile : format.bytes(form.sizeBytes)}
            </span>
          </li>
        ))}
      </ul>
      {heavy === 0 ? null : (
        <p className={classes.fault} role="alert">
          {a.tooHeavyFor(heavy)}
        </p>
      )}
    </div>
  );
}
