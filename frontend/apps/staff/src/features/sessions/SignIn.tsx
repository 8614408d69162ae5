import { rememberAgency } from "@countersign/api/last-agency";
import { isProblem, problemOf, type ProblemError } from "@countersign/api/problem";
import type { components } from "@countersign/api/schema";
import { signIn } from "@countersign/api/session";
import { Plaque } from "@countersign/ui/Plaque";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { useFirstFault } from "@countersign/ui/use-first-fault";
import { useWords } from "@countersign/ui/UiProvider";
import { Wordmark } from "@countersign/ui/Wordmark";
import { Button, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { LinkAnchor } from "../../LinkAnchor";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import { Reach } from "./Reach";

export interface SignInProps {
  readonly agency: components["schemas"]["AgencyCard"];
  /** Why the last session ended, where it did not end by the person's own will. */
  readonly ended: "idle" | "suspended" | null;
  readonly onSignedIn: () => void;
}

export function SignIn({ agency, ended, onSignedIn }: SignInProps) {
  const t = useMessages();
  const words = useWords();
  const cache = useQueryClient();
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [missing, setMissing] = useState(false);
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  useFirstFault(form, busy);

  async function submit() {
    setMissing(true);
    if (username.trim() === "" || password === "") return;
    setBusy(true);
    setProblem(null);
    try {
      await signIn(cache, {
        agency: agency.slug,
        app: "staff",
        username: username.trim(),
        password,
      });
      rememberAgency(agency.slug);
      onSignedIn();
    } catch (thrown) {
      setProblem(problemOf(thrown));
      if (isProblem(thrown, "sign_in_refused")) setPassword("");
      setMissing(false);
      setBusy(false);
    }
  }

  return (
    <Plaque
      title={t.sessions.signInTo(agency.name)}
      product={t.product}
      mark={<Wordmark size="lg" />}
      foot={<Reach agency={agency} />}
    >
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Stack gap="md">
          {ended === null || problem !== null ? null : (
            <Text component="p" m={0} role="status">
              {ended === "idle" ? t.sessions.endedIdle : t.sessions.endedSuspended}
            </Text>
          )}
          {problem === null ? null : <ProblemAlert problem={problem} />}
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
          <div>
            <PasswordInput
              label={t.sessions.password}
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              error={missing && password === "" ? t.sessions.passwordMissing : null}
              aria-invalid={missing && password === ""}
              autoComplete="current-password"
              size="md"
              visibilityToggleButtonProps={{ "aria-label": words.showPassword, tabIndex: 0 }}
            />
            <LinkAnchor
              {...paths.forgotPassword(agency.slug)}
              size="sm"
              mt={8}
              display="inline-block"
            >
              {t.sessions.forgot}
            </LinkAnchor>
          </div>
          <Button type="submit" size="md" loading={busy} fullWidth>
            {t.sessions.signIn}
          </Button>
        </Stack>
      </form>
    </Plaque>
  );
}
