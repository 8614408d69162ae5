import type { components } from "@countersign/api/schema";
import { STATES } from "@countersign/api/states";

type StateRuleList = components["schemas"]["StateRuleList"];

/** A state of which a rule is on file, or for which the agency has stated what holds for its layout. */
export interface StateRow {
  readonly state: string;
  readonly rule?: components["schemas"]["StateRule"];
  readonly layout?: components["schemas"]["LayoutStatement"];
  /** What the gate does about the layout there. */
  readonly effect: components["schemas"]["SeverityWord"];
}

export function nameOf(code: string): string {
  return STATES.find(([each]) => each === code)?.[1] ?? code;
}

/** The rules and the agency's own statements side by side, by the state's name. */
export function rowsOf({ data, layouts, unknown_state }: StateRuleList): readonly StateRow[] {
  const states = new Set([...data, ...layouts].map(({ state }) => state));
  return [...states]
    .map((state): StateRow => {
      const rule = data.find((each) => each.state === state);
      const layout = layouts.find((each) => each.state === state);
      const insists = rule?.rule === "filed_form" && rule.severity === "block";
      const settled = layout !== undefined && (layout.standing === "filed" || !insists);
      return {
        state,
        ...(rule === undefined ? {} : { rule }),
        ...(layout === undefined ? {} : { layout }),
        effect: settled ? "info" : (rule?.severity ?? unknown_state),
      };
    })
    .sort((one, other) => nameOf(one.state).localeCompare(nameOf(other.state)));
}
