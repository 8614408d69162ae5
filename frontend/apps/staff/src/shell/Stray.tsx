import { sessionQuery } from "@countersign/api/session";
import { TimeZone } from "@countersign/ui/UiProvider";
import { useQuery } from "@tanstack/react-query";
import { Nothing } from "./Nothing";
import { Shell } from "./Shell";
import { Waiting } from "./Waiting";

/** An address of no route: in the frame for who is signed in, bare for anybody else. */
export function Stray() {
  const { data, isPending } = useQuery(sessionQuery);
  if (isPending) return <Waiting />;
  if (data === undefined || data.app !== "staff") return <Nothing />;
  return (
    <TimeZone timeZone={data.agency.time_zone}>
      <Shell>
        <Nothing />
      </Shell>
    </TimeZone>
  );
}
