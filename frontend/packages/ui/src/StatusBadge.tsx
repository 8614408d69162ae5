import type { ReactNode } from "react";
import classes from "./StatusBadge.module.css";

export type Tone = "good" | "pending" | "warn" | "bad" | "quiet";

/* Each tone has its own silhouette, so that a state is told apart without its color. */
const SHAPES: Record<Tone, ReactNode> = {
  good: (
    <>
      <circle cx="7" cy="7" r="6" className={classes.fill} />
      <path d="M4.2 7.2 6.2 9.2 9.9 5" className={classes.cut} />
    </>
  ),
  pending: (
    <>
      <circle cx="7" cy="7" r="5.2" className={classes.line} />
      <path d="M7 4v3.2l2 1.3" className={classes.line} />
    </>
  ),
  warn: (
    <>
      <path
        d="M7 1.2c.4 0 .8.2 1 .6l5 9a1.2 1.2 0 0 1-1 1.8H2a1.2 1.2 0 0 1-1-1.8l5-9c.2-.4.6-.6 1-.6Z"
        className={classes.fill}
      />
      <path d="M7 4.8v3.2M7 10.2v.1" className={classes.cut} />
    </>
  ),
  bad: (
    <>
      <path d="M4.4 1h5.2L13 4.4v5.2L9.6 13H4.4L1 9.6V4.4Z" className={classes.fill} />
      <path d="m4.9 4.9 4.2 4.2m0-4.2L4.9 9.1" className={classes.cut} />
    </>
  ),
  quiet: (
    <>
      <rect x="1.8" y="1.8" width="10.4" height="10.4" rx="2" className={classes.line} />
      <path d="M4.5 7h5" className={classes.line} />
    </>
  ),
};

export interface StatusBadgeProps {
  readonly tone: Tone;
  readonly children: ReactNode;
  /** With a ground of its own, where it stands alone and not in a row of a table. */
  readonly filled?: boolean;
}

/** A state as color and word and shape. */
export function StatusBadge({ tone, children, filled = false }: StatusBadgeProps) {
  return (
    <span className={classes.badge} data-tone={tone} data-filled={filled || undefined}>
      <svg viewBox="0 0 14 14" aria-hidden="true" className={classes.shape}>
        {SHAPES[tone]}
      </svg>
      <span className={classes.word}>{children}</span>
    </span>
  );
}
