import { EmptyState } from "@countersign/ui/EmptyState";
import { LinkButton } from "../LinkButton";
import { useMessages } from "../messages/MessagesProvider";
import { paths } from "../paths";

/** A place of the product that the person's security group does not open. */
export function NotAllowed() {
  const t = useMessages();
  return (
    <EmptyState
      title={t.notAllowed.title}
      action={
        <LinkButton {...paths.home()} variant="default">
          {t.notAllowed.home}
        </LinkButton>
      }
    >
      {t.notAllowed.text}
    </EmptyState>
  );
}
