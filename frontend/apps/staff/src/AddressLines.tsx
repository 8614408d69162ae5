import type { components } from "@countersign/api/schema";

export interface AddressLinesProps {
  readonly address: components["schemas"]["Address"];
}

/** A postal address as it stands on an envelope. */
export function AddressLines({ address }: AddressLinesProps) {
  return (
    <address style={{ fontStyle: "normal" }}>
      {address.line1}
      {address.line2 ? (
        <>
          <br />
          {address.line2}
        </>
      ) : null}
      <br />
      {address.city}, {address.state} {address.postal_code}
    </address>
  );
}
