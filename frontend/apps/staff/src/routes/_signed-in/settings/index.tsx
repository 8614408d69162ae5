import { createFileRoute, redirect } from "@tanstack/react-router";
import { paths } from "../../../paths";

export const Route = createFileRoute("/_signed-in/settings/")({
  beforeLoad: () => {
    throw redirect(paths.agency());
  },
});
