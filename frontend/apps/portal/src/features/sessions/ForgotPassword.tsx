import { client } from "@countersign/api/client";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { useFirstFault } from "@countersign/ui/use-first-fault";
import { Button, Stack, Text, TextInput } from "@mantine/core";
import { useRef, useState } from "react";
import type { AgencyCard } from "../../agency";
import { LinkAnchor } from "../../LinkAnchor";
import { LinkButton } from "../../LinkButton";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import { Door } from "../../Door";

export interface ForgotPasswordProps {
  readonly agency: AgencyCard;
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
        body: { agency: agency.slug, app: "portal", username: username.trim() },
      });
      setAsked(true);
    } catch (thrown) {
      setProblem(problemOf(thrown));
    } finally {
      setBusy(false);
    }
  }

  if (asked) {
    return (
      <Door title={t.sessions.linkAskedTitle} agency={agency}>
        <Stack gap="md">
          <Text component="p" m={0} role="status">
            {t.sessions.linkAsked(username.trim())}
          </Text>
          <Text component="p" m={0} c="dimmed">
            {t.sessions.linkAskedHelp}
          </Text>
          <LinkButton {...paths.signIn(agency.slug)} size="lg" fullWidth>
            {t.sessions.backToSignIn}
          </LinkButton>
          <Button variant="default" size="lg" fullWidth onClick={() => setAsked(false)}>
            {t.sessions.askAgain}
          </Button>
        </Stack>
      </Door>
    );
  }
  return (
    <Door title={t.sessions.forgotTitle} agency={agency}>
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void ask();
        }}
      >
        <Stack gap="md">
          <Text component="p" m={0} c="dimmed">
            {t.sessions.forgotText}
          </Text>
          {problem === null ? null : <ProblemAlert problem={problem} />}
          <TextInput
            label={t.sessions.username}
            description={t.sessions.usernameHint}
            value={username}
            onChange={(event) => setUsername(event.currentTarget.value)}
            error={missing && username.trim() === "" ? t.sessions.usernameMissing : null}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            size="lg"
          />
          <Button type="submit" size="lg" loading={busy} fullWidth>
            {t.sessions.sendLink}
          </Button>
          <LinkAnchor {...paths.signIn(agency.slug)} py={8}>
            {t.sessions.backToSignIn}
          </LinkAnchor>
        </Stack>
      </form>
    </Door>
  );
}
