import { GuardedButton } from "@countersign/ui/GuardedButton";
import { Page } from "@countersign/ui/Page";
import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { useState } from "react";
import { GroupsList } from "../../../../features/holders/GroupsList";
import { holderGroupsQuery } from "../../../../holder";
import { LinkAnchor } from "../../../../LinkAnchor";
import { useMessages } from "../../../../messages/MessagesProvider";
import { paths } from "../../../../paths";
import { useMay } from "../../../../session";

export const Route = createFileRoute("/_signed-in/holders/groups/")({
  loader: ({ context }) => context.cache.query(holderGroupsQuery()),
  component: HolderGroupsPage,
});

function HolderGroupsPage() {
  const t = useMessages();
  const may = useMay();
  const groups = useSuspenseQuery(holderGroupsQuery()).data.data;
  const [adding, setAdding] = useState(false);
  const mayEdit = may("send_certificates");
  return (
    <Page
      title={t.groups.title}
      product={t.product}
      trail={<LinkAnchor {...paths.holders()}>{t.holders.title}</LinkAnchor>}
      actions={
        <GuardedButton
          reason={mayEdit ? null : t.groups.mayNotEdit}
          onClick={() => setAdding(true)}
        >
          {t.groups.add}
        </GuardedButton>
      }
    >
      <GroupsList groups={groups} mayEdit={mayEdit} adding={adding} onAdding={setAdding} />
    </Page>
  );
}
