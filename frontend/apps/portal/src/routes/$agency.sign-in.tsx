import { createFileRoute, useLoaderData, useRouter } from "@tanstack/react-router";
import { SignIn } from "../features/sessions/SignIn";
import { present, textParam } from "../search-params";

export const Route = createFileRoute("/$agency/sign-in")({
  validateSearch: (search: Record<string, unknown>) =>
    present({
      ended: search["ended"] === true ? (true as const) : undefined,
      next: textParam(search["next"]),
    }),
  component: Page,
});

/** Only an address of this app; whoever wrote the link cannot lead elsewhere. */
function inside(next: string | undefined): string {
  if (next === undefined || !next.startsWith("/")) return "/";
  const address = new URL(next, window.location.origin);
  return address.origin === window.location.origin ? address.pathname + address.search : "/";
}

function Page() {
  const agency = useLoaderData({ from: "/$agency" });
  const { ended, next } = Route.useSearch();
  const router = useRouter();
  return (
    <SignIn
      agency={agency}
      ended={ended === true}
      onSignedIn={() => router.history.push(inside(next))}
    />
  );
}
