import { Section } from "@countersign/ui/Section";
import { createFileRoute } from "@tanstack/react-router";
import { FailedMail } from "../../../features/mail/FailedMail";
import { useMessages } from "../../../messages/MessagesProvider";
import { useMay } from "../../../session";
import { NotAllowed } from "../../../shell/NotAllowed";

export const Route = createFileRoute("/_signed-in/settings/mail")({ component: MailRoute });

function MailRoute() {
  const t = useMessages();
  const may = useMay();
  if (!may("retry_mail")) return <NotAllowed />;
  return (
    <Section title={t.mail.givenUp} note={t.mail.note}>
      <FailedMail />
    </Section>
  );
}
