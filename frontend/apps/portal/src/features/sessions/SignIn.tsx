import { rememberAgency } from "@countersign/api/last-agency";
import { isProblem, problemOf, type ProblemError } from "@countersign/api/problem";
import { signIn } from "@countersign/api/session";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { useWords } from "@countersign/ui/UiProvider";
import { Button, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { AgencyCard } from "../../agency";
import { LinkAnchor } from "../../LinkAnchor";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import { Door } from "../../Door";

export interface SignInProps {
  readonly agency: AgencyCard;
  /** The last session ended without its owner's doing. */
  readonly ended: boolean;
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
  const nameField = useRef<HTMLInputElement>(null);
  const passwordField = useRef<HTMLInputElement>(null);

  async function submit() {
    setMissing(true);
    if (username.trim() === "") nameField.current?.focus();
    else if (password === "") passwordField.current?.focus();
    if (username.trim() === "" || password === "") return;
    setBusy(true);
    setProblem(null);
    try {
      await signIn(cache, {
        agency: agency.slug,
        app: "portal",
        username: username.trim(),
        password,
      });
      rememberAgency(agency.slug);
      onSignedIn();
    } catch (thrown) {
      setProblem(problemOf(thrown));
      setMissing(false);
      setBusy(false);
      if (isProblem(thrown, "sign_in_refused")) {
        setPassword("");
        passwordField.current?.focus();
      }
    }
  }

  return (
    <Door
      title={t.sessions.signIn}
      agency={agency}
      foot={<p>{t.sessions.noAccount(agency.name)}</p>}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Stack gap="md">
          {ended ? (
            <Text component="p" m={0} role="status">
              {t.sessions.ended}
            </Text>
          ) : (
            <Text component="p" m={0} c="dimmed">
              {t.sessions.signInText(agency.name)}
            </Text>
          )}
          {problem === null ? null : <ProblemAlert problem={problem} />}
          <TextInput
            ref={nameField}
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
          <div>
            <PasswordInput
              ref={passwordField}
              label={t.sessions.password}
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              error={missing && password === "" ? t.sessions.passwordMissing : null}
              aria-invalid={missing && password === ""}
              autoComplete="current-password"
              size="lg"
              visibilityToggleButtonProps={{ "aria-label": words.showPassword, tabIndex: 0 }}
            />
            <LinkAnchor {...paths.forgotPassword(agency.slug)} display="inline-block" py={8}>
              {t.sessions.forgot}
            </LinkAnchor>
          </div>
          <Button type="submit" size="lg" loading={busy} fullWidth>
            {t.sessions.signIn}
          </Button>
        </Stack>
      </form>
    </Door>
  );
}
