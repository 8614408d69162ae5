import { type ReactNode, useId } from "react";
import classes from "./Choice.module.css";

export interface ChoiceProps {
  /** The group that this is one of. */
  readonly group: string;
  readonly checked: boolean;
  readonly onChoose: () => void;
  readonly title: string;
  readonly children?: ReactNode;
}

/** One of several, as a line that can be tapped anywhere. */
export function Choice({ group, checked, onChoose, title, children }: ChoiceProps) {
  const id = useId();
  return (
    <label className={classes.choice} data-checked={checked || undefined} htmlFor={id}>
      <input
        type="radio"
        id={id}
        name={group}
        checked={checked}
        onChange={onChoose}
        className={classes.radio}
        aria-labelledby={`${id}-title`}
        aria-describedby={`${id}-more`}
      />
      <span id={`${id}-title`} className={classes.title}>
        {title}
      </span>
      <span id={`${id}-more`} className={classes.more}>
        {children}
      </span>
    </label>
  );
}
