import { client } from "@countersign/api/client";
import { isProblem, problemOf, type ProblemError } from "@countersign/api/problem";
import type { components } from "@countersign/api/schema";
import { NewPasswordField } from "@countersign/ui/NewPasswordField";
import { LONGEST_PASSWORD, passwordLength } from "@countersign/ui/password";
import { Plaque } from "@countersign/ui/Plaque";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { useFirstFault } from "@countersign/ui/use-first-fault";
import { TimeZone } from "@countersign/ui/UiProvider";
import { Wordmark } from "@countersign/ui/Wordmark";
import { Button, Skeleton, Stack, Text, Textarea } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { shareFaults } from "../../field-faults";
import { LinkButton } from "../../LinkButton";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import { AgencyMark } from "./AgencyMark";
import { LinkTerm } from "./LinkTerm";
import { Reach } from "./Reach";

type PasswordLink = components["schemas"]["PasswordLink"];

export interface SetPasswordProps {
  readonly slug: string;
  /** From the fragment of the link; the server never saw it in an address. */
  readonly token: string;
  /** The link has done its work. */
  readonly onUsed: () => void;
}

/** Opens a single-use link, shows whose account it is for, and takes the password. */
export function SetPassword({ slug, token, onUsed }: SetPasswordProps) {
  const t = useMessages();
  const [link, setLink] = useState<PasswordLink | null>(null);
  const [gone, setGone] = useState(token === "");
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [password, setPassword] = useState("");
  const [refusal, setRefusal] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const form = useRef<HTMLFormElement>(null);
  const showFault = useFirstFault(form, busy);

  useEffect(() => {
    if (token === "") return;
    let current = true;
    client
      .POST("/v1/password-links/inspect", { body: { token } })
      .then(({ data }) => {
        if (current && data !== undefined) setLink(data);
      })
      .catch((thrown: unknown) => {
        if (!current) return;
        if (isProblem(thrown, "link_used_or_expired")) setGone(true);
        else setProblem(problemOf(thrown));
      });
    return () => {
      current = false;
    };
  }, [token, attempt]);

  const length = passwordLength(password);

  async function submit(least: number) {
    setProblem(null);
    if (length < least) {
      setRefusal(t.sessions.passwordTooShort(least));
      showFault();
      return;
    }
    if (length > LONGEST_PASSWORD) {
      setRefusal(t.sessions.passwordTooLong(LONGEST_PASSWORD));
      showFault();
      return;
    }
    setBusy(true);
    try {
      await client.POST("/v1/passwords", { body: { token, password } });
      onUsed();
      setDone(true);
    } catch (thrown) {
      if (isProblem(thrown, "link_used_or_expired")) {
        setGone(true);
        return;
      }
      const trouble = problemOf(thrown);
      const { beside } = shareFaults(trouble, (field) => field === "password", t);
      if (beside["password"] === undefined) setProblem(trouble);
      setRefusal(beside["password"] ?? null);
    } finally {
      setBusy(false);
    }
  }

  if (gone) {
    return (
      <Plaque title={t.sessions.linkGone} product={t.product} mark={<Wordmark size="lg" />}>
        <Stack gap="md">
          <Text component="p" m={0}>
            {t.sessions.linkGoneText}
          </Text>
          <LinkButton {...paths.forgotPassword(slug)} size="md" fullWidth>
            {t.sessions.sendNewLink}
          </LinkButton>
        </Stack>
      </Plaque>
    );
  }
  if (done && link !== null) {
    return (
      <Plaque
        title={t.sessions.passwordSet}
        product={t.product}
        mark={<AgencyMark name={link.agency.name} />}
      >
        <Stack gap="md">
          <Text component="p" m={0} role="status">
            {t.sessions.passwordSetText(link.username)}
          </Text>
          <LinkButton {...paths.signIn(link.agency.slug)} size="md" fullWidth>
            {t.sessions.signIn}
          </LinkButton>
        </Stack>
      </Plaque>
    );
  }
  if (link === null) {
    return (
      <Plaque title={t.sessions.openingLink} product={t.product} mark={<Wordmark size="lg" />}>
        {problem === null ? (
          <Stack gap="md" aria-busy="true">
            <Skeleton height={14} width="80%" />
            <Skeleton height={42} />
            <Skeleton height={42} />
          </Stack>
        ) : (
          <ProblemAlert
            problem={problem}
            onRetry={() => {
              setProblem(null);
              setAttempt((last) => last + 1);
            }}
          />
        )}
      </Plaque>
    );
  }
  return (
    <Plaque
      title={
        link.purpose === "invitation"
          ? t.sessions.welcome(link.display_name)
          : t.sessions.newPassword
      }
      product={t.product}
      mark={<AgencyMark name={link.agency.name} />}
      foot={<Reach agency={link.agency} />}
    >
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit(link.min_length);
        }}
      >
        <Stack gap="md">
          {problem === null ? null : <ProblemAlert problem={problem} />}
          <TimeZone timeZone={link.agency.time_zone}>
            <LinkTerm until={link.expires_at} />
          </TimeZone>
          <Textarea
            label={t.sessions.username}
            value={link.username}
            readOnly
            variant="unstyled"
            size="md"
            autosize
            minRows={1}
          />
          {/* What keeps passwords looks for an input, and a long name wraps only in a text area. */}
          <input hidden readOnly autoComplete="username" value={link.username} />
          <NewPasswordField
            label={t.sessions.newPasswordLabel}
            value={password}
            onChange={(next) => {
              setPassword(next);
              setRefusal(null);
            }}
            error={refusal}
            rules={[
              {
                text: t.sessions.ruleLength(link.min_length, length),
                met: length >= link.min_length,
              },
              { text: t.sessions.ruleCommon, met: null },
              { text: t.sessions.ruleContext(link.agency.name), met: null },
            ]}
          />
          <Button type="submit" size="md" loading={busy} fullWidth>
            {t.sessions.setPassword}
          </Button>
        </Stack>
      </form>
    </Plaque>
  );
}
