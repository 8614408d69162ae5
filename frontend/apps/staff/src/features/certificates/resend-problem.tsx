import type { ProblemError } from "@countersign/api/problem";
import type { ProblemAlertProps } from "@countersign/ui/ProblemAlert";
import { LinkButton } from "../../LinkButton";
import type { Messages } from "../../messages/en";
import { paths } from "../../paths";

/** A refused resend. When the term has ended the fix is to send a new certificate. */
export function resendProblem(
  problem: ProblemError | null,
  insured: string,
  master: string,
  t: Messages,
): ProblemAlertProps | null {
  if (problem === null) return null;
  if (problem.slug !== "certificate_term_ended") return { problem };
  return {
    problem,
    fix: (
      <LinkButton {...paths.sendCertificate(insured, { master })} size="xs">
        {t.certificates.sendNew}
      </LinkButton>
    ),
  };
}
