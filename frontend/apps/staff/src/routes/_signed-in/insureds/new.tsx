import { client } from "@countersign/api/client";
import { Intent } from "@countersign/api/intent";
import { problemOf } from "@countersign/api/problem";
import { invalidate } from "@countersign/api/query";
import { Page } from "@countersign/ui/Page";
import { toastDone } from "@countersign/ui/toast";
import { useQueryClient } from "@tanstack/react-query";
import { createFileRoute, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { InsuredForm } from "../../../features/insureds/InsuredForm";
import { LinkAnchor } from "../../../LinkAnchor";
import { useMessages } from "../../../messages/MessagesProvider";
import { useSession } from "../../../session";
import { paths } from "../../../paths";

export const Route = createFileRoute("/_signed-in/insureds/new")({ component: NewInsured });

function NewInsured() {
  const t = useMessages();
  const { user } = useSession();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const [intent] = useState(() => new Intent());
  return (
    <Page
      title={t.insureds.add}
      product={t.product}
      trail={<LinkAnchor {...paths.insureds()}>{t.insureds.title}</LinkAnchor>}
    >
      <InsuredForm
        draftKey={`${user.id} new`}
        record={null}
        submitLabel={t.insureds.create}
        onCancel={() => void navigate(paths.insureds())}
        onSave={async (body) => {
          try {
            const { data } = await client.POST("/v1/insureds", {
              headers: { "Idempotency-Key": intent.key(body) },
              body,
            });
            intent.settle();
            void invalidate(cache, "/v1/insureds");
            toastDone(t.insureds.created(body.name));
            if (data !== undefined) {
              await navigate({ ...paths.insured(data.id), ignoreBlocker: true });
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
