import { Section } from "@countersign/ui/Section";
import { createFileRoute } from "@tanstack/react-router";
import { StateRules } from "../../../features/agency/StateRules";
import { useMessages } from "../../../messages/MessagesProvider";

export const Route = createFileRoute("/_signed-in/settings/state-rules")({
  component: StateRulesRoute,
});

function StateRulesRoute() {
  const t = useMessages();
  return (
    <Section title={t.stateRules.title} note={t.stateRules.note}>
      <StateRules />
    </Section>
  );
}
