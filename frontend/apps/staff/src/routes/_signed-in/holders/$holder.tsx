import { client, ifMatch } from "@countersign/api/client";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import { invalidate } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { ConfirmDialog } from "@countersign/ui/ConfirmDialog";
import { MenuAction } from "@countersign/ui/MenuAction";
import { Page } from "@countersign/ui/Page";
import { toastDone, toastProblem } from "@countersign/ui/toast";
import { Button, Menu } from "@mantine/core";
import {
  IconArchive,
  IconArchiveOff,
  IconArrowMerge,
  IconChevronDown,
  IconPencil,
} from "@tabler/icons-react";
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { HolderProfile } from "../../../features/holders/HolderProfile";
import { MergeDialog } from "../../../features/holders/MergeDialog";
import { holderQuery } from "../../../holder";
import { LinkAnchor } from "../../../LinkAnchor";
import { useMessages } from "../../../messages/MessagesProvider";
import { paths } from "../../../paths";

type Holder = components["schemas"]["Holder"];

export const Route = createFileRoute("/_signed-in/holders/$holder")({
  loader: ({ context, params }) => context.cache.query(holderQuery(params.holder)),
  component: HolderPage,
});

/** Which dialog is open, and about which other holder. */
type Asked =
  { readonly kind: "archive" } | { readonly kind: "merge"; readonly into: Holder | null };

function HolderPage() {
  const t = useMessages();
  const { holder: id } = Route.useParams();
  const holder = useSuspenseQuery(holderQuery(id)).data;
  const cache = useQueryClient();
  const navigate = useNavigate();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const reason =
    holder.merged_into != null
      ? t.holders.mergedNote
      : holder.may.includes("edit")
        ? null
        : t.holders.mayNotEdit;
  const request = { params: { path: { holder: id }, header: ifMatch(holder.version) } };

  async function archive() {
    setBusy(true);
    setProblem(null);
    try {
      await client.POST("/v1/holders/{holder}/archive", request);
      await invalidate(cache, "/v1/holders");
      setAsked(null);
      toastDone(t.holders.archivedDone(holder.name));
    } catch (thrown) {
      setProblem(problemOf(thrown));
    } finally {
      setBusy(false);
    }
  }

  async function restore() {
    try {
      await client.POST("/v1/holders/{holder}/restore", request);
      await invalidate(cache, "/v1/holders");
      toastDone(t.holders.restoredDone(holder.name));
    } catch (thrown) {
      toastProblem(problemOf(thrown));
    }
  }

  return (
    <Page
      title={holder.name}
      product={t.product}
      trail={<LinkAnchor {...paths.holders()}>{t.holders.title}</LinkAnchor>}
      actions={
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" rightSection={<IconChevronDown size={16} />}>
              {t.actions}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <MenuAction
              icon={<IconPencil size={16} stroke={1.6} />}
              reason={reason}
              onClick={() => void navigate(paths.editHolder(id))}
            >
              {t.holders.edit}
            </MenuAction>
            <MenuAction
              icon={<IconArrowMerge size={16} stroke={1.6} />}
              reason={reason}
              onClick={() => setAsked({ kind: "merge", into: null })}
            >
              {t.holders.merge}
            </MenuAction>
            {holder.archived_at == null ? (
              <MenuAction
                icon={<IconArchive size={16} stroke={1.6} />}
                reason={reason}
                onClick={() => setAsked({ kind: "archive" })}
              >
                {t.holders.archive}
              </MenuAction>
            ) : (
              <MenuAction
                icon={<IconArchiveOff size={16} stroke={1.6} />}
                reason={reason}
                onClick={() => void restore()}
              >
                {t.holders.restore}
              </MenuAction>
            )}
          </Menu.Dropdown>
        </Menu>
      }
    >
      <HolderProfile holder={holder} onMerge={(into) => setAsked({ kind: "merge", into })} />
      <ConfirmDialog
        opened={asked?.kind === "archive"}
        onClose={() => {
          setAsked(null);
          setProblem(null);
        }}
        onConfirm={() => void archive()}
        title={t.holders.archiving(holder.name)}
        confirmLabel={t.holders.archive}
        busy={busy}
        problem={problem === null ? null : { problem }}
      >
        {t.holders.archiveText}
      </ConfirmDialog>
      {asked?.kind === "merge" ? (
        <MergeDialog double={holder} into={asked.into} opened onClose={() => setAsked(null)} />
      ) : null}
    </Page>
  );
}
