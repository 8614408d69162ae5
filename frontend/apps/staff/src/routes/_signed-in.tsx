import { lastAgency } from "@countersign/api/last-agency";
import { findSession } from "@countersign/api/session";
import { TimeZone } from "@countersign/ui/UiProvider";
import { createFileRoute, Outlet, redirect } from "@tanstack/react-router";
import { paths } from "../paths";
import { useSession } from "../session";
import { Shell } from "../shell/Shell";

/** Everything below needs somebody who is signed in. The server decides; this only leads the way. */
export const Route = createFileRoute("/_signed-in")({
  beforeLoad: async ({ context, location }) => {
    const session = await findSession(context.cache);
    if (session !== null && session.app === "staff") return;
    const slug = lastAgency();
    if (slug === null) throw redirect(paths.whichAgency(location.href));
    throw redirect(paths.signIn(slug, location.href));
  },
  component: SignedIn,
});

function SignedIn() {
  const { agency } = useSession();
  return (
    <TimeZone timeZone={agency.time_zone}>
      <Shell>
        <Outlet />
      </Shell>
    </TimeZone>
  );
}
