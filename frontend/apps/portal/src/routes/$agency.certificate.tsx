import { createFileRoute, useLoaderData, useLocation } from "@tanstack/react-router";
import { CertificateLink } from "../features/links/CertificateLink";

export const Route = createFileRoute("/$agency/certificate")({ component: Page });

function Page() {
  const agency = useLoaderData({ from: "/$agency" });
  const token = useLocation({
    select: ({ hash }) => new URLSearchParams(hash.replace(/^#/, "")).get("token") ?? "",
  });
  // Another link opened in the same tab starts over.
  return <CertificateLink key={token} agency={agency} token={token} />;
}
