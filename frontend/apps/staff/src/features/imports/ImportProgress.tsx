import type { components } from "@countersign/api/schema";
import { Section } from "@countersign/ui/Section";
import { useFormat } from "@countersign/ui/UiProvider";
import { Progress } from "@mantine/core";
import { useMessages } from "../../messages/MessagesProvider";
import classes from "./ImportProgress.module.css";

export interface ImportProgressProps {
  readonly run: components["schemas"]["Import"];
}

/** How far the check or the writing is, by rows; the page may be left meanwhile. */
export function ImportProgress({ run }: ImportProgressProps) {
  const t = useMessages();
  const format = useFormat();
  const { done, total } = run.progress;
  const title = run.state === "checking" ? t.imports.checking : t.imports.applying;
  const share = total === 0 ? 0 : (done / total) * 100;
  return (
    <Section title={title} note={t.imports.goesOn}>
      <Progress value={share} aria-label={title} size="lg" />
      <p className={classes.count} role="status">
        {/* The rows are not counted yet: "0 of 0" would read as an empty file. */}
        {total === 0 ? null : t.imports.progress(format.number(done), total)}
      </p>
    </Section>
  );
}
