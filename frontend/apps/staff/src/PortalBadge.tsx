import type { components } from "@countersign/api/schema";
import { StatusBadge, type Tone } from "@countersign/ui/StatusBadge";
import { useMessages } from "./messages/MessagesProvider";

type PortalState = components["schemas"]["PortalState"];

const TONES: Record<PortalState, Tone> = {
  invited: "pending",
  active: "good",
  suspended: "warn",
  revoked: "quiet",
};

export interface PortalBadgeProps {
  readonly state: PortalState | null | undefined;
  readonly filled?: boolean;
}

/** The state of an insured's portal account; without one, a plain word. */
export function PortalBadge({ state, filled = false }: PortalBadgeProps) {
  const t = useMessages();
  if (!state) return <span style={{ color: "var(--cs-ink-soft)" }}>{t.portal.noAccount}</span>;
  return (
    <StatusBadge tone={TONES[state]} filled={filled}>
      {t.portal.states[state]}
    </StatusBadge>
  );
}
