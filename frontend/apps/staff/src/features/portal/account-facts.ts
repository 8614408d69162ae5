import type { components } from "@countersign/api/schema";
import type { Fact } from "../../conflict-rows";
import type { Messages } from "../../messages/en";

type PortalRight = components["schemas"]["PortalRight"];
type Right = PortalRight["word"];

/** Each right of the catalogue, and whether it is granted. */
export function rightFacts(
  rights: readonly Right[],
  catalogue: readonly PortalRight[],
  t: Messages,
): Fact[] {
  return catalogue.map(({ word, label }) => ({
    unit: word,
    label,
    value: rights.includes(word) ? t.yes : t.no,
  }));
}

/** The rights that were ticked, with some of them granted or not as they are on file. */
export function takeOverRights(
  mine: readonly Right[],
  onFile: readonly Right[],
  taken: ReadonlySet<string>,
): Right[] {
  return [
    ...mine.filter((right) => !taken.has(right)),
    ...onFile.filter((right) => taken.has(right)),
  ];
}
