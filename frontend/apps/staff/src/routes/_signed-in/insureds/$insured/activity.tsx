import { createFileRoute } from "@tanstack/react-router";
import { ActivityHistory } from "../../../../features/activity/ActivityHistory";

export const Route = createFileRoute("/_signed-in/insureds/$insured/activity")({
  component: Activity,
});

function Activity() {
  return <ActivityHistory insured={Route.useParams().insured} />;
}
