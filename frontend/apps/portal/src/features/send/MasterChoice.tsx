import type { components } from "@countersign/api/schema";
import { useFormat } from "@countersign/ui/UiProvider";
import { useMessages } from "../../messages/MessagesProvider";
import { Choice } from "./Choice";
import classes from "./Question.module.css";

type Master = components["schemas"]["Master"];

export interface MasterChoiceProps {
  readonly masters: readonly Master[];
  readonly chosen: string | null;
  readonly onChoose: (master: string) => void;
  readonly error: string | null;
}

export function MasterChoice({ masters, chosen, onChoose, error }: MasterChoiceProps) {
  const t = useMessages();
  const format = useFormat();
  return (
    <fieldset className={classes.question}>
      <legend className={classes.legend}>{t.send.what.masters}</legend>
      {error === null ? null : (
        <p className={classes.error} role="alert">
          {error}
        </p>
      )}
      <div className={classes.choices}>
        {masters.map((master) => {
          const lines = format.list(master.policies.map((policy) => t.lines[policy.line]));
          const date = format.longDate(master.earliest_expiration_on);
          return (
            <Choice
              key={master.id}
              group="master"
              title={master.name}
              checked={chosen === master.id}
              onChoose={() => onChoose(master.id)}
            >
              {master.state === "expired"
                ? t.send.what.masterPast(lines, date)
                : master.state === "upcoming"
                  ? t.send.what.masterUpcoming(lines)
                  : t.send.what.masterUntil(lines, date)}
            </Choice>
          );
        })}
      </div>
    </fieldset>
  );
}
