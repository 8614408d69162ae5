import type { components } from "@countersign/api/schema";
import type { Finding } from "./findings";

/** Who lifted what blocked a certificate; null where nobody did. */
export function liftedBy(
  finding: Pick<Finding, "code" | "field" | "message" | "severity">,
  overrides: readonly {
    readonly finding: Pick<components["schemas"]["Finding"], "code" | "field" | "message">;
    readonly approved_by_name: string;
  }[],
): string | null {
  if (finding.severity !== "block") return null;
  const same = overrides.find(
    ({ finding: lifted }) =>
      lifted.code === finding.code &&
      lifted.field === finding.field &&
      lifted.message === finding.message,
  );
  return same?.approved_by_name ?? null;
}
