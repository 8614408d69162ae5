import { Button, Checkbox, TextInput } from "@mantine/core";
import { addressErrors } from "../../address-values";
import { AddressFields } from "../../AddressFields";
import { useMessages } from "../../messages/MessagesProvider";
import { SimilarHolders } from "../../SimilarHolders";
import classes from "./HolderField.module.css";
import type { Holder, NewHolder } from "./send-draft";

export interface NewHolderFieldsProps {
  readonly holder: NewHolder;
  /** It is for this certificate only. */
  readonly oneTime: boolean;
  readonly onOneTime: (oneTime: boolean) => void;
  /** One of the library is meant. */
  readonly onKnown: (holder: Holder) => void;
  /** With the field that changed: `holder.new.address.city`. */
  readonly onChange: (holder: NewHolder, field: string) => void;
  /** By field: `holder.new.name`… */
  readonly errors: Record<string, string>;
}

const ADDRESS = "holder.new.address";

/** A holder that nobody sent to yet. */
export function NewHolderFields({
  holder,
  oneTime,
  onOneTime,
  onKnown,
  onChange,
  errors,
}: NewHolderFieldsProps) {
  const t = useMessages();
  return (
    <div className={classes.newHolder}>
      <TextInput
        label={t.send.holderName}
        description={t.send.holderNameHint}
        value={holder.name}
        onChange={(event) =>
          onChange({ ...holder, name: event.currentTarget.value }, "holder.new.name")
        }
        error={errors["holder.new.name"]}
        autoComplete="off"
      />
      <SimilarHolders
        name={holder.name}
        action={(similar) => (
          <Button
            size="compact-sm"
            variant="default"
            aria-label={t.holders.useThisOf(similar.name)}
            onClick={() => onKnown(similar)}
          >
            {t.holders.useThis}
          </Button>
        )}
      />
      <TextInput
        label={t.holders.careOf}
        description={t.holders.careOfHint}
        value={holder.care_of ?? ""}
        onChange={(event) =>
          onChange({ ...holder, care_of: event.currentTarget.value || null }, "holder.new.care_of")
        }
        error={errors["holder.new.care_of"]}
        autoComplete="off"
      />
      <AddressFields
        value={holder.address}
        onChange={(address, part) =>
          onChange(
            { ...holder, address: { ...address, line2: address.line2 || null } },
            `${ADDRESS}.${part}`,
          )
        }
        errors={addressErrors(errors, ADDRESS)}
      />
      <TextInput
        label={t.send.holderEmail}
        description={t.send.holderEmailHint}
        type="email"
        value={holder.email ?? ""}
        onChange={(event) =>
          onChange({ ...holder, email: event.currentTarget.value || null }, "holder.new.email")
        }
        error={errors["holder.new.email"]}
        autoComplete="off"
      />
      <Checkbox
        label={t.send.oneTime}
        description={t.send.oneTimeHint}
        checked={oneTime}
        onChange={(event) => onOneTime(event.currentTarget.checked)}
      />
    </div>
  );
}
