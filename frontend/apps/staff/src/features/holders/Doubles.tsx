import type { components } from "@countersign/api/schema";
import type { ReactNode } from "react";
import { AddressLines } from "../../AddressLines";
import { useMessages } from "../../messages/MessagesProvider";
import classes from "./Doubles.module.css";

type HolderDetail = components["schemas"]["HolderDetail"];

export interface DoublesProps {
  readonly goes: HolderDetail;
  readonly stays: HolderDetail;
}

/** Two holders beside each other before they become one for good. What differs stands out. */
export function Doubles({ goes, stays }: DoublesProps) {
  const t = useMessages();
  const address = ({ address: { line1, line2, city, state, postal_code } }: HolderDetail) =>
    [line1, line2 ?? "", city, state, postal_code].join(" ");
  // As many as one answer tells.
  const linked = ({ insureds }: HolderDetail) =>
    insureds.length < 100 ? t.holders.insuredsOf(insureds.length) : t.holders.manyInsureds;
  const rows: readonly {
    readonly label: string;
    readonly says: (holder: HolderDetail) => string;
    readonly shows?: (holder: HolderDetail) => ReactNode;
  }[] = [
    { label: t.holders.name, says: (holder) => holder.name },
    { label: t.holders.careOf, says: (holder) => holder.care_of ?? "" },
    {
      label: t.holders.mailingAddress,
      says: address,
      shows: (holder) => <AddressLines address={holder.address} />,
    },
    { label: t.holders.emails, says: (holder) => holder.emails.join(", ") },
    { label: t.holders.usedBy, says: linked },
  ];
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <td />
          <th scope="col">{t.holders.goes}</th>
          <th scope="col">{t.holders.stays}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ label, says, shows }) => (
          <tr key={label} data-differs={says(goes) !== says(stays) || undefined}>
            <th scope="row">{label}</th>
            {[goes, stays].map((holder) => (
              <td key={holder.id}>
                {says(holder) === "" ? "–" : shows === undefined ? says(holder) : shows(holder)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
