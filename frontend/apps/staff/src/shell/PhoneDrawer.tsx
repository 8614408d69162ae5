import { useFocusBack } from "@countersign/ui/use-focus-back";
import { useWords } from "@countersign/ui/UiProvider";
import { Wordmark } from "@countersign/ui/Wordmark";
import { Drawer } from "@mantine/core";
import { useMessages } from "../messages/MessagesProvider";
import { useSession } from "../session";
import { Places } from "./Places";

export interface PhoneDrawerProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

export function PhoneDrawer({ opened, onClose }: PhoneDrawerProps) {
  const t = useMessages();
  const words = useWords();
  const { agency } = useSession();
  useFocusBack(opened);
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      returnFocus={false}
      size={288}
      title={<Wordmark />}
      closeButtonProps={{ "aria-label": words.close }}
    >
      <p>{agency.name}</p>
      <nav aria-label={t.shell.navigation}>
        <Places onChoose={onClose} />
      </nav>
    </Drawer>
  );
}
