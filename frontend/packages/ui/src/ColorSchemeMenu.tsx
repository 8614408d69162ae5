import { Menu, useMantineColorScheme } from "@mantine/core";

export interface ColorSchemeMenuProps {
  readonly label: string;
  readonly light: string;
  readonly dark: string;
  readonly auto: string;
}

/** The three choices of light and dark, as items of a menu that is already open. */
export function ColorSchemeMenu({ label, light, dark, auto }: ColorSchemeMenuProps) {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const choices = [
    ["light", light],
    ["dark", dark],
    ["auto", auto],
  ] as const;
  return (
    <Menu.RadioGroup
      aria-label={label}
      value={colorScheme}
      onChange={(next) => {
        const chosen = choices.find(([scheme]) => scheme === next);
        if (chosen !== undefined) setColorScheme(chosen[0]);
      }}
    >
      <Menu.Label>{label}</Menu.Label>
      {choices.map(([scheme, text]) => (
        <Menu.RadioItem key={scheme} value={scheme} closeMenuOnClick={false}>
          {text}
        </Menu.RadioItem>
      ))}
    </Menu.RadioGroup>
  );
}
