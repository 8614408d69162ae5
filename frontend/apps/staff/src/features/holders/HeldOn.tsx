import { problemOf } from "@countersign/api/problem";
import { api, byCursor } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { DateField } from "@countersign/ui/DateField";
import { Loading } from "@countersign/ui/Loading";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { Section } from "@countersign/ui/Section";
import { StatusBadge } from "@countersign/ui/StatusBadge";
import { useFormat } from "@countersign/ui/UiProvider";
import { Button, Skeleton } from "@mantine/core";
import { useState } from "react";
import { LinkAnchor } from "../../LinkAnchor";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import classes from "./HeldOn.module.css";

export interface HeldOnProps {
  readonly holder: string;
}

/** What a holder could show on a day: read from what its certificates printed, not from today's policies. */
export function HeldOn({ holder }: HeldOnProps) {
  const t = useMessages();
  const format = useFormat();
  const [day, setDay] = useState<string | null>(() => format.today());
  return (
    <Section title={t.holders.held} note={t.holders.heldNote}>
      <div className={classes.day}>
        <DateField
          label={t.holders.heldDay}
          value={day}
          onChange={setDay}
          error={day === null ? t.holders.heldDayMissing : null}
        />
      </div>
      {day === null ? null : <HeldThen holder={holder} day={day} />}
    </Section>
  );
}

function HeldThen({ holder, day }: { readonly holder: string; readonly day: string }) {
  const t = useMessages();
  const format = useFormat();
  const list = api.useInfiniteQuery(
    "get",
    "/v1/holders/{holder}/held",
    { params: { path: { holder }, query: { on: day, limit: 50 } } },
    byCursor,
  );
  if (list.error !== null) {
    return <ProblemAlert problem={problemOf(list.error)} onRetry={() => void list.refetch()} />;
  }
  if (list.data === undefined) {
    return (
      <Loading>
        <Skeleton height={72} />
      </Loading>
    );
  }
  const certificates = list.data.pages.flatMap((page) => page.data);
  return (
    <>
      {certificates.length === 0 && !list.hasNextPage ? (
        <p className={classes.none}>{t.holders.heldNothing(format.date(day))}</p>
      ) : (
        <ul className={classes.certificates}>
          {certificates.map((certificate) => (
            <li key={certificate.id} className={classes.certificate}>
              <div className={classes.head}>
                <LinkAnchor {...paths.certificate(certificate.id)}>{certificate.number}</LinkAnchor>
                {certificate.revision === 0 ? null : (
                  <span className={classes.soft}>
                    {t.certificates.shortRevision(certificate.revision)}
                  </span>
                )}
                <span>{certificate.insured_name}</span>
                <span className={classes.soft}>
                  {t.holders.heldIssued(format.date(certificate.issued_on))}
                </span>
                {certificate.never_left ? (
                  <StatusBadge tone="warn">{t.holders.heldNeverLeft}</StatusBadge>
                ) : null}
              </div>
              <ul className={classes.lines}>
                {certificate.lines.map((line) => (
                  <HeldLine key={line.line} line={line} />
                ))}
              </ul>
            </li>
          ))}
        </ul>
      )}
      {list.hasNextPage ? (
        <Button
          variant="default"
          size="xs"
          loading={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          {t.holders.heldMore}
        </Button>
      ) : null}
    </>
  );
}

function HeldLine({ line }: { readonly line: components["schemas"]["HeldLine"] }) {
  const t = useMessages();
  const format = useFormat();
  // What the page left blank says nothing.
  const limits = line.limits.flatMap(({ label, amount }) => (amount ? [{ label, amount }] : []));
  const forms = [
    line.additional_insured ? t.holders.heldAdditional(line.additional_insured) : null,
    line.waiver ? t.holders.heldWaiver(line.waiver) : null,
  ].filter((form) => form !== null);
  return (
    <li className={classes.line}>
      <span className={classes.name}>{t.lines.full[line.line]}</span>
      <span>
        {line.policy_number}
        <span className={classes.soft}>
          {" "}
          {format.date(line.effective_on)} – {format.date(line.expires_on)}
        </span>
      </span>
      <span className={classes.soft}>{line.insurer}</span>
      {limits.length === 0 ? null : (
        <dl className={classes.limits}>
          {limits.map(({ label, amount }) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{format.money(amount)}</dd>
            </div>
          ))}
        </dl>
      )}
      {forms.length === 0 ? null : <span className={classes.soft}>{forms.join(" · ")}</span>}
      {line.cancelled_on ? (
        <span className={line.covered ? classes.later : classes.uncovered}>
          {line.covered
            ? t.holders.heldCancelledLater(format.date(line.cancelled_on))
            : t.holders.heldCancelled(format.date(line.cancelled_on))}
        </span>
      ) : null}
    </li>
  );
}
