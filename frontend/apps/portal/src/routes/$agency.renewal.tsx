import { createFileRoute, useLoaderData, useLocation } from "@tanstack/react-router";
import { RenewalLink } from "../features/links/RenewalLink";

export const Route = createFileRoute("/$agency/renewal")({ component: Page });

function Page() {
  const agency = useLoaderData({ from: "/$agency" });
  const token = useLocation({
    select: ({ hash }) => new URLSearchParams(hash.replace(/^#/, "")).get("token") ?? "",
  });
  // Another link opened in the same tab starts over.
  return <RenewalLink key={token} agency={agency} token={token} />;
}
