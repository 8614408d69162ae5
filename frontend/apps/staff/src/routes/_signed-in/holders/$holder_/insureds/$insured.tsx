import { GuardedButton } from "@countersign/ui/GuardedButton";
import { Page } from "@countersign/ui/Page";
import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { LinkView } from "../../../../../features/holders/LinkView";
import { holderLinkQuery } from "../../../../../holder";
import { LinkAnchor } from "../../../../../LinkAnchor";
import { LinkButton } from "../../../../../LinkButton";
import { useMessages } from "../../../../../messages/MessagesProvider";
import { paths } from "../../../../../paths";

export const Route = createFileRoute("/_signed-in/holders/$holder_/insureds/$insured")({
  loader: ({ context, params }) =>
    context.cache.query(holderLinkQuery(params.insured, params.holder)),
  component: HolderLinkPage,
});

function HolderLinkPage() {
  const t = useMessages();
  const { holder, insured } = Route.useParams();
  const link = useSuspenseQuery(holderLinkQuery(insured, holder)).data;
  return (
    <Page
      title={link.insured.name}
      product={t.product}
      trail={
        <>
          <LinkAnchor {...paths.holders()}>{t.holders.title}</LinkAnchor>
          <span aria-hidden>/</span>
          <LinkAnchor {...paths.holder(holder)}>{link.holder.name}</LinkAnchor>
        </>
      }
      actions={
        link.may.includes("edit") ? (
          <LinkButton {...paths.editHolderLink(holder, insured)} variant="default">
            {t.links.edit}
          </LinkButton>
        ) : (
          <GuardedButton variant="default" reason={t.links.mayNotEdit}>
            {t.links.edit}
          </GuardedButton>
        )
      }
    >
      <LinkView link={link} />
    </Page>
  );
}
