import { Page } from "@countersign/ui/Page";
import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { batchQuery } from "../../../../batch";
import { BatchPage } from "../../../../features/certificates/BatchPage";
import { LinkAnchor } from "../../../../LinkAnchor";
import { useMessages } from "../../../../messages/MessagesProvider";
import { paths } from "../../../../paths";

export const Route = createFileRoute("/_signed-in/certificates/batches/$batch")({
  loader: ({ context, params: { batch } }) => context.cache.query(batchQuery(batch)),
  component: BatchRoute,
});

function BatchRoute() {
  const t = useMessages();
  const { batch: id } = Route.useParams();
  const { data: batch } = useSuspenseQuery(batchQuery(id));
  return (
    <Page
      title={
        batch.kind === "renewal"
          ? t.batches.renewalNamed(batch.master.name)
          : t.batches.named(batch.master.name)
      }
      product={t.product}
      trail={
        <>
          <LinkAnchor {...paths.insured(batch.insured_id)}>{batch.insured_name}</LinkAnchor>
          <span aria-hidden>/</span>
          <LinkAnchor {...paths.batchesOf(batch.insured_id)}>{t.batches.title}</LinkAnchor>
        </>
      }
    >
      <BatchPage key={id} id={id} />
    </Page>
  );
}
