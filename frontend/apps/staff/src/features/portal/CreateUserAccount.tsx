import { client } from "@countersign/api/client";
import { Intent } from "@countersign/api/intent";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import { api, invalidate } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { FactList } from "@countersign/ui/FactList";
import { FormDialog } from "@countersign/ui/FormDialog";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { toastDone } from "@countersign/ui/toast";
import { Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { LinkButton } from "../../LinkButton";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import { RightsField } from "./RightsField";

export interface CreateUserAccountProps {
  readonly insured: components["schemas"]["Insured"];
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Opens the portal to an insured: who gets the mail, under which name, with which rights. */
export function CreateUserAccount({ insured, opened, onClose }: CreateUserAccountProps) {
  const t = useMessages();
  const cache = useQueryClient();
  const catalogue = api.useQuery("get", "/v1/portal-rights", undefined, {
    enabled: opened,
    staleTime: 3_600_000,
  });
  const [rights, setRights] = useState<components["schemas"]["RightWord"][]>([]);
  const [intent] = useState(() => new Intent());
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState(false);
  const email = insured.email ?? "";

  function close() {
    setRights([]);
    setProblem(null);
    onClose();
  }

  async function save() {
    setBusy(true);
    setProblem(null);
    const body = { rights };
    try {
      await client.POST("/v1/insureds/{insured}/portal-user", {
        params: { path: { insured: insured.id } },
        headers: { "Idempotency-Key": intent.key(body) },
        body,
      });
      intent.settle();
      await invalidate(cache, "/v1/insureds/{insured}", { insured: insured.id });
      void invalidate(cache, "/v1/insureds");
      toastDone(t.portal.invited(email));
      close();
    } catch (thrown) {
      const trouble = problemOf(thrown);
      intent.settle(trouble);
      setProblem(trouble);
    } finally {
      setBusy(false);
    }
  }

  const noEmail = email === "" || problem?.slug === "insured_email_missing";
  return (
    <FormDialog
      opened={opened}
      onClose={close}
      title={t.portal.createAccount}
      submitLabel={t.portal.saveAndInvite}
      size="lg"
      busy={busy}
      disabled={noEmail}
      dirty={rights.length > 0}
      caution={rights.length === 0 && !noEmail ? t.portal.noRights : null}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
      problem={problem === null || noEmail ? null : { problem }}
    >
      {noEmail ? (
        <Stack gap="sm">
          <ProblemAlert
            problem={{
              slug: "insured_email_missing",
              title: t.portal.emailMissing(insured.name),
              detail: t.portal.emailMissingText,
              requestId: null,
              fields: [],
              retryAfterSeconds: null,
            }}
            fix={
              <LinkButton {...paths.editInsured(insured.id)} variant="default" size="xs">
                {t.portal.addEmail}
              </LinkButton>
            }
          />
        </Stack>
      ) : (
        <>
          <Text component="p" m={0}>
            {t.portal.mailText(email)}
          </Text>
          <div>
            <FactList facts={[{ label: t.portal.username, value: <strong>{email}</strong> }]} />
            <Text component="p" size="sm" c="dimmed" m={0} mt={6}>
              {t.portal.usernamePreset}
            </Text>
          </div>
          {catalogue.error === null ? null : (
            <ProblemAlert
              problem={problemOf(catalogue.error)}
              onRetry={() => void catalogue.refetch()}
            />
          )}
          <div>
            <Text component="p" fw={600} m={0} mb={6}>
              {t.portal.rightsTitle}
            </Text>
            {catalogue.error !== null && catalogue.data === undefined ? null : (
              <RightsField catalogue={catalogue.data?.data} value={rights} onChange={setRights} />
            )}
          </div>
        </>
      )}
    </FormDialog>
  );
}
