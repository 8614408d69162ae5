import { EmptyState } from "@countersign/ui/EmptyState";
import { Page } from "@countersign/ui/Page";
import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { GroupMembers } from "../../../../features/holders/GroupMembers";
import { holderGroupsQuery } from "../../../../holder";
import { LinkAnchor } from "../../../../LinkAnchor";
import { LinkButton } from "../../../../LinkButton";
import { useMessages } from "../../../../messages/MessagesProvider";
import { paths } from "../../../../paths";

export const Route = createFileRoute("/_signed-in/holders/groups/$group")({
  loader: ({ context }) => context.cache.query(holderGroupsQuery()),
  component: HolderGroupPage,
});

function HolderGroupPage() {
  const t = useMessages();
  const { group: id } = Route.useParams();
  const groups = useSuspenseQuery(holderGroupsQuery()).data.data;
  const group = groups.find((each) => each.id === id);
  return (
    <Page
      title={group?.name ?? t.groups.title}
      product={t.product}
      trail={
        <>
          <LinkAnchor {...paths.holders()}>{t.holders.title}</LinkAnchor>
          <span aria-hidden>/</span>
          <LinkAnchor {...paths.holderGroups()}>{t.groups.title}</LinkAnchor>
        </>
      }
      facts={group === undefined ? null : <span>{t.groups.count(group.holders)}</span>}
      actions={
        group === undefined ? null : (
          <LinkButton {...paths.holders({ group: group.id })} variant="default">
            {t.groups.openInLibrary}
          </LinkButton>
        )
      }
    >
      {group === undefined ? (
        <EmptyState title={t.groups.gone}>{t.groups.note}</EmptyState>
      ) : (
        <GroupMembers key={group.id} group={group} />
      )}
    </Page>
  );
}
