import { EmptyState } from "@countersign/ui/EmptyState";
import { Page } from "@countersign/ui/Page";
import { LinkButton } from "../LinkButton";
import { useMessages } from "../messages/MessagesProvider";
import { paths } from "../paths";

/** An address that leads nowhere, or to what is not this person's to see. */
export function Nothing() {
  const t = useMessages();
  return (
    <Page title={t.notFound.title} product={t.product}>
      <EmptyState
        title={t.notFound.text}
        action={<LinkButton {...paths.home()}>{t.notFound.home}</LinkButton>}
      />
    </Page>
  );
}
