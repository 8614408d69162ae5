import type { components } from "@countersign/api/schema";
import { Button, Input } from "@mantine/core";
import type { Interest } from "../../interest";
import { useMessages } from "../../messages/MessagesProvider";
import classes from "./HolderField.module.css";

export interface InterestHolderProps {
  readonly interest: Interest;
  readonly error: string | undefined;
  /** The sentences that the forms on the printed policies allow about it. */
  readonly wordings: readonly components["schemas"]["Wording"][];
  readonly description: string;
  readonly onInsert: (sentence: string) => void;
  /** The sender wants to choose a holder after all. */
  readonly onAnother: () => void;
}

/** The additional interest that a certificate goes to: the page prints its name and address as a holder's. */
export function InterestHolder({
  interest,
  error,
  wordings,
  description,
  onInsert,
  onAnother,
}: InterestHolderProps) {
  const t = useMessages();
  const { address } = interest;
  const linked = new Set(
    interest.endorsements.map(({ form_number: number, edition }) => `${number} ${edition}`),
  );
  const unsaid = wordings.filter(
    ({ form, text }) => linked.has(form) && !description.includes(text),
  );
  return (
    <div className={classes.interest}>
      <p className={classes.kind}>{t.interests.sendTo(t.interests.natures[interest.nature])}</p>
      <p className={classes.named}>{interest.name}</p>
      <p className={classes.address}>
        {[
          interest.care_of,
          address.line1,
          address.line2,
          `${address.city}, ${address.state} ${address.postal_code}`,
        ]
          .filter(Boolean)
          .join(", ")}
      </p>
      <p className={classes.address}>
        {[
          interest.item.text ?? t.interests.everything,
          ...(interest.reference ? [t.interests.referenceOf(interest.reference)] : []),
        ].join(" · ")}
      </p>
      {unsaid.map(({ line, form, text }) => (
        <p key={`${line} ${form}`} className={classes.unsaid}>
          {t.interests.unsaid(form)}{" "}
          <Button variant="default" size="compact-xs" onClick={() => onInsert(text)}>
            {t.interests.insertWording}
          </Button>
        </p>
      ))}
      {error === undefined ? null : <Input.Error role="alert">{error}</Input.Error>}
      <Button
        className={classes.another ?? ""}
        variant="subtle"
        color="gray"
        size="compact-sm"
        onClick={onAnother}
      >
        {t.interests.another}
      </Button>
    </div>
  );
}
