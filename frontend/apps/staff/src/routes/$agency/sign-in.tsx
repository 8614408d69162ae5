import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute, useRouter } from "@tanstack/react-router";
import { agencyCardQuery } from "../../agency-card";
import { SignIn } from "../../features/sessions/SignIn";
import { insideParam, oneOf, present } from "../../search-params";

export const Route = createFileRoute("/$agency/sign-in")({
  validateSearch: (search: Record<string, unknown>) =>
    present({
      ended: oneOf(["idle", "suspended"], search["ended"]),
      next: insideParam(search["next"]),
    }),
  loader: ({ context, params }) =>
    context.cache.query({ ...agencyCardQuery(params.agency), staleTime: "static" }),
  component: SignInRoute,
});

function SignInRoute() {
  const { agency } = Route.useParams();
  const { ended, next } = Route.useSearch();
  const router = useRouter();
  const card = useSuspenseQuery(agencyCardQuery(agency)).data;
  return (
    <SignIn
      agency={card}
      ended={ended ?? null}
      onSignedIn={() => router.history.push(next ?? "/")}
    />
  );
}
