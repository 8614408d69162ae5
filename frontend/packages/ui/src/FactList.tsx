import type { ReactNode } from "react";
import classes from "./FactList.module.css";

export interface Fact {
  readonly label: string;
  readonly value: ReactNode;
}

export interface FactListProps {
  readonly facts: readonly Fact[];
  readonly columns?: 1 | 2;
}

/** Labels and values of one record, aligned; a missing value is a dash, never a gap. */
export function FactList({ facts, columns = 1 }: FactListProps) {
  return (
    <dl className={classes.list} data-columns={columns}>
      {facts.map((fact) => (
        <div key={fact.label} className={classes.fact}>
          <dt className={classes.label}>{fact.label}</dt>
          <dd className={classes.value}>
            {fact.value === null || fact.value === undefined || fact.value === "" ? (
              <span className={classes.nothing}>–</span>
            ) : (
              fact.value
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
