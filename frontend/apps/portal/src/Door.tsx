import "./kit/fields.css";
import { Plaque } from "@countersign/ui/Plaque";
import { Wordmark } from "@countersign/ui/Wordmark";
import type { ReactNode } from "react";
import { useAccent } from "./accent";
import type { AgencyCard } from "./agency";
import { AgencyMark } from "./AgencyMark";
import { useMessages } from "./messages/MessagesProvider";
import { Reach } from "./Reach";

export interface DoorProps {
  readonly title: string;
  /** Null where nobody knows yet whose door it is. */
  readonly agency: AgencyCard | null;
  readonly foot?: ReactNode;
  readonly children: ReactNode;
}

/** A page before there is a session, in the agency's name and color. */
export function Door({ title, agency, foot, children }: DoorProps) {
  const t = useMessages();
  useAccent(agency?.accent_color);
  return (
    <Plaque
      title={title}
      product={agency === null ? t.product : agency.name}
      mark={agency === null ? <Wordmark size="lg" /> : <AgencyMark name={agency.name} size="lg" />}
      foot={
        <>
          {foot}
          {agency === null ? null : <Reach agency={agency} />}
        </>
      }
    >
      {children}
    </Plaque>
  );
}
