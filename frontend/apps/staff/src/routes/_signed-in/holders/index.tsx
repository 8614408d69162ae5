import { GuardedButton } from "@countersign/ui/GuardedButton";
import { Page } from "@countersign/ui/Page";
import { createFileRoute, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { type HoldersFilter, HoldersTable } from "../../../features/holders/HoldersTable";
import { LibraryFiles } from "../../../features/holders/LibraryFiles";
import { SendManyDialog } from "../../../features/holders/SendManyDialog";
import { LinkButton } from "../../../LinkButton";
import { useMessages } from "../../../messages/MessagesProvider";
import { paths } from "../../../paths";
import { present, textParam } from "../../../search-params";
import { useMay } from "../../../session";

function read(search: Record<string, unknown>): HoldersFilter {
  const archived = search["archived"] === true || search["archived"] === "true";
  return present({
    q: textParam(search["q"]),
    archived: archived ? (true as const) : undefined,
    group: textParam(search["group"]),
  });
}

export const Route = createFileRoute("/_signed-in/holders/")({
  validateSearch: read,
  component: Holders,
});

function Holders() {
  const t = useMessages();
  const may = useMay();
  const filter = Route.useSearch();
  const navigate = useNavigate();
  const [sending, setSending] = useState(false);
  return (
    <Page
      title={t.holders.title}
      product={t.product}
      actions={
        <>
          <LinkButton {...paths.holderGroups()} variant="default">
            {t.groups.manage}
          </LinkButton>
          <GuardedButton
            variant="default"
            reason={may("send_certificates") ? null : t.batches.mayNot}
            onClick={() => setSending(true)}
          >
            {t.batches.sendMany}
          </GuardedButton>
          {may("send_certificates") ? (
            <LinkButton {...paths.newHolder()}>{t.holders.add}</LinkButton>
          ) : (
            <GuardedButton reason={t.holders.mayNotEdit}>{t.holders.add}</GuardedButton>
          )}
        </>
      }
    >
      <SendManyDialog opened={sending} onClose={() => setSending(false)} find={filter.q} />
      <HoldersTable
        filter={filter}
        tools={<LibraryFiles filter={filter} />}
        onFilter={(next) =>
          void navigate({ ...paths.holders(), search: read({ ...next }), replace: true })
        }
      />
    </Page>
  );
}
