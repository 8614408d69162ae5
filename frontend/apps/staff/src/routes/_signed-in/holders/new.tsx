import { client } from "@countersign/api/client";
import { Intent } from "@countersign/api/intent";
import { problemOf } from "@countersign/api/problem";
import { invalidate } from "@countersign/api/query";
import { Page } from "@countersign/ui/Page";
import { toastDone } from "@countersign/ui/toast";
import { useQueryClient } from "@tanstack/react-query";
import { createFileRoute, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { HolderForm } from "../../../features/holders/HolderForm";
import { LinkAnchor } from "../../../LinkAnchor";
import { useMessages } from "../../../messages/MessagesProvider";
import { paths } from "../../../paths";
import { useSession } from "../../../session";

export const Route = createFileRoute("/_signed-in/holders/new")({ component: NewHolder });

function NewHolder() {
  const t = useMessages();
  const { user } = useSession();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const [intent] = useState(() => new Intent());
  return (
    <Page
      title={t.holders.add}
      product={t.product}
      trail={<LinkAnchor {...paths.holders()}>{t.holders.title}</LinkAnchor>}
    >
      <HolderForm
        draftKey={`${user.id} new`}
        record={null}
        submitLabel={t.holders.create}
        onCancel={() => void navigate(paths.holders())}
        onSave={async (body) => {
          try {
            const { data } = await client.POST("/v1/holders", {
              headers: { "Idempotency-Key": intent.key(body) },
              body,
            });
            intent.settle();
            void invalidate(cache, "/v1/holders");
            toastDone(t.holders.created(body.name));
            if (data !== undefined) {
              await navigate({ ...paths.holder(data.id), ignoreBlocker: true });
            }
          } catch (thrown) {
            intent.settle(problemOf(thrown));
            throw thrown;
          }
        }}
      />
    </Page>
  );
}
