import { Menu, useMantineColorScheme } from "@mantine/core";
import { IconCheck, IconDeviceDesktop, IconMoon, IconSun } from "@tabler/icons-react";

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
    { scheme: "light" as const, text: light, Icon: IconSun },
    { scheme: "dark" as const, text: dark, Icon: IconMoon },
    { scheme: "auto" as const, text: auto, Icon: IconDeviceDesktop },
  ];
  return (
    <>
      <Menu.Label>{label}</Menu.Label>
      {choices.map(({ scheme, text, Icon }) => (
        <Menu.Item
          key={scheme}
          role="menuitemradio"
          aria-checked={colorScheme === scheme}
          closeMenuOnClick={false}
          leftSection={<Icon size={16} stroke={1.6} />}
          rightSection={colorScheme === scheme ? <IconCheck size={14} /> : null}
          onClick={() => setColorScheme(scheme)}
        >
          {text}
        </Menu.Item>
      ))}
    </>
  );
}
