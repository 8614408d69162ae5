import type { components } from "@countersign/api/schema";

/** Whether a courtesy notice can go to a holder: it has an address, and no notice is on its way or with anybody there. */
export function mayBeTold(
  holder: Pick<components["schemas"]["PolicyHolder"], "emails" | "notice">,
): boolean {
  return holder.emails.length > 0 && (!holder.notice || holder.notice.reached_nobody);
}
