import { initials } from "./agency";
import classes from "./AgencyMark.module.css";

export interface AgencyMarkProps {
  readonly name: string;
  readonly size?: "sm" | "lg";
}

/** Whose portal this is: the agency's initials in its color, and its name. */
export function AgencyMark({ name, size = "sm" }: AgencyMarkProps) {
  return (
    <span className={classes.mark} data-size={size}>
      <span className={classes.seal} aria-hidden>
        {initials(name)}
      </span>
      <span className={classes.name}>{name}</span>
    </span>
  );
}
