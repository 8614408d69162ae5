import { Wordmark } from "@countersign/ui/Wordmark";
import classes from "./AgencyMark.module.css";

export interface AgencyMarkProps {
  readonly name: string;
}

/** Whose door this is, and what stands behind it. */
export function AgencyMark({ name }: AgencyMarkProps) {
  return (
    <div className={classes.mark}>
      <Wordmark size="lg" />
      <span className={classes.name}>{name}</span>
    </div>
  );
}
