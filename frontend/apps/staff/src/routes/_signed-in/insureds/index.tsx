import { STATES } from "@countersign/api/states";
import { GuardedButton } from "@countersign/ui/GuardedButton";
import { Page } from "@countersign/ui/Page";
import { createFileRoute, useNavigate } from "@tanstack/react-router";
import {
  INSURED_SORTS,
  type InsuredsFilter,
  InsuredsTable,
} from "../../../features/insureds/InsuredsTable";
import { LinkButton } from "../../../LinkButton";
import { useMessages } from "../../../messages/MessagesProvider";
import { paths } from "../../../paths";
import { oneOf, present, textParam } from "../../../search-params";
import { useMay } from "../../../session";

function read(search: Record<string, unknown>): InsuredsFilter {
  return present({
    q: textParam(search["q"]),
    state: STATES.map(([code]) => code).find((code) => code === search["state"]),
    sort: oneOf(INSURED_SORTS, search["sort"]),
  });
}

export const Route = createFileRoute("/_signed-in/insureds/")({
  validateSearch: read,
  component: Insureds,
});

function Insureds() {
  const t = useMessages();
  const may = useMay();
  const filter = Route.useSearch();
  const navigate = useNavigate();
  return (
    <Page
      title={t.insureds.title}
      product={t.product}
      actions={
        may("edit_insureds") ? (
          <LinkButton {...paths.newInsured()}>{t.insureds.add}</LinkButton>
        ) : (
          <GuardedButton reason={t.insureds.mayNotEdit}>{t.insureds.add}</GuardedButton>
        )
      }
    >
      <InsuredsTable
        filter={filter}
        onFilter={(next) =>
          void navigate({ to: "/insureds", search: read({ ...next }), replace: true })
        }
      />
    </Page>
  );
}
