import { Section } from "@countersign/ui/Section";
import { createFileRoute } from "@tanstack/react-router";
import { TemplatesList } from "../../../features/templates/TemplatesList";
import { useMessages } from "../../../messages/MessagesProvider";
import { useMay } from "../../../session";
import { NotAllowed } from "../../../shell/NotAllowed";

export const Route = createFileRoute("/_signed-in/settings/templates")({
  component: TemplatesRoute,
});

function TemplatesRoute() {
  const t = useMessages();
  const may = useMay();
  if (!may("view_certificates")) return <NotAllowed />;
  return (
    <Section title={t.templates.title} note={t.templates.note}>
      <TemplatesList />
    </Section>
  );
}
