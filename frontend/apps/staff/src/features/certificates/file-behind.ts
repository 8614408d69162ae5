import type { components } from "@countersign/api/schema";

type Behind = components["schemas"]["EndorsementBehind"];
type Endorsement = components["schemas"]["Endorsement"];

/** A policy as it is needed to find the file of a form on it. */
export interface PolicyWithForms {
  readonly id: string;
  readonly number: string;
  readonly line: components["schemas"]["LineWord"];
  readonly endorsements: readonly Endorsement[];
}

/**
 * Where the file of an endorsement is, which is named by number and form alone. Several terms may bear one number, so
 * that the size of the file decides among them.
 */
export function fileBehind(
  behind: Pick<Behind, "form" | "line" | "policy_number" | "size_bytes">,
  policies: readonly PolicyWithForms[],
): { readonly policy: string; readonly form: Endorsement } | null {
  if (behind.size_bytes == null) return null;
  for (const policy of policies) {
    if (policy.number !== behind.policy_number || policy.line !== behind.line) continue;
    const form = policy.endorsements.find(
      (each) =>
        `${each.form_number} ${each.edition}` === behind.form &&
        each.file?.size_bytes === behind.size_bytes,
    );
    if (form !== undefined) return { policy: policy.id, form };
  }
  return null;
}
