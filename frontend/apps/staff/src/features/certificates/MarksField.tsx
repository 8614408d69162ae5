import type { components } from "@countersign/api/schema";
import { Checkbox } from "@mantine/core";
import { type Line, LINES, takesAdditionalInsured } from "../../lines";
import { useMessages } from "../../messages/MessagesProvider";
import classes from "./MarksField.module.css";
import { marksOf } from "./send-draft";

export interface MarksFieldProps {
  readonly master: components["schemas"]["Master"];
  readonly additionalInsured: readonly Line[];
  readonly waiver: readonly Line[];
  readonly onAdditionalInsured: (lines: Line[]) => void;
  readonly onWaiver: (lines: Line[]) => void;
}

/** The two marks, line by line; only what the master has a form for can be marked. */
export function MarksField({
  master,
  additionalInsured,
  waiver,
  onAdditionalInsured,
  onWaiver,
}: MarksFieldProps) {
  const t = useMessages();
  const lines = LINES.filter((line) => master.sections[line]);
  const mayMark = {
    additional_insured: marksOf(master, "additional_insured"),
    waiver: marksOf(master, "waiver"),
  };

  function box(
    line: Line,
    mark: "additional_insured" | "waiver",
    chosen: readonly Line[],
    onChange: (lines: Line[]) => void,
  ) {
    if (mark === "additional_insured" && !takesAdditionalInsured(line)) {
      return <span className={classes.none}>{t.send.noBox}</span>;
    }
    if (!mayMark[mark].includes(line)) {
      return (
        <span className={classes.none} title={t.send.noForm}>
          {t.send.noFormShort}
        </span>
      );
    }
    const label = mark === "waiver" ? t.send.waiver : t.send.additionalInsured;
    return (
      <Checkbox
        aria-label={`${t.lines.full[line]}: ${label}`}
        checked={chosen.includes(line)}
        onChange={(event) => {
          const on = event.currentTarget.checked;
          onChange(LINES.filter((each) => (each === line ? on : chosen.includes(each))));
        }}
      />
    );
  }

  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th scope="col">{t.send.line}</th>
          <th scope="col">{t.send.additionalInsured}</th>
          <th scope="col">{t.send.waiver}</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <tr key={line}>
            <th scope="row">{t.lines.full[line]}</th>
            <td>{box(line, "additional_insured", additionalInsured, onAdditionalInsured)}</td>
            <td>{box(line, "waiver", waiver, onWaiver)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
