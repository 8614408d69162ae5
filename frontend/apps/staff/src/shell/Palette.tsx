import { api } from "@countersign/api/query";
import { problemOf } from "@countersign/api/problem";
import type { components } from "@countersign/api/schema";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { useFocusBack } from "@countersign/ui/use-focus-back";
import { Kbd, Modal, VisuallyHidden } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import {
  IconArrowRight,
  IconBuilding,
  IconCertificate,
  IconFileText,
  IconMapPin,
  IconSearch,
  type TablerIcon,
} from "@tabler/icons-react";
import { keepPreviousData } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, useEffect, useEffectEvent, useId, useState } from "react";
import type { Messages } from "../messages/en";
import { useMessages } from "../messages/MessagesProvider";
import { paths } from "../paths";
import { useMay } from "../session";
import classes from "./Palette.module.css";
import { places } from "./places";

type SearchHit = components["schemas"]["SearchHit"];

interface Entry {
  readonly id: string;
  readonly group: string;
  readonly title: string;
  readonly subtitle: string;
  readonly Icon: TablerIcon;
  readonly open: () => void;
  /** A second thing to do with it, on Alt+Enter. */
  readonly send?: () => void;
}

const ICONS: Record<SearchHit["kind"], TablerIcon> = {
  insured: IconBuilding,
  policy: IconFileText,
  certificate: IconCertificate,
  holder: IconMapPin,
};

function matchedBy(hit: SearchHit, t: Messages): string {
  const why = hit.matched === "name" ? "" : t.palette.matched[hit.matched];
  return [hit.subtitle, why].filter((part) => part !== "").join(" · ");
}

export interface PaletteProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Finds an insured, a policy, a certificate, a holder or a page from anywhere (Ctrl/Cmd+K). */
export function Palette({ opened, onClose }: PaletteProps) {
  const t = useMessages();
  const may = useMay();
  const navigate = useNavigate();
  const list = useId();
  const [text, setText] = useState("");
  const [asked] = useDebouncedValue(text.trim(), 140);
  const [at, setAt] = useState(0);
  /** Enter was pressed before the answer was there; it counts when it is. */
  const [hurry, setHurry] = useState<"open" | "send" | null>(null);
  useFocusBack(opened);
  const search = api.useQuery(
    "get",
    "/v1/search",
    { params: { query: { q: asked } } },
    { enabled: opened && asked.length >= 2, placeholderData: keepPreviousData },
  );

  function close() {
    setText("");
    setAt(0);
    setHurry(null);
    onClose();
  }

  function go(leave: () => Promise<void>) {
    close();
    void leave();
  }

  function openHit(hit: SearchHit) {
    const { id, insured_id: insured } = hit;
    if (hit.kind === "insured") go(() => navigate(paths.insured(id)));
    else if (hit.kind === "policy" && insured) go(() => navigate(paths.policy(insured, id)));
    else if (hit.kind === "certificate") go(() => navigate(paths.certificate(id)));
    else go(() => navigate(paths.holder(id)));
  }

  const wanted = text.trim().toLocaleLowerCase();
  const pages = places(t, may)
    .filter((place) => place.label.toLocaleLowerCase().includes(wanted))
    .map((place): Entry => ({
      id: `place-${place.id}`,
      group: t.palette.pages,
      title: place.label,
      subtitle: "",
      Icon: place.Icon,
      open: () => go(() => navigate({ to: place.to })),
    }));
  const acts: Entry[] =
    may("edit_insureds") && t.insureds.add.toLocaleLowerCase().includes(wanted)
      ? [
          {
            id: "act-new-insured",
            group: t.palette.acts,
            title: t.insureds.add,
            subtitle: "",
            Icon: IconArrowRight,
            open: () => go(() => navigate(paths.newInsured())),
          },
        ]
      : [];
  const hits = asked.length >= 2 && wanted.length >= 2 ? (search.data?.data ?? []) : [];
  const found = hits.map((hit): Entry => ({
    id: `${hit.kind}-${hit.id}`,
    group: t.palette.kinds[hit.kind],
    title: hit.title,
    subtitle: matchedBy(hit, t),
    Icon: ICONS[hit.kind],
    open: () => openHit(hit),
    ...(hit.kind === "insured" && may("send_certificates")
      ? { send: () => go(() => navigate(paths.sendCertificate(hit.id))) }
      : {}),
  }));
  const entries = [...found, ...acts, ...pages];
  const current = entries[Math.min(at, entries.length - 1)];
  const waiting = wanted.length >= 2 && (asked !== text.trim() || search.isFetching);

  function act(which: "open" | "send") {
    if (which === "send" && current?.send !== undefined) current.send();
    else current?.open();
  }

  const actNow = useEffectEvent(act);
  const failed = search.error !== null;
  useEffect(() => {
    if (hurry === null || waiting || failed) return;
    const next = setTimeout(() => actNow(hurry));
    return () => clearTimeout(next);
  }, [hurry, waiting, failed]);

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      const next = entries.length === 0 ? 0 : (at + step + entries.length) % entries.length;
      setAt(next);
      document.getElementById(`${list}-${next}`)?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter") {
      event.preventDefault();
      const which = event.altKey ? "send" : "open";
      if (waiting) setHurry(which);
      else act(which);
    }
  }

  return (
    <Modal.Root
      opened={opened}
      onClose={close}
      returnFocus={false}
      size={600}
      padding={0}
      yOffset="12vh"
    >
      <Modal.Overlay backgroundOpacity={0.45} />
      <Modal.Content aria-label={t.shell.search}>
        <div className={classes.ask}>
          <IconSearch size={18} stroke={1.7} aria-hidden />
          <input
            className={classes.input}
            role="combobox"
            aria-label={t.shell.search}
            aria-expanded="true"
            aria-controls={list}
            aria-autocomplete="list"
            {...(current === undefined
              ? {}
              : { "aria-activedescendant": `${list}-${entries.indexOf(current)}` })}
            placeholder={t.shell.searchHint}
            value={text}
            onChange={(event) => {
              setText(event.currentTarget.value);
              setAt(0);
              setHurry(null);
            }}
            onKeyDown={onKeyDown}
            data-autofocus
            autoComplete="off"
            spellCheck={false}
          />
        </div>
        {search.error === null || found.length > 0 ? null : (
          <div className={classes.problem}>
            <ProblemAlert problem={problemOf(search.error)} onRetry={() => void search.refetch()} />
          </div>
        )}
        <div className={classes.list} id={list} role="listbox" aria-label={t.palette.results}>
          {entries.map((entry, index) => (
            <div key={entry.id} role="presentation">
              {entries[index - 1]?.group === entry.group ? null : (
                <div className={classes.group} role="presentation">
                  {entry.group}
                </div>
              )}
              {/* The keyboard acts on the combobox, which points here. */}
              {/* eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus */}
              <div
                id={`${list}-${index}`}
                role="option"
                aria-selected={entry === current}
                className={classes.entry}
                onClick={entry.open}
                onMouseMove={() => setAt(index)}
              >
                <entry.Icon size={17} stroke={1.6} aria-hidden />
                <span className={classes.title}>{entry.title}</span>
                <span className={classes.subtitle}>{entry.subtitle}</span>
              </div>
            </div>
          ))}
        </div>
        {entries.length === 0 && !waiting && search.error === null ? (
          <p className={classes.nothing}>{t.palette.nothing(text.trim())}</p>
        ) : null}
        <div className={classes.foot} aria-hidden>
          <span>
            <Kbd>{t.keys.up}</Kbd> <Kbd>{t.keys.down}</Kbd> {t.palette.choose}
          </span>
          <span>
            <Kbd>{t.keys.enter}</Kbd> {t.palette.open}
          </span>
          {may("send_certificates") ? (
            <span>
              <Kbd>{t.keys.alt}</Kbd> <Kbd>{t.keys.enter}</Kbd> {t.palette.send}
            </span>
          ) : null}
        </div>
        <VisuallyHidden role="status">
          {waiting ? "" : t.palette.count(entries.length)}
        </VisuallyHidden>
      </Modal.Content>
    </Modal.Root>
  );
}
