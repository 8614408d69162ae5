import { createFileRoute, Outlet } from "@tanstack/react-router";
import { useMay } from "../../../session";
import { NotAllowed } from "../../../shell/NotAllowed";

export const Route = createFileRoute("/_signed-in/settings/import")({ component: Imports });

function Imports() {
  return useMay()("run_imports") ? <Outlet /> : <NotAllowed />;
}
