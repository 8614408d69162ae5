import { Page } from "@countersign/ui/Page";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { SendCertificate } from "../../../../features/certificates/SendCertificate";
import {
  approvalQuery,
  certificateQuery,
  holdersQuery,
  insuredQuery,
  mastersQuery,
} from "../../../../insured";
import { interestsQuery } from "../../../../interest";
import { LinkAnchor } from "../../../../LinkAnchor";
import { useMessages } from "../../../../messages/MessagesProvider";
import { paths } from "../../../../paths";
import { present, idParam } from "../../../../search-params";
import classes from "./send.module.css";

export const Route = createFileRoute("/_signed-in/insureds/$insured_/send")({
  validateSearch: (search: Record<string, unknown>) =>
    present({
      master: idParam(search["master"]),
      holder: idParam(search["holder"]),
      interest: idParam(search["interest"]),
      revises: idParam(search["revises"]),
      approval: idParam(search["approval"]),
    }),
  loaderDeps: ({ search }) => ({ revises: search.revises, approval: search.approval }),
  loader: ({ context, params: { insured }, deps: { revises, approval } }) =>
    Promise.all([
      context.cache.query(insuredQuery(insured)),
      context.cache.query(mastersQuery(insured)),
      context.cache.query(holdersQuery(insured)),
      context.cache.query(interestsQuery(insured)),
      revises === undefined ? null : context.cache.query(certificateQuery(revises)),
      approval === undefined ? null : context.cache.query(approvalQuery(approval)),
    ]),
  component: Send,
});

function Send() {
  const t = useMessages();
  const { insured: id } = Route.useParams();
  const { revises, approval, ...start } = Route.useSearch();
  const insured = useSuspenseQuery(insuredQuery(id)).data;
  const masters = useSuspenseQuery(mastersQuery(id)).data.data;
  const holders = useSuspenseQuery(holdersQuery(id)).data.data;
  const interests = useSuspenseQuery(interestsQuery(id)).data.data;
  const revised = useQuery({
    ...certificateQuery(revises ?? ""),
    enabled: revises !== undefined,
    // What the form begins with does not change under it.
    refetchOnWindowFocus: false,
  }).data;
  const request = useQuery({
    ...approvalQuery(approval ?? ""),
    enabled: approval !== undefined,
    refetchOnWindowFocus: false,
  }).data;
  if (revises !== undefined && revised === undefined) return null;
  if (approval !== undefined && request === undefined) return null;
  return (
    <div className={classes.full}>
      <Page
        title={
          revised === undefined ? t.send.title : t.send.revise(revised.number, revised.revision + 1)
        }
        product={t.product}
        trail={
          <>
            <LinkAnchor {...paths.insureds()}>{t.insureds.title}</LinkAnchor>
            <span aria-hidden>/</span>
            <LinkAnchor {...paths.insured(id)}>{insured.name}</LinkAnchor>
          </>
        }
      >
        <SendCertificate
          key={`${revises ?? ""} ${approval ?? ""}`}
          insured={insured}
          masters={masters}
          holders={holders}
          interests={interests}
          start={start}
          revises={revised ?? null}
          from={request ?? null}
        />
      </Page>
    </div>
  );
}
