import { createFileRoute, redirect } from "@tanstack/react-router";
import { paths } from "../paths";

export const Route = createFileRoute("/$agency/")({
  beforeLoad: ({ params }) => {
    throw redirect(paths.signIn(params.agency));
  },
});
