import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { useState } from "react";
import { CreateUserAccount } from "../../../../features/portal/CreateUserAccount";
import { PortalAccount } from "../../../../features/portal/PortalAccount";
import { insuredQuery } from "../../../../insured";

export const Route = createFileRoute("/_signed-in/insureds/$insured/portal")({
  component: Portal,
});

function Portal() {
  const { insured: id } = Route.useParams();
  const insured = useSuspenseQuery(insuredQuery(id)).data;
  const [creating, setCreating] = useState(false);
  return (
    <>
      <PortalAccount insured={insured} onCreate={() => setCreating(true)} />
      <CreateUserAccount insured={insured} opened={creating} onClose={() => setCreating(false)} />
    </>
  );
}
