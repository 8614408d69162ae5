import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { InterestsList } from "../../../../features/interests/InterestsList";
import { insuredQuery } from "../../../../insured";

export const Route = createFileRoute("/_signed-in/insureds/$insured/interests")({
  component: Interests,
});

function Interests() {
  const { insured } = Route.useParams();
  return <InterestsList insured={useSuspenseQuery(insuredQuery(insured)).data} />;
}
