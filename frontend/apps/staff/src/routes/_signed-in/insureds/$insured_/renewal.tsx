import { Page } from "@countersign/ui/Page";
import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute, useNavigate } from "@tanstack/react-router";
import { RenewalRun } from "../../../../features/certificates/RenewalRun";
import { insuredQuery, mastersQuery } from "../../../../insured";
import { LinkAnchor } from "../../../../LinkAnchor";
import { useMessages } from "../../../../messages/MessagesProvider";
import { paths } from "../../../../paths";
import { present, idParam } from "../../../../search-params";

export const Route = createFileRoute("/_signed-in/insureds/$insured_/renewal")({
  validateSearch: (search: Record<string, unknown>) =>
    present({ master: idParam(search["master"]) }),
  loader: ({ context, params: { insured } }) =>
    Promise.all([
      context.cache.query(insuredQuery(insured)),
      context.cache.query(mastersQuery(insured)),
    ]),
  component: Renewal,
});

function Renewal() {
  const t = useMessages();
  const { insured: id } = Route.useParams();
  const { master } = Route.useSearch();
  const navigate = useNavigate();
  const insured = useSuspenseQuery(insuredQuery(id)).data;
  const masters = useSuspenseQuery(mastersQuery(id)).data.data;
  return (
    <Page
      title={t.batches.renewalRun}
      product={t.product}
      trail={
        <>
          <LinkAnchor {...paths.insureds()}>{t.insureds.title}</LinkAnchor>
          <span aria-hidden>/</span>
          <LinkAnchor {...paths.insured(id)}>{insured.name}</LinkAnchor>
        </>
      }
    >
      <RenewalRun
        insured={insured}
        masters={masters}
        master={masters.some((each) => each.id === master) ? (master ?? null) : null}
        onMaster={(chosen) =>
          void navigate({
            ...paths.renewalRun(id, chosen === null ? {} : { master: chosen }),
            replace: true,
          })
        }
      />
    </Page>
  );
}
