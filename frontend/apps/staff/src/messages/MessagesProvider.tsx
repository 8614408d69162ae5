import { createContext, type ReactNode, use } from "react";
import { en, type Messages } from "./en";

const MessagesContext = createContext<Messages>(en);

export interface MessagesProviderProps {
  readonly messages: Messages;
  readonly children: ReactNode;
}

export function MessagesProvider({ messages, children }: MessagesProviderProps) {
  return <MessagesContext value={messages}>{children}</MessagesContext>;
}

export function useMessages(): Messages {
  return use(MessagesContext);
}
