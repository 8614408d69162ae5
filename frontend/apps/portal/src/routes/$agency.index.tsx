import { createFileRoute, redirect } from "@tanstack/react-router";
import { paths } from "../paths";
import { standing } from "../session";

/** The agency's own address leads to its sign-in, and whoever is signed in there already to Home. */
export const Route = createFileRoute("/$agency/")({
  beforeLoad: async ({ context, params }) => {
    const session = await standing(context.cache);
    if (typeof session !== "string" && session.agency.slug === params.agency) {
      throw redirect(paths.home());
    }
    throw redirect(paths.signIn(params.agency));
  },
});
