import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { MastersList } from "../../../../features/masters/MastersList";
import { insuredQuery } from "../../../../insured";

export const Route = createFileRoute("/_signed-in/insureds/$insured/masters")({
  component: Masters,
});

function Masters() {
  const { insured } = Route.useParams();
  return <MastersList insured={useSuspenseQuery(insuredQuery(insured)).data} />;
}
