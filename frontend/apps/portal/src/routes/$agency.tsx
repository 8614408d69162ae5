import { isProblem } from "@countersign/api/problem";
import { createFileRoute, notFound, type NotFoundRouteProps, Outlet } from "@tanstack/react-router";
import { agencyQuery } from "../agency";
import { UnknownAgency } from "../features/sessions/UnknownAgency";
import { NotFound } from "../NotFound";

const NO_AGENCY = "no agency";

export const Route = createFileRoute("/$agency")({
  loader: async ({ context, params }) => {
    try {
      return await context.cache.query(agencyQuery(params.agency));
    } catch (error) {
      if (isProblem(error, "not_found", "bad_request", "validation"))
        notFound({ throw: true, data: NO_AGENCY });
      throw error;
    }
  },
  component: Outlet,
  notFoundComponent: Unknown,
});

/** There is no such agency, or there is and has no such page. */
function Unknown({ data }: NotFoundRouteProps) {
  const { agency } = Route.useParams();
  return data === NO_AGENCY ? <UnknownAgency slug={agency} /> : <NotFound />;
}
