import type { ProblemError } from "@countersign/api/problem";
import type { components } from "@countersign/api/schema";
import type { ProblemAlertProps } from "@countersign/ui/ProblemAlert";
import { LinkButton } from "../../LinkButton";
import type { Messages } from "../../messages/en";
import { paths } from "../../paths";

/** Refusals that hold whatever one enters: the certificate itself is in the way. */
export function isFinal(problem: ProblemError | null): boolean {
  return problem?.slug === "certificate_term_ended" || problem?.slug === "certificate_not_standing";
}

/**
 * A refused act on a certificate. When the term has ended the fix is to send a new certificate; when
 * another one took its place, to go on with that.
 */
export function certificateProblem(
  problem: ProblemError | null,
  certificate: Pick<components["schemas"]["CertificateRow"], "insured_id" | "master">,
  t: Messages,
): ProblemAlertProps | null {
  if (problem === null) return null;
  if (problem.slug === "certificate_term_ended") {
    return {
      problem,
      fix: (
        <LinkButton
          {...paths.sendCertificate(certificate.insured_id, { master: certificate.master.id })}
          size="xs"
        >
          {t.certificates.sendNew}
        </LinkButton>
      ),
    };
  }
  if (problem.supersededBy === null) return { problem };
  return {
    problem,
    fix: (
      <LinkButton {...paths.certificate(problem.supersededBy)} size="xs">
        {t.certificates.toNewer}
      </LinkButton>
    ),
  };
}
