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
