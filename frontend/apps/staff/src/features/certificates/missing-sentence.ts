import type { Requirement } from "../../Requirements";
import type { Wording } from "./use-preview";

/**
 * The sentence that meets a requirement: its form stands on the policy and only the page does not name it. The server
 * names the form in what to do and gives no other sign of it.
 */
export function sentenceFor(
  { met, fix, line }: Pick<Requirement, "met" | "fix" | "line">,
  wordings: readonly Wording[],
): Wording | null {
  if (met || !fix?.startsWith("Insert the sentence of ")) return null;
  const named = wordings.filter((wording) => fix.includes(` ${wording.form} `));
  return named.find((wording) => wording.line === line) ?? named[0] ?? null;
}
