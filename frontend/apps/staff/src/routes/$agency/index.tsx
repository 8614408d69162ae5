import { findSession } from "@countersign/api/session";
import { createFileRoute, redirect } from "@tanstack/react-router";
import { paths } from "../../paths";

/** The agency's own address leads to its sign-in, and whoever is signed in there already to Home. */
export const Route = createFileRoute("/$agency/")({
  beforeLoad: async ({ context, params }) => {
    const session = await findSession(context.cache);
    if (session?.app === "staff" && session.agency.slug === params.agency) {
      throw redirect(paths.home());
    }
    throw redirect(paths.signIn(params.agency));
  },
});
