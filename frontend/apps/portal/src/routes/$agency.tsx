import { isProblem } from "@countersign/api/problem";
import { createFileRoute, notFound, Outlet } from "@tanstack/react-router";
import { agencyQuery } from "../agency";
import { UnknownAgency } from "../features/sessions/UnknownAgency";

export const Route = createFileRoute("/$agency")({
  loader: async ({ context, params }) => {
    try {
      return await context.cache.query(agencyQuery(params.agency));
    } catch (error) {
      if (isProblem(error, "not_found", "bad_request", "validation")) notFound({ throw: true });
      throw error;
    }
  },
  component: Outlet,
  notFoundComponent: Unknown,
});

function Unknown() {
  return <UnknownAgency slug={Route.useParams().agency} />;
}
