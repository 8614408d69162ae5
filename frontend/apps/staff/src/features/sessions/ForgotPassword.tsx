import { client } from "@countersign/api/client";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import type { components } from "@countersign/api/schema";
import { Plaque } from "@countersign/ui/Plaque";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { useFirstFault } from "@countersign/ui/use-first-fault";
import { Button, Stack, Text, TextInput } from "@mantine/core";
import { useRef, useState } from "react";
import { LinkAnchor } from "../../LinkAnchor";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import { AgencyMark } from "./AgencyMark";
import { Reach } from "./Reach";

export interface ForgotPasswordProps {
  readonly agency: components["schemas"]["AgencyCard"];
}

/** Asks for a reset link. The answer is the same whether or not there is such a user. */
export function ForgotPassword({ agency }: ForgotPasswordProps) {
  const t = useMessages();
  const [username, setUsername] = useState("");
  const [missing, setMissing] = useState(false);
  const [asked, setAsked] = useState(false);
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  useFirstFault(form, busy);

  async function ask() {
    setMissing(true);
    if (username.trim() === "") return;
    setBusy(true);
    setProblem(null);
    try {
      await client.POST("/v1/password-links", {
        body: { agency: agency.slug, app: "staff", username: username.trim() },
      });
      setAsked(true);
    } catch (thrown) {
      setProblem(problemOf(thrown));
    } finally {
      setBusy(false);
    }
  }

  return (
    <Plaque
      title={asked ? t.sessions.linkAskedTitle : t.sessions.forgotTitle}
      product={t.product}
      mark={<AgencyMark name={agency.name} />}
      foot={<Reach agency={agency} />}
    >
      {asked ? (
        <Stack gap="md">
          <Text component="p" m={0} role="status">
            {t.sessions.linkAsked}
          </Text>
          <LinkAnchor {...paths.signIn(agency.slug)}>{t.sessions.backToSignIn}</LinkAnchor>
        </Stack>
      ) : (
        <form
          ref={form}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            void ask();
          }}
        >
          <Stack gap="md">
            {problem === null ? null : <ProblemAlert problem={problem} />}
            <Text component="p" m={0}>
              {t.sessions.forgotText}
            </Text>
            <TextInput
              label={t.sessions.username}
              value={username}
              onChange={(event) => setUsername(event.currentTarget.value)}
              error={missing && username.trim() === "" ? t.sessions.usernameMissing : null}
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              autoFocus
              size="md"
            />
            <Button type="submit" size="md" loading={busy} fullWidth>
              {t.sessions.sendLink}
            </Button>
            <LinkAnchor {...paths.signIn(agency.slug)} size="sm">
              {t.sessions.backToSignIn}
            </LinkAnchor>
          </Stack>
        </form>
      )}
    </Plaque>
  );
}
