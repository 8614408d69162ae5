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
    <div className={classes.choice} data-checked={checked || undefined}>
      <input
        type="radio"
        id={id}
        name={group}
        checked={checked}
        onChange={onChoose}
        className={classes.radio}
        aria-describedby={`${id}-more`}
      />
      <label htmlFor={id} className={classes.title}>
        {title}
      </label>
      <span id={`${id}-more`} className={classes.more}>
        {children}
      </span>
    </div>
  );
}
