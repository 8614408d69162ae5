import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { agencyCardQuery } from "../../agency-card";
import { ForgotPassword } from "../../features/sessions/ForgotPassword";

export const Route = createFileRoute("/$agency/forgot-password")({
  loader: ({ context, params }) =>
    context.cache.query({ ...agencyCardQuery(params.agency), staleTime: "static" }),
  component: ForgotPasswordRoute,
});

function ForgotPasswordRoute() {
  const { agency } = Route.useParams();
  return <ForgotPassword agency={useSuspenseQuery(agencyCardQuery(agency)).data} />;
}
