import type { components } from "@countersign/api/schema";
import { useFormat } from "@countersign/ui/UiProvider";
import { useMemo } from "react";
import { LinkAnchor } from "../../LinkAnchor";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import classes from "./ActivityHistory.module.css";
import { aroundName } from "./around-name";

type Activity = components["schemas"]["Activity"];

export interface ActivityListProps {
  readonly entries: readonly Activity[];
  /** Whose masters an entry may speak of; null where none is spoken of. */
  readonly insured: string | null;
  /** How deep its headings of days stand. */
  readonly level: 2 | 3;
}

/** Who did what and when, by day. */
export function ActivityList({ entries, insured, level }: ActivityListProps) {
  const t = useMessages();
  const format = useFormat();
  const days = useMemo(
    () => Map.groupBy(entries, (entry) => format.today(Date.parse(entry.at))),
    [entries, format],
  );
  const Heading = level === 2 ? "h2" : "h3";
  return [...days].map(([day, ofDay]) => (
    <section key={day} className={classes.day} data-narrow={level === 3 || undefined}>
      <Heading className={classes.date}>{format.longDate(day)}</Heading>
      <ol className={classes.list}>
        {ofDay.map((entry) => (
          <li key={entry.id} className={classes.entry}>
            <time dateTime={entry.at} title={format.moment(entry.at)} className={classes.time}>
              {format.clock(entry.at)}
            </time>
            <span className={classes.actor}>
              {entry.actor.name}
              <span className={classes.kind}>{t.activity.actors[entry.actor.kind]}</span>
            </span>
            <span className={classes.what}>
              <Summary entry={entry} insured={insured} />
            </span>
          </li>
        ))}
      </ol>
    </section>
  ));
}

/** The sentence of an entry, whose name of what it speaks of leads there. */
function Summary({ entry, insured }: { entry: Activity; insured: string | null }) {
  const t = useMessages();
  const { object, summary } = entry;
  // On a certificate's own page every entry speaks of that certificate.
  if (insured === null) return summary;
  const { before, name, after } = aroundName(summary, object.label, t.activity.about);
  if (object.kind === "certificate" && object.id) {
    return (
      <>
        {before}
        <LinkAnchor {...paths.certificate(object.id)} underline="always">
          {name}
        </LinkAnchor>
        {after}
      </>
    );
  }
  if (object.kind === "policy" && object.id) {
    return (
      <>
        {before}
        <LinkAnchor {...paths.policy(insured, object.id)} underline="always">
          {name}
        </LinkAnchor>
        {after}
      </>
    );
  }
  if (object.kind === "master" && object.id) {
    return (
      <>
        {before}
        <LinkAnchor {...paths.master(insured, object.id)} underline="always">
          {name}
        </LinkAnchor>
        {after}
      </>
    );
  }
  if (object.kind === "batch" && object.id) {
    return (
      <>
        {before}
        <LinkAnchor {...paths.batch(object.id)} underline="always">
          {name}
        </LinkAnchor>
        {after}
      </>
    );
  }
  return summary;
}
