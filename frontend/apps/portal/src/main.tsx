import "./kit/ground.css";
import { ProblemError } from "@countersign/api/problem";
import { reloadWhenOutdated } from "@countersign/ui/fresh-page";
import { PORTAL_DENSITY } from "@countersign/ui/theme";
import { UiProvider } from "@countersign/ui/UiProvider";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { cache } from "./cache";
import { en } from "./messages/en";
import { MessagesProvider } from "./messages/MessagesProvider";
import { router } from "./router";

reloadWhenOutdated();

const root = document.getElementById("root");
if (root === null) throw new Error("the page has no root");

// A refusal of the server is drawn by the page that asked; only faults of our own are worth a trace.
createRoot(root, {
  onCaughtError: (error) => {
    if (!(error instanceof ProblemError)) reportError(error);
  },
}).render(
  <StrictMode>
    <MessagesProvider messages={en}>
      <UiProvider density={PORTAL_DENSITY} toasts={false}>
        <QueryClientProvider client={cache}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </UiProvider>
    </MessagesProvider>
  </StrictMode>,
);
