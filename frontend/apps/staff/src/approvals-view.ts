import { oneOf } from "./search-params";

/** Which requests for approval are shown. */
export const APPROVAL_VIEWS = ["waiting", "own", "all"] as const;

export type ApprovalView = (typeof APPROVAL_VIEWS)[number];

export function readApprovalView(search: Record<string, unknown>): { view?: ApprovalView } {
  const view = oneOf(APPROVAL_VIEWS, search["view"]);
  return view === undefined || view === "waiting" ? {} : { view };
}
