import { EmptyState } from "@countersign/ui/EmptyState";
import { useQuery } from "@tanstack/react-query";
import { useLocation } from "@tanstack/react-router";
import { insuredQuery } from "../../insured";
import { LinkButton } from "../../LinkButton";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import { useMay } from "../../session";

export interface NoPoliciesProps {
  readonly insured: string;
}

/** An insured without policies: where they come from, and what is still in the way of that. */
export function NoPolicies({ insured }: NoPoliciesProps) {
  const t = useMessages();
  const may = useMay();
  const here = useLocation({ select: (location) => location.href });
  const { data } = useQuery(insuredQuery(insured));
  // A file that names a number which no insured has makes another insured of it.
  const unnumbered = data !== undefined && !data.customer_id;
  return (
    <EmptyState
      title={t.policies.none}
      action={
        <>
          {unnumbered && data.may.includes("edit") ? (
            <LinkButton {...paths.editInsured(insured, here)}>
              {t.policies.enterCustomerId}
            </LinkButton>
          ) : null}
          {may("run_imports") ? (
            <LinkButton {...paths.newImport()} variant={unnumbered ? "default" : "filled"}>
              {t.imports.start}
            </LinkButton>
          ) : null}
        </>
      }
    >
      {t.policies.noneText} {unnumbered ? t.policies.noneUnnumbered : null}
    </EmptyState>
  );
}
