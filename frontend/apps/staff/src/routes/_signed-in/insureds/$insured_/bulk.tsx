import { Page } from "@countersign/ui/Page";
import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { SendMany } from "../../../../features/certificates/SendMany";
import { holdersQuery, insuredQuery, mastersQuery } from "../../../../insured";
import { LinkAnchor } from "../../../../LinkAnchor";
import { useMessages } from "../../../../messages/MessagesProvider";
import { paths } from "../../../../paths";
import { present, idParam, textParam } from "../../../../search-params";

export const Route = createFileRoute("/_signed-in/insureds/$insured_/bulk")({
  validateSearch: (search: Record<string, unknown>) =>
    present({ master: idParam(search["master"]), find: textParam(search["find"]) }),
  loader: ({ context, params: { insured } }) =>
    Promise.all([
      context.cache.query(insuredQuery(insured)),
      context.cache.query(mastersQuery(insured)),
      context.cache.query(holdersQuery(insured)),
    ]),
  component: Bulk,
});

function Bulk() {
  const t = useMessages();
  const { insured: id } = Route.useParams();
  const start = Route.useSearch();
  const insured = useSuspenseQuery(insuredQuery(id)).data;
  const masters = useSuspenseQuery(mastersQuery(id)).data.data;
  const holders = useSuspenseQuery(holdersQuery(id)).data.data;
  return (
    <Page
      title={t.batches.sendMany}
      product={t.product}
      trail={
        <>
          <LinkAnchor {...paths.insureds()}>{t.insureds.title}</LinkAnchor>
          <span aria-hidden>/</span>
          <LinkAnchor {...paths.insured(id)}>{insured.name}</LinkAnchor>
        </>
      }
    >
      <SendMany insured={insured} masters={masters} holders={holders} start={start} />
    </Page>
  );
}
