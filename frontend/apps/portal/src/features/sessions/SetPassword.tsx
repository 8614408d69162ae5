import { client } from "@countersign/api/client";
import { isProblem, problemOf, type ProblemError } from "@countersign/api/problem";
import type { components } from "@countersign/api/schema";
import { Loading } from "@countersign/ui/Loading";
import { NewPasswordField } from "@countersign/ui/NewPasswordField";
import { LONGEST_PASSWORD, passwordLength } from "@countersign/ui/password";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { sentence } from "@countersign/ui/sentence";
import { TimeZone, useFormat } from "@countersign/ui/UiProvider";
import { useFirstFault } from "@countersign/ui/use-first-fault";
import { Button, Skeleton, Stack, Text, Textarea } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import type { AgencyCard } from "../../agency";
import { LinkAnchor } from "../../LinkAnchor";
import { LinkButton } from "../../LinkButton";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import { Door } from "../../Door";

type PasswordLink = components["schemas"]["PasswordLink"];

export interface SetPasswordProps {
  readonly agency: AgencyCard;
  /** From the fragment of the link; the server never sees it in an address. */
  readonly token: string;
}

type Stage =
  | { readonly name: "opening"; readonly problem: ProblemError | null }
  | { readonly name: "choosing"; readonly link: PasswordLink }
  | { readonly name: "saved"; readonly username: string }
  | { readonly name: "gone" };

/** Opens a single-use link, shows whose account it is for, and takes the password. */
export function SetPassword({ agency, token }: SetPasswordProps) {
  const t = useMessages();
  const [stage, setStage] = useState<Stage>(
    token === "" ? { name: "gone" } : { name: "opening", problem: null },
  );

  useEffect(() => {
    if (token === "") return;
    let current = true;
    client
      .POST("/v1/password-links/inspect", { body: { token } })
      .then(({ data }) => {
        if (current && data !== undefined) setStage({ name: "choosing", link: data });
      })
      .catch((thrown: unknown) => {
        if (!current) return;
        setStage(
          isProblem(thrown, "link_used_or_expired")
            ? { name: "gone" }
            : { name: "opening", problem: problemOf(thrown) },
        );
      });
    return () => {
      current = false;
    };
  }, [token]);

  switch (stage.name) {
    case "gone":
      return (
        <Door title={t.sessions.linkGone} agency={agency}>
          <Stack gap="md">
            <Text component="p" m={0}>
              {t.sessions.linkGoneText}
            </Text>
            <LinkButton {...paths.forgotPassword(agency.slug)} size="lg" fullWidth>
              {t.sessions.getNewLink}
            </LinkButton>
            <Text component="p" m={0} c="dimmed">
              {t.sessions.linkGoneInvited(agency.name)}
            </Text>
            <LinkAnchor {...paths.signIn(agency.slug)} py={8}>
              {t.sessions.backToSignIn}
            </LinkAnchor>
          </Stack>
        </Door>
      );
    case "saved":
      return (
        <Door title={t.sessions.passwordSet} agency={agency}>
          <Stack gap="md">
            <Text component="p" m={0} role="status">
              {t.sessions.passwordSetText(stage.username)}
            </Text>
            <LinkButton {...paths.signIn(agency.slug)} size="lg" fullWidth>
              {t.sessions.signIn}
            </LinkButton>
          </Stack>
        </Door>
      );
    case "opening":
      return (
        <Door title={t.sessions.openingLink} agency={agency}>
          {stage.problem === null ? (
            <Loading>
              <Skeleton height={16} width="80%" mb="md" />
              <Skeleton height={50} mb="md" />
              <Skeleton height={50} />
            </Loading>
          ) : (
            <ProblemAlert problem={stage.problem} onRetry={() => window.location.reload()} />
          )}
        </Door>
      );
    case "choosing":
      return (
        <TimeZone timeZone={agency.time_zone}>
          <Choice
            agency={agency}
            link={stage.link}
            token={token}
            onSaved={() => setStage({ name: "saved", username: stage.link.username })}
            onGone={() => setStage({ name: "gone" })}
          />
        </TimeZone>
      );
  }
}

interface ChoiceProps {
  readonly agency: AgencyCard;
  readonly link: PasswordLink;
  readonly token: string;
  readonly onSaved: () => void;
  readonly onGone: () => void;
}

function Choice({ agency, link, token, onSaved, onGone }: ChoiceProps) {
  const t = useMessages();
  const format = useFormat();
  const [password, setPassword] = useState("");
  const [refusal, setRefusal] = useState<string | null>(null);
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  useFirstFault(form, busy);
  const length = passwordLength(password);
  const tooLong = length > LONGEST_PASSWORD ? t.sessions.passwordTooLong(LONGEST_PASSWORD) : null;

  const told: Record<string, string> = {
    too_short: t.sessions.passwordTooShort(link.min_length),
    too_long: t.sessions.passwordTooLong(LONGEST_PASSWORD),
    too_common: t.sessions.passwordTooCommon,
    contains_context: t.sessions.passwordOfNames,
  };

  async function save() {
    setProblem(null);
    if (length < link.min_length) {
      setRefusal(t.sessions.passwordTooShort(link.min_length));
      return;
    }
    if (tooLong !== null) return;
    setBusy(true);
    try {
      await client.POST("/v1/passwords", { body: { token, password } });
      onSaved();
    } catch (thrown) {
      if (isProblem(thrown, "link_used_or_expired")) {
        onGone();
        return;
      }
      const trouble = problemOf(thrown);
      const fault = trouble.fields.find(({ pointer }) => pointer === "/password");
      if (fault === undefined) setProblem(trouble);
      else setRefusal(told[fault.code] ?? sentence(fault.detail));
    } finally {
      setBusy(false);
    }
  }

  return (
    <Door
      title={
        link.purpose === "invitation"
          ? t.sessions.welcome(link.display_name)
          : t.sessions.newPassword
      }
      agency={agency}
    >
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Stack gap="md">
          {link.purpose === "invitation" ? (
            <Text component="p" m={0}>
              {t.sessions.welcomeText(agency.name)}
            </Text>
          ) : null}
          {problem === null ? null : <ProblemAlert problem={problem} />}
          <Textarea
            label={t.sessions.username}
            value={link.username}
            readOnly
            variant="unstyled"
            size="lg"
            autosize
            minRows={1}
          />
          {/* What keeps passwords looks for an input, and a long name wraps only in a text area. */}
          <input hidden readOnly autoComplete="username" value={link.username} />
          <NewPasswordField
            label={t.sessions.newPasswordLabel}
            size="lg"
            value={password}
            onChange={(next) => {
              setPassword(next);
              setRefusal(null);
            }}
            error={refusal ?? tooLong}
            rules={[
              {
                text: t.sessions.ruleLength(link.min_length, length),
                met: length >= link.min_length,
              },
              { text: t.sessions.ruleCommon, met: null },
              { text: t.sessions.ruleContext(agency.name), met: null },
            ]}
          />
          <Text component="p" m={0} c="dimmed">
            {t.sessions.ruleTip}
          </Text>
          <Button type="submit" size="lg" loading={busy} fullWidth>
            {t.sessions.setPassword}
          </Button>
          <Text component="p" m={0} c="dimmed">
            {t.sessions.linkUntil(format.moment(link.expires_at))}
          </Text>
        </Stack>
      </form>
    </Door>
  );
}
