import { createFileRoute, redirect } from "@tanstack/react-router";
import { paths } from "../../paths";

/** The agency's own address leads to its sign-in. */
export const Route = createFileRoute("/$agency/")({
  beforeLoad: ({ params }) => {
    throw redirect(paths.signIn(params.agency));
  },
});
