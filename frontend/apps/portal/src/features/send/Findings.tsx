import type { Finding } from "@countersign/api/problem";
import { StatusBadge } from "@countersign/ui/StatusBadge";
import { useFormat } from "@countersign/ui/UiProvider";
import type { AgencyCard } from "../../agency";
import { CallAgency } from "../../CallAgency";
import { useMessages } from "../../messages/MessagesProvider";
import { inPlainWords, isOwn } from "./finding-words";
import classes from "./Findings.module.css";

export interface FindingsProps {
  readonly findings: readonly Finding[];
  readonly holder: string;
  readonly agency: Pick<AgencyCard, "name" | "phone" | "email">;
}

/** What speaks against sending, worst first, with what to do about it. */
export function Findings({ findings, holder, agency }: FindingsProps) {
  const t = useMessages();
  const blocking = findings.filter((finding) => finding.severity === "block");
  const own = blocking.every((finding) => isOwn(finding));
  const others = findings.filter((finding) => finding.severity !== "block");
  return (
    <>
      {blocking.length === 0 ? null : (
        <section className={classes.box} data-blocks role="alert">
          <h2 className={classes.title}>{t.send.look.blockedTitle}</h2>
          <p className={classes.text}>
            {own ? t.send.look.ownText : t.send.look.blockedText(agency.name)}
          </p>
          <List findings={blocking} holder={holder} agency={agency} />
          {own ? null : (
            <div className={classes.call}>
              <CallAgency agency={agency} primary />
            </div>
          )}
        </section>
      )}
      {others.length === 0 ? null : (
        <section className={classes.box}>
          <h2 className={classes.title}>{t.send.look.goodToKnow}</h2>
          <List findings={others} holder={holder} agency={agency} />
        </section>
      )}
    </>
  );
}

function List({ findings, holder, agency }: FindingsProps) {
  const t = useMessages();
  const format = useFormat();
  return (
    <ul className={classes.list}>
      {inPlainWords(findings, {
        holder,
        agency: agency.name,
        list: (items) => format.list(items),
        t,
      }).map((words) => (
        <li key={words.headline} className={classes.finding}>
          <StatusBadge
            tone={words.severity === "block" ? "bad" : words.severity === "warn" ? "warn" : "quiet"}
          >
            <span className={classes.headline}>{words.headline}</span>
          </StatusBadge>
          {words.severity === "block" ? null : <span className={classes.detail}>{words.todo}</span>}
          {words.details.length === 0 ? null : (
            <details className={classes.details}>
              <summary>{t.findings.details}</summary>
              <ul className={classes.said}>
                {words.details.map((detail) => (
                  <li key={detail}>{detail}</li>
                ))}
              </ul>
            </details>
          )}
        </li>
      ))}
    </ul>
  );
}
