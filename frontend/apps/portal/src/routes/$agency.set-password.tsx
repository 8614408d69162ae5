import { createFileRoute, useLoaderData, useLocation } from "@tanstack/react-router";
import { SetPassword } from "../features/sessions/SetPassword";

export const Route = createFileRoute("/$agency/set-password")({ component: Page });

function Page() {
  const agency = useLoaderData({ from: "/$agency" });
  const token = useLocation({
    select: ({ hash }) => new URLSearchParams(hash.replace(/^#/, "")).get("token") ?? "",
  });
  // Another link opened in the same tab starts over.
  return <SetPassword key={token} agency={agency} token={token} />;
}
