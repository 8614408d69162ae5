import type { ProblemError } from "@countersign/api/problem";
import { Loading } from "@countersign/ui/Loading";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { Skeleton } from "@mantine/core";
import type { AgencyCard } from "../../agency";
import { useMessages } from "../../messages/MessagesProvider";
import { Door } from "../../Door";

export interface OpeningLinkProps {
  readonly agency: AgencyCard;
  readonly problem: ProblemError | null;
  readonly onRetry: () => void;
}

/** While a link is opened, or where that failed for now. */
export function OpeningLink({ agency, problem, onRetry }: OpeningLinkProps) {
  const t = useMessages();
  return (
    <Door title={t.links.opening} agency={agency}>
      {problem === null ? (
        <Loading>
          <Skeleton height={16} width="80%" mb="md" />
          <Skeleton height={120} />
        </Loading>
      ) : (
        <ProblemAlert problem={problem} onRetry={onRetry} />
      )}
    </Door>
  );
}
