/** Something that a record says. Facts of one unit are kept or taken over together. */
export interface Fact {
  readonly unit: string;
  readonly label: string;
  readonly value: string;
}

/** A fact that somebody changed: as it was, as it is on file now, and as it was entered here. */
export interface ConflictRow {
  readonly unit: string;
  readonly label: string;
  readonly was: string;
  readonly theirs: string;
  readonly mine: string;
}

/** What differs among three states of a record. */
export function conflictRows(
  was: readonly Fact[],
  theirs: readonly Fact[],
  mine: readonly Fact[],
): ConflictRow[] {
  const value = (facts: readonly Fact[], unit: string, label: string) =>
    facts.find((fact) => fact.unit === unit && fact.label === label)?.value ?? "";
  const rows = new Map<string, ConflictRow>();
  for (const { unit, label } of [...was, ...theirs, ...mine]) {
    const row = {
      unit,
      label,
      was: value(was, unit, label),
      theirs: value(theirs, unit, label),
      mine: value(mine, unit, label),
    };
    if (row.was !== row.theirs || row.was !== row.mine) rows.set(`${unit} ${label}`, row);
  }
  return [...rows.values()];
}

/** What is kept or taken over together, and who of the two changed it. */
export interface ConflictChoice {
  readonly unit: string;
  readonly rows: readonly ConflictRow[];
  /** "same" where both did, in the same way: then there is nothing to choose. */
  readonly changed: "theirs" | "mine" | "both" | "same";
}

export function choicesOf(rows: readonly ConflictRow[]): ConflictChoice[] {
  return [...new Set(rows.map((row) => row.unit))].map((unit) => {
    const group = rows.filter((row) => row.unit === unit);
    const theirs = group.some((row) => row.was !== row.theirs);
    const mine = group.some((row) => row.was !== row.mine);
    const differ = group.some((row) => row.theirs !== row.mine);
    const both = differ ? "both" : "same";
    return { unit, rows: group, changed: theirs && mine ? both : theirs ? "theirs" : "mine" };
  });
}

/** Which side the person keeps of what both changed, as far as they said. */
export type Decisions = ReadonlyMap<string, "theirs" | "mine">;

/** Where both changed one thing in different ways and nobody decided yet. */
export function openOf(
  choices: readonly ConflictChoice[],
  decided: Decisions,
): readonly ConflictChoice[] {
  return choices.filter((each) => each.changed === "both" && !decided.has(each.unit));
}

/** The units for which what is on file shall stand: what only the other person changed, and what was decided so. */
export function takenOf(
  choices: readonly ConflictChoice[],
  decided: Decisions,
): ReadonlySet<string> {
  const stands = (each: ConflictChoice) =>
    each.changed === "theirs" || (each.changed === "both" && decided.get(each.unit) === "theirs");
  return new Set(choices.filter(stands).map((each) => each.unit));
}

/** The parts of a form that are kept or taken over as a whole: each with the fields that it is made of. */
export type Parts<V> = Readonly<Record<string, readonly (keyof V)[]>>;

/** What was entered here, with those parts as they are on file. */
export function takeOver<V extends object>(
  parts: Parts<V>,
  mine: V,
  onFile: V,
  taken: ReadonlySet<string>,
): V {
  const merged = { ...mine };
  for (const unit of taken) {
    for (const field of parts[unit] ?? []) merged[field] = onFile[field];
  }
  return merged;
}
