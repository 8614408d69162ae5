import "@mantine/notifications/styles.css";
import { Notifications } from "@mantine/notifications";

/** Where toasts appear. What is said before it is there waits for it. */
export function Toasts() {
  return <Notifications position="bottom-right" autoClose={6000} limit={4} zIndex={400} />;
}
