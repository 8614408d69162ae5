import type { components } from "@countersign/api/schema";
import { Loading } from "@countersign/ui/Loading";
import { Checkbox, Skeleton } from "@mantine/core";
import { IconEye, IconHandClick } from "@tabler/icons-react";
import { useMessages } from "../../messages/MessagesProvider";
import classes from "./RightsField.module.css";

type PortalRight = components["schemas"]["PortalRight"];
type Right = PortalRight["word"];

export interface RightsFieldProps {
  /** The server's catalogue; undefined while it is on its way. */
  readonly catalogue: readonly PortalRight[] | undefined;
  readonly value: readonly Right[];
  readonly onChange: (rights: Right[]) => void;
  readonly readOnly?: boolean;
}

/** The rights of the catalogue in two kinds that look different: seeing, and acting. */
export function RightsField({ catalogue, value, onChange, readOnly = false }: RightsFieldProps) {
  const t = useMessages();
  if (catalogue === undefined) {
    return (
      <Loading>
        <Skeleton height={180} />
      </Loading>
    );
  }
  const kinds = [
    { kind: "read", title: t.portal.canSee, note: t.portal.canSeeNote, Icon: IconEye },
    { kind: "act", title: t.portal.canDo, note: t.portal.canDoNote, Icon: IconHandClick },
  ] as const;
  return (
    <div className={classes.kinds}>
      {kinds.map(({ kind, title, note, Icon }) => (
        <fieldset key={kind} className={classes.kind} data-kind={kind}>
          <legend className={classes.legend}>
            <Icon size={16} stroke={1.7} aria-hidden />
            {title}
          </legend>
          <p className={classes.note}>{note}</p>
          {catalogue
            .filter((right) => right.kind === kind)
            .map((right) => (
              <Checkbox
                key={right.word}
                label={right.label}
                description={right.description}
                checked={value.includes(right.word)}
                disabled={readOnly}
                onChange={(event) => {
                  const granted = event.currentTarget.checked;
                  onChange(
                    catalogue
                      .map((each) => each.word)
                      .filter((word) => (word === right.word ? granted : value.includes(word))),
                  );
                }}
              />
            ))}
        </fieldset>
      ))}
    </div>
  );
}
