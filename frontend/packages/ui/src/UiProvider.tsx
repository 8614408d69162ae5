import { MantineProvider } from "@mantine/core";
import { setNonce } from "get-nonce";
import { createContext, lazy, type ReactNode, Suspense, use, useMemo } from "react";
import { countersignVariables, createCountersignTheme, type Density } from "../theme";
import { createFormat, type Format } from "./format";
import { englishWords, type UiWords } from "./words";

// Nobody is told anything before the first page is there.
const Toasts = lazy(() => import("./Toasts").then((module) => ({ default: module.Toasts })));

// The page allows styles that are made while it runs only with the nonce of this very page.
const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? "";
if (nonce !== "") setNonce(nonce);

interface Ui {
  readonly words: UiWords;
  readonly format: Format;
}

const UiContext = createContext<Ui>({
  words: englishWords,
  format: createFormat("en-US", "UTC"),
});

export interface UiProviderProps {
  readonly density: Density;
  readonly words?: UiWords;
  readonly locale?: string;
  /** Whether the app tells what was done in toasts, or beside what was done. */
  readonly toasts?: boolean;
  readonly children: ReactNode;
}

/** Theme, words and toasts; once around each app. */
export function UiProvider({
  density,
  words = englishWords,
  locale = "en-US",
  toasts = true,
  children,
}: UiProviderProps) {
  const theme = useMemo(
    () => createCountersignTheme(density, { close: words.close }),
    [density, words],
  );
  const ui = useMemo(
    () => ({
      words,
      format: createFormat(locale, Intl.DateTimeFormat().resolvedOptions().timeZone),
    }),
    [words, locale],
  );
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={countersignVariables}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      {toasts ? (
        <Suspense fallback={null}>
          <Toasts />
        </Suspense>
      ) : null}
      <UiContext value={ui}>{children}</UiContext>
    </MantineProvider>
  );
}

export interface TimeZoneProps {
  readonly timeZone: string;
  readonly locale?: string;
  readonly children: ReactNode;
}

/** From here on moments are shown in the agency's zone. */
export function TimeZone({ timeZone, locale = "en-US", children }: TimeZoneProps) {
  const { words } = use(UiContext);
  const ui = useMemo(
    () => ({ words, format: createFormat(locale, timeZone) }),
    [words, locale, timeZone],
  );
  return <UiContext value={ui}>{children}</UiContext>;
}

export function useWords(): UiWords {
  return use(UiContext).words;
}

export function useFormat(): Format {
  return use(UiContext).format;
}
