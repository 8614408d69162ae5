import classes from "./today.module.css";

/** Marks the agency's own today in a calendar; the browser may stand in another zone. */
export function dayOf(today: string) {
  return (day: string) =>
    day === today ? ({ className: classes.today ?? "", "aria-current": "date" } as const) : {};
}
