import type { components } from "@countersign/api/schema";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { addressLine } from "./holder";
import { LinkAnchor } from "./LinkAnchor";
import { useMessages } from "./messages/MessagesProvider";
import { paths } from "./paths";
import classes from "./SimilarHolders.module.css";
import { useSimilarHolders } from "./use-similar-holders";

type Holder = components["schemas"]["Holder"];

export interface SimilarHoldersProps {
  /** The name that is being entered. */
  readonly name: string;
  /** A holder that needs no mention: what was entered is that one, letter by letter. */
  readonly isThis?: (holder: Holder) => boolean;
  /** What can be done with one of them that is in use. */
  readonly action: (holder: Holder) => ReactNode;
}

/** Holders of the library that may be the one being entered; it is seen before saving and prevents nothing. */
export function SimilarHolders({ name, isThis, action }: SimilarHoldersProps) {
  const t = useMessages();
  const found = useSimilarHolders(name);
  const holders =
    isThis !== undefined && found.some((each) => !each.archived_at && isThis(each)) ? [] : found;
  return (
    <div role="status" aria-label={t.holders.similar}>
      {holders.length === 0 ? null : (
        <div className={classes.notice}>
          <IconAlertTriangle size={16} aria-hidden />
          <div className={classes.text}>
            <p className={classes.title}>{t.holders.similar}</p>
            <ul className={classes.list}>
              {holders.map((holder) => (
                <li key={holder.id} className={classes.holder}>
                  <span>
                    {holder.name}{" "}
                    <span className={classes.soft}>
                      {[holder.care_of, addressLine(holder.address)].filter(Boolean).join(", ")}
                    </span>
                  </span>
                  {holder.archived_at ? (
                    <LinkAnchor {...paths.holder(holder.id)} target="_blank">
                      {t.holders.similarArchived}
                    </LinkAnchor>
                  ) : (
                    action(holder)
                  )}
                </li>
              ))}
            </ul>
          </div>
        </div>
      )}
    </div>
  );
}
