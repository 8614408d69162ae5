import type { components } from "@countersign/api/schema";
import { EmptyState } from "@countersign/ui/EmptyState";
import { StatusBadge, type Tone } from "@countersign/ui/StatusBadge";
import { useFormat } from "@countersign/ui/UiProvider";
import { Button } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { useState } from "react";
import { LinkAnchor } from "../../LinkAnchor";
import { useMessages } from "../../messages/MessagesProvider";
import { Part } from "../../Part";
import { paths } from "../../paths";
import classes from "./PolicyList.module.css";

type Policy = components["schemas"]["Policy"];
type PolicyState = components["schemas"]["PolicyState"];

const TONES: Record<PolicyState, Tone> = {
  in_force: "good",
  upcoming: "pending",
  expired: "quiet",
  cancelled: "bad",
  not_bound: "quiet",
};

export function PolicyStateBadge({
  policy: { state, cancelled_on: cancels },
}: {
  readonly policy: Pick<Policy, "state" | "cancelled_on">;
}) {
  const t = useMessages();
  const format = useFormat();
  if (cancels && state !== "cancelled") {
    return <StatusBadge tone="warn">{t.policies.cancelsOn(format.longDate(cancels))}</StatusBadge>;
  }
  return <StatusBadge tone={TONES[state]}>{t.policies.states[state]}</StatusBadge>;
}

export interface PolicyListProps {
  readonly policies: readonly Policy[];
}

/** What is in force first; what is over only on request. */
export function PolicyList({ policies }: PolicyListProps) {
  const t = useMessages();
  const [ended, setEnded] = useState(false);
  const now = policies.filter((policy) => policy.state === "in_force");
  const later = policies.filter(
    (policy) => policy.state === "upcoming" || policy.state === "not_bound",
  );
  const over = policies.filter(
    (policy) => policy.state === "expired" || policy.state === "cancelled",
  );
  if (policies.length === 0) return <EmptyState title={t.policies.none} />;
  return (
    <>
      {now.length === 0 ? null : <Group title={t.policies.groups.now} policies={now} />}
      {later.length === 0 ? null : <Group title={t.policies.groups.later} policies={later} />}
      {over.length === 0 ? null : (
        <div className={classes.more}>
          <Button
            variant="default"
            aria-expanded={ended}
            onClick={() => setEnded((shown) => !shown)}
          >
            {ended ? t.policies.hideEnded : t.policies.showEnded(over.length)}
          </Button>
        </div>
      )}
      {ended ? <Group title={t.policies.groups.ended} policies={over} /> : null}
    </>
  );
}

interface GroupProps {
  readonly title: string;
  readonly policies: readonly Policy[];
}

function Group({ title, policies }: GroupProps) {
  const t = useMessages();
  const format = useFormat();
  return (
    <Part title={title}>
      <ul className={classes.list} aria-label={title}>
        {policies.map((policy) => (
          <li key={policy.id} className={classes.item}>
            <div className={classes.text}>
              <LinkAnchor {...paths.policy(policy.id)} className={classes.name ?? ""}>
                {policy.line_label}
              </LinkAnchor>
              <span className={classes.soft}>{policy.carrier.name}</span>
              <span className={classes.soft}>
                {t.policies.termOf(
                  format.longDate(policy.effective_on),
                  format.longDate(policy.expires_on),
                )}
              </span>
              {policy.cancelled_on && policy.state !== "cancelled" ? (
                <PolicyStateBadge policy={policy} />
              ) : null}
            </div>
            <IconChevronRight size={20} className={classes.arrow ?? ""} aria-hidden />
          </li>
        ))}
      </ul>
    </Part>
  );
}
