import type { components } from "@countersign/api/schema";
import type { Format } from "@countersign/ui/format";
import type { Messages } from "../../messages/en";

type Coverage = components["schemas"]["Coverage"];

export interface CoverageFact {
  readonly label: string;
  readonly value: string;
  /** An amount, which is compared with those above and below it. */
  readonly amount: boolean;
}

/** A policy's coverage as pairs to read; the limits in the order in which a certificate lists them. */
export function coverageFacts(coverage: Coverage, t: Messages, format: Format): CoverageFact[] {
  const facts: CoverageFact[] = [];
  const say = (label: string, value: string) => facts.push({ label, value, amount: false });
  const c = t.coverage;
  switch (coverage.line) {
    case "general_liability":
      say(c.trigger, c.triggers[coverage.trigger]);
      say(c.aggregatePer, coverage.aggregate_other ?? c.per[coverage.aggregate_per]);
      break;
    case "commercial_auto":
      say(
        c.autos,
        format.list([
          ...(coverage.any ? [c.anyAuto] : []),
          ...(coverage.owned ? [c.owned] : []),
          ...(coverage.scheduled ? [c.scheduled] : []),
          ...(coverage.hired ? [c.hired] : []),
          ...(coverage.non_owned ? [c.nonOwned] : []),
        ]),
      );
      break;
    case "umbrella_excess":
      say(c.kind, c.kinds[coverage.kind]);
      say(c.trigger, c.triggers[coverage.trigger]);
      if (coverage.retention !== "none") {
        const value = format.money(coverage.retention_amount);
        facts.push({ label: c.retentions[coverage.retention], value, amount: true });
      }
      break;
    case "workers_compensation":
      say(c.perStatute, coverage.per_statute ? t.yes : t.no);
      if (coverage.other_basis) say(c.otherBasis, coverage.other_basis);
      say(
        c.excluded,
        coverage.excluded_who
          ? `${t.yes}: ${coverage.excluded_who}`
          : c.excludedAnswers[coverage.excluded],
      );
      break;
    case "other":
      say(c.description, coverage.description);
      break;
  }
  for (const limit of coverage.limits) {
    if (limit.amount) {
      facts.push({ label: limit.label, value: format.money(limit.amount), amount: true });
    }
  }
  return facts;
}
