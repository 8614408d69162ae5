import {
  createTheme,
  type CSSVariablesResolver,
  type MantineColorsTuple,
  type MantineThemeOverride,
  rem,
} from "@mantine/core";

/* The seal: a deep green that stands for one thing per screen, the primary action. */
const seal: MantineColorsTuple = [
  "#edf5f1",
  "#d8e8e0",
  "#b4d3c4",
  "#8abca5",
  "#5da284",
  "#3b8768",
  "#2b7256",
  "#1f5f4a",
  "#184c3b",
  "#11382c",
];

const amber: MantineColorsTuple = [
  "#fdf6e7",
  "#f8e9c8",
  "#efd394",
  "#e3b95c",
  "#d39e2f",
  "#b58117",
  "#94670c",
  "#7a5408",
  "#5f4107",
  "#452f06",
];

const red: MantineColorsTuple = [
  "#fcefed",
  "#f7dad6",
  "#edb3ac",
  "#e1897f",
  "#d36356",
  "#bf4538",
  "#a83428",
  "#8f2a20",
  "#72221a",
  "#551a14",
];

/* Warm in the light half, blue-grey in the dark half: paper by day, slate by night. */
const gray: MantineColorsTuple = [
  "#faf8f4",
  "#f3f0ea",
  "#e7e3db",
  "#d7d2c8",
  "#b9b4aa",
  "#8f8b83",
  "#6b6862",
  "#514f4a",
  "#383733",
  "#1f201e",
];

const dark: MantineColorsTuple = [
  "#e3e8ec",
  "#c3ccd3",
  "#9aa8b3",
  "#75858f",
  "#4a5a66",
  "#354450",
  "#26333d",
  "#1b262f",
  "#131c24",
  "#0d141a",
];

/** What differs between the two apps: staff work dense, insureds tap. */
export interface Density {
  /** Base size of text in pixels. */
  readonly base: 14 | 16;
  /** Size of inputs and buttons where a component does not say. */
  readonly control: "sm" | "md";
}

export const STAFF_DENSITY: Density = { base: 14, control: "sm" };
export const PORTAL_DENSITY: Density = { base: 16, control: "md" };

const SANS =
  '"Inter Variable", Inter, system-ui, -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif';
const SERIF = '"Source Serif 4", "Iowan Old Style", Charter, Georgia, "Times New Roman", serif';
const MONO = 'ui-monospace, "SF Mono", SFMono-Regular, Menlo, Consolas, monospace';

/** Names of what Mantine draws by itself, where no component of ours could say them. */
export interface ThemeWords {
  readonly close: string;
}

export function createCountersignTheme(density: Density, words: ThemeWords): MantineThemeOverride {
  const { base, control } = density;
  return createTheme({
    colors: { seal, amber, red, gray, dark },
    primaryColor: "seal",
    primaryShade: { light: 7, dark: 6 },
    white: "#ffffff",
    black: "#1b1f1d",
    fontFamily: SANS,
    fontFamilyMonospace: MONO,
    headings: {
      fontFamily: SANS,
      fontWeight: "600",
      sizes: {
        h1: { fontSize: rem(base === 14 ? 21 : 26), lineHeight: "1.25" },
        h2: { fontSize: rem(base === 14 ? 16 : 19), lineHeight: "1.35" },
        h3: { fontSize: rem(base === 14 ? 14 : 17), lineHeight: "1.4" },
      },
    },
    fontSizes: {
      xs: rem(base - 2),
      sm: rem(base),
      md: rem(base),
      lg: rem(base + 2),
      xl: rem(base + 5),
    },
    lineHeights: { xs: "1.4", sm: "1.45", md: "1.5", lg: "1.5", xl: "1.4" },
    spacing: { xs: rem(8), sm: rem(12), md: rem(16), lg: rem(24), xl: rem(32) },
    radius: { xs: rem(3), sm: rem(4), md: rem(6), lg: rem(8), xl: rem(12) },
    defaultRadius: "md",
    shadows: {
      xs: "none",
      sm: "none",
      md: "var(--cs-float)",
      lg: "var(--cs-float)",
      xl: "var(--cs-float)",
    },
    respectReducedMotion: true,
    cursorType: "pointer",
    focusRing: "auto",
    components: {
      Button: { defaultProps: { size: control } },
      ActionIcon: { defaultProps: { variant: "subtle", color: "gray" } },
      TextInput: { defaultProps: { size: control } },
      PasswordInput: { defaultProps: { size: control } },
      Textarea: { defaultProps: { size: control } },
      Select: {
        defaultProps: {
          size: control,
          allowDeselect: false,
          checkIconPosition: "right",
          // Two marks side by side would cover the ellipsis of a long choice.
          clearSectionMode: "clear",
          // The list is scrolled to what is chosen before it has its place. Fixed, it is in view even then; otherwise a
          // page that was scrolled down would jump to its top.
          comboboxProps: { shadow: "md", floatingStrategy: "fixed" },
        },
      },
      TagsInput: { defaultProps: { size: control, comboboxProps: { shadow: "md" } } },
      Autocomplete: { defaultProps: { size: control } },
      NumberInput: { defaultProps: { size: control } },
      Checkbox: { defaultProps: { size: "sm" } },
      Switch: { defaultProps: { size: "sm" } },
      Modal: {
        defaultProps: {
          radius: "lg",
          overlayProps: { backgroundOpacity: 0.45 },
          transitionProps: { transition: "fade", duration: 120 },
          centered: false,
          yOffset: "10vh",
          padding: 20,
        },
        styles: {
          content: { background: "var(--cs-surface)" },
          header: { background: "var(--cs-surface)" },
        },
      },
      Drawer: {
        defaultProps: { transitionProps: { duration: 140 }, padding: 20 },
        styles: {
          content: { background: "var(--cs-surface)" },
          header: { background: "var(--cs-surface)" },
        },
      },
      Menu: {
        defaultProps: {
          shadow: "md",
          transitionProps: { transition: "fade", duration: 90 },
          withInitialFocusPlaceholder: false,
        },
      },
      Tooltip: {
        defaultProps: {
          openDelay: 250,
          transitionProps: { duration: 90 },
          multiline: true,
          maw: 320,
        },
      },
      // The button that closes a toast.
      Notification: { defaultProps: { closeButtonProps: { "aria-label": words.close } } },
      Skeleton: { defaultProps: { radius: "sm" } },
      Anchor: { defaultProps: { underline: "hover", inherit: true } },
      InputWrapper: {
        styles: {
          label: { fontWeight: 500, marginBottom: rem(4) },
          description: { marginTop: rem(-2), marginBottom: rem(5), fontSize: rem(base - 1) },
          error: { fontSize: rem(base - 1) },
        },
      },
    },
  });
}

/* Names that our own style sheets use, so that no component repeats a color. */
export const countersignVariables: CSSVariablesResolver = (theme) => ({
  variables: {
    "--cs-serif": SERIF,
    "--cs-radius": rem(6),
  },
  light: {
    "--mantine-color-body": "#fbf9f5",
    "--mantine-color-text": "#1b1f1d",
    "--mantine-color-dimmed": "#5f5e58",
    "--mantine-color-placeholder": "#75736c",
    "--mantine-color-default": "#ffffff",
    "--mantine-color-default-hover": "#f3f0ea",
    "--mantine-color-default-border": "#cfcabf",
    "--mantine-color-anchor": theme.colors["seal"]?.[7] ?? "#1f5f4a",
    "--mantine-color-error": "#a83428",
    "--cs-paper": "#fbf9f5",
    "--cs-surface": "#ffffff",
    "--cs-sunken": "#f4f1eb",
    "--cs-hover": "#f4f1eb",
    "--cs-line": "#e4dfd6",
    "--cs-line-strong": "#cfcabf",
    "--cs-control-line": "#8f8b83",
    "--cs-ink": "#1b1f1d",
    "--cs-ink-soft": "#5f5e58",
    "--cs-accent": "#1f5f4a",
    "--cs-accent-soft": "#e9f2ed",
    "--cs-range": "#d8e8e0",
    "--cs-good": "#1d6b4d",
    "--cs-good-soft": "#e6f2ec",
    "--cs-warn": "#7a5408",
    "--cs-warn-mark": "#c98a10",
    "--cs-warn-soft": "#fbf1dc",
    "--cs-bad": "#a83428",
    "--cs-bad-soft": "#fbeae8",
    "--cs-quiet": "#5f5e58",
    "--cs-quiet-soft": "#f0ede6",
    "--cs-flash": "#f6e3a9",
    "--cs-float": "0 1px 2px rgba(30, 27, 20, 0.08), 0 8px 28px rgba(30, 27, 20, 0.14)",
  },
  dark: {
    "--mantine-color-body": "#111a21",
    "--mantine-color-text": "#e3e8ec",
    "--mantine-color-dimmed": "#a0adb7",
    "--mantine-color-placeholder": "#97a6b1",
    "--mantine-color-default": "#18232c",
    "--mantine-color-default-hover": "#202d37",
    "--mantine-color-default-border": "#374652",
    "--mantine-color-anchor": theme.colors["seal"]?.[3] ?? "#8abca5",
    "--mantine-color-error": "#f0968c",
    "--cs-paper": "#111a21",
    "--cs-surface": "#17212a",
    "--cs-sunken": "#0d151b",
    "--cs-hover": "#1d2933",
    "--cs-line": "#26333d",
    "--cs-line-strong": "#3a4955",
    "--cs-control-line": "#6b7c89",
    "--cs-ink": "#e3e8ec",
    "--cs-ink-soft": "#a0adb7",
    "--cs-accent": "#8abca5",
    "--cs-accent-soft": "#17302a",
    "--cs-range": "#184c3b",
    "--cs-good": "#7cc4a3",
    "--cs-good-soft": "#152e26",
    "--cs-warn": "#e8bf66",
    "--cs-warn-mark": "#e8bf66",
    "--cs-warn-soft": "#332a14",
    "--cs-bad": "#f0968c",
    "--cs-bad-soft": "#391f1d",
    "--cs-quiet": "#a0adb7",
    "--cs-quiet-soft": "#1f2b35",
    "--cs-flash": "#5d4d16",
    "--cs-float": "0 1px 2px rgba(0, 0, 0, 0.5), 0 10px 32px rgba(0, 0, 0, 0.55)",
  },
});
