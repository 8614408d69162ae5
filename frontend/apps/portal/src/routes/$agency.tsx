import { lastAgency } from "@countersign/api/last-agency";
import { isProblem } from "@countersign/api/problem";
import {
  createFileRoute,
  notFound,
  type NotFoundRouteProps,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { agencyQuery } from "../agency";
import { UnknownAgency } from "../features/sessions/UnknownAgency";
import { NotFound } from "../NotFound";
import { paths } from "../paths";
import { standing } from "../session";

const NO_AGENCY = "no agency";

export const Route = createFileRoute("/$agency")({
  loader: async ({ context, params }) => {
    try {
      return await context.cache.query(agencyQuery(params.agency));
    } catch (error) {
      if (isProblem(error, "not_found", "bad_request", "validation")) {
        // Whoever is suspended hears that at every address, and not that this one names no agency.
        const known = lastAgency();
        if (known !== null && known !== params.agency) {
          if ((await standing(context.cache)) === "suspended")
            throw redirect(paths.suspended(known));
        }
        notFound({ throw: true, data: NO_AGENCY });
      }
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
