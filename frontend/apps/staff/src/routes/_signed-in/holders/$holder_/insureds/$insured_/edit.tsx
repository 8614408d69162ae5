import { client, ifMatch } from "@countersign/api/client";
import { invalidate } from "@countersign/api/query";
import { GuardedButton } from "@countersign/ui/GuardedButton";
import { Page } from "@countersign/ui/Page";
import { toastDone } from "@countersign/ui/toast";
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { LinkForm } from "../../../../../../features/holders/LinkForm";
import { holderLinkQuery } from "../../../../../../holder";
import { LinkAnchor } from "../../../../../../LinkAnchor";
import { useMessages } from "../../../../../../messages/MessagesProvider";
import { paths } from "../../../../../../paths";
import { insideParam, present } from "../../../../../../search-params";
import { useSession } from "../../../../../../session";
import { useSeen } from "../../../../../../use-seen";
import { useWayBack } from "../../../../../../use-way-back";

export const Route = createFileRoute("/_signed-in/holders/$holder_/insureds/$insured_/edit")({
  validateSearch: (search: Record<string, unknown>) =>
    present({ back: insideParam(search["back"]) }),
  loader: {
    handler: ({ context, params }) =>
      context.cache.query(holderLinkQuery(params.insured, params.holder)),
    // A form begins with the record as it is, not as it was on the last visit.
    staleReloadMode: "blocking",
  },
  component: EditHolderLink,
});

function EditHolderLink() {
  const t = useMessages();
  const { holder, insured } = Route.useParams();
  const { back } = Route.useSearch();
  const query = holderLinkQuery(insured, holder);
  // The two that it joins name the link.
  const id = `${holder} ${insured}`;
  const [link] = useSeen({ ...useSuspenseQuery(query).data, id });
  const { user } = useSession();
  const cache = useQueryClient();
  const leave = useWayBack(back, paths.holderLink(holder, insured));
  return (
    <Page
      title={t.links.editTitle}
      product={t.product}
      trail={
        <>
          <LinkAnchor {...paths.holder(holder)}>{link.holder.name}</LinkAnchor>
          <span aria-hidden>/</span>
          <LinkAnchor {...paths.holderLink(holder, insured)}>{link.insured.name}</LinkAnchor>
        </>
      }
    >
      {link.may.includes("edit") ? (
        <LinkForm
          key={link.version}
          draftKey={`${user.id} ${holder} ${insured} ${link.version}`}
          link={link}
          onCancel={() => void leave(false)}
          onSave={async (body, version) => {
            await client.PUT("/v1/insureds/{insured}/holders/{holder}", {
              params: { path: { insured, holder }, header: ifMatch(version) },
              body,
            });
            // Before the next page, which shows what was written.
            void invalidate(cache, "/v1/holders");
            void invalidate(cache, "/v1/insureds/{insured}", { insured });
            await leave(true);
            toastDone(t.links.saved(link.holder.name));
          }}
        />
      ) : (
        <GuardedButton reason={t.links.mayNotEdit}>{t.links.save}</GuardedButton>
      )}
    </Page>
  );
}
