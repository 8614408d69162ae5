import type { components } from "@countersign/api/schema";

/** What a form can do, those for marks on certificates first. */
export const EFFECTS = [
  "additional_insured_ongoing",
  "additional_insured_completed",
  "additional_insured_premises",
  "additional_insured_lessor",
  "additional_insured_vendor",
  "additional_insured_designated",
  "waiver",
  "primary_noncontributory",
  "notice_of_cancellation",
  "per_project_aggregate",
  "per_location_aggregate",
  "loss_payable",
  "exclusion",
] as const satisfies readonly components["schemas"]["EffectWord"][];

export const SCOPES = [
  "blanket",
  "when_required_by_contract",
  "scheduled",
] as const satisfies readonly components["schemas"]["ScopeWord"][];
