import { LinkButton } from "./LinkButton";
import { useMessages } from "./messages/MessagesProvider";
import { paths } from "./paths";
import { Screen } from "./Screen";

export function NotFound() {
  const t = useMessages();
  return (
    <Screen title={t.notFound.title} intro={t.notFound.text}>
      <LinkButton {...paths.home()} size="md">
        {t.notFound.home}
      </LinkButton>
    </Screen>
  );
}
