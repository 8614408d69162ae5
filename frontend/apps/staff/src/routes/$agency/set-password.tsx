import { createFileRoute, useLocation } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { SetPassword } from "../../features/sessions/SetPassword";

export const Route = createFileRoute("/$agency/set-password")({ component: SetPasswordRoute });

function SetPasswordRoute() {
  const { agency } = Route.useParams();
  const { hash } = useLocation();
  const [token] = useState(() => new URLSearchParams(hash).get("token") ?? "");
  useEffect(() => {
    // The token must not stay in the address, where a shoulder or a bookmark would catch it.
    window.history.replaceState(window.history.state, "", window.location.pathname);
  }, []);
  return <SetPassword slug={agency} token={token} />;
}
