import { Plaque } from "@countersign/ui/Plaque";
import { Wordmark } from "@countersign/ui/Wordmark";
import { createFileRoute } from "@tanstack/react-router";
import { useMessages } from "../messages/MessagesProvider";

export const Route = createFileRoute("/")({ component: Home });

function Home() {
  const t = useMessages();
  return (
    <Plaque title={t.home.title} product={t.product} mark={<Wordmark size="lg" />}>
      {null}
    </Plaque>
  );
}
