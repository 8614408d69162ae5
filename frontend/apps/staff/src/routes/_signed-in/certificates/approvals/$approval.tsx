import { Page } from "@countersign/ui/Page";
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { ApprovalPage } from "../../../../features/certificates/ApprovalPage";
import { approvalQuery } from "../../../../insured";
import { LinkAnchor } from "../../../../LinkAnchor";
import { useMessages } from "../../../../messages/MessagesProvider";
import { paths } from "../../../../paths";

export const Route = createFileRoute("/_signed-in/certificates/approvals/$approval")({
  loader: {
    handler: ({ context, params: { approval } }) => context.cache.query(approvalQuery(approval)),
    // A decision is made about the page as it is, not as it was on the last visit.
    staleReloadMode: "blocking",
  },
  component: Approval,
});

function Approval() {
  const t = useMessages();
  const { approval: id } = Route.useParams();
  const cache = useQueryClient();
  // What is decided about does not change under the person who looks at it.
  const { data: approval } = useSuspenseQuery({
    ...approvalQuery(id),
    refetchOnWindowFocus: false,
  });
  return (
    <Page
      title={t.approvals.named(approval.holder_name)}
      product={t.product}
      trail={
        <>
          <LinkAnchor {...paths.certificates()}>{t.certificates.title}</LinkAnchor>
          <span aria-hidden>/</span>
          <LinkAnchor {...paths.approvals()}>{t.approvals.title}</LinkAnchor>
        </>
      }
    >
      <ApprovalPage
        approval={approval}
        onLookAgain={() => void cache.query({ ...approvalQuery(id), staleTime: 0 })}
      />
    </Page>
  );
}
