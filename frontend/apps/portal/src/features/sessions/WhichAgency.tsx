import { lastAgency } from "@countersign/api/last-agency";
import { isProblem, problemOf, type ProblemError } from "@countersign/api/problem";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { useFirstFault } from "@countersign/ui/use-first-fault";
import { Button, Stack, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { agencyQuery } from "../../agency";
import { useMessages } from "../../messages/MessagesProvider";
import { Door } from "../../Door";

export interface WhichAgencyProps {
  readonly onFound: (slug: string) => void;
}

/** Asked only by an address that does not name the agency. */
export function WhichAgency({ onFound }: WhichAgencyProps) {
  const t = useMessages();
  const cache = useQueryClient();
  const [slug, setSlug] = useState(lastAgency() ?? "");
  const [error, setError] = useState<string | null>(null);
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  useFirstFault(form, busy);

  async function find() {
    const asked = slug.trim().toLowerCase();
    setProblem(null);
    if (asked === "") {
      setError(t.sessions.agencyMissing);
      return;
    }
    setBusy(true);
    try {
      await cache.query(agencyQuery(asked));
      onFound(asked);
    } catch (thrown) {
      if (isProblem(thrown, "not_found", "bad_request", "validation"))
        setError(t.sessions.agencyUnknown(asked));
      else setProblem(problemOf(thrown));
    } finally {
      setBusy(false);
    }
  }

  return (
    <Door title={t.sessions.whichAgency} agency={null} foot={<p>{t.sessions.whichAgencyHelp}</p>}>
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void find();
        }}
      >
        <Stack gap="md">
          {problem === null ? null : <ProblemAlert problem={problem} />}
          <TextInput
            label={t.sessions.agencyName}
            description={t.sessions.agencyNameHint}
            value={slug}
            onChange={(event) => {
              setSlug(event.currentTarget.value);
              setError(null);
            }}
            error={error}
            autoCapitalize="none"
            autoComplete="organization"
            spellCheck={false}
            size="lg"
          />
          <Button type="submit" size="lg" loading={busy} fullWidth>
            {t.sessions.continue}
          </Button>
        </Stack>
      </form>
    </Door>
  );
}
