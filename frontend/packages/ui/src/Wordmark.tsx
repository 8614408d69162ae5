import classes from "./Wordmark.module.css";

export interface WordmarkProps {
  readonly size?: "sm" | "lg";
  /** Only the seal, where there is no room for the name. */
  readonly compact?: boolean;
}

/** A seal with two strokes that sign one beside the other, and the name in its serif. */
export function Wordmark({ size = "sm", compact = false }: WordmarkProps) {
  return (
    <span className={classes.mark} data-size={size}>
      <svg viewBox="0 0 24 24" aria-hidden="true" className={classes.seal}>
        <rect width="24" height="24" rx="5.5" className={classes.ground} />
        <path d="M5.2 13.1 9 16.9 17 7.6" className={classes.stroke} />
        <path d="M10.9 16.5 19 7.1" className={classes.second} />
      </svg>
      {/* eslint-disable-next-line countersign/no-literals -- a name, not a text */}
      {compact ? null : <span className={classes.name}>Countersign</span>}
    </span>
  );
}
