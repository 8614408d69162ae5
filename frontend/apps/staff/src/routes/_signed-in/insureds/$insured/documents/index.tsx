import { createFileRoute, redirect } from "@tanstack/react-router";
import { paths } from "../../../../../paths";

export const Route = createFileRoute("/_signed-in/insureds/$insured/documents/")({
  beforeLoad: ({ params }) => {
    throw redirect(paths.certificatesSent(params.insured));
  },
});
