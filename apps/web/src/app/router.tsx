import { type ReactNode, Suspense } from "react";
import { Navigate, Route, Routes, useLocation } from "react-router";
import { ErrorBoundary } from "../components/ErrorBoundary.tsx";
import { useNoteFirstScreen } from "../components/first-screen.ts";
import { latePart } from "../components/late.tsx";
import { PageSpinner } from "../components/PageSpinner.tsx";
import { readSession, startSession } from "../session/session.ts";
import { useSessionState } from "../session/use-session.ts";
import { HomePage } from "./pages/HomePage.tsx";
import { NotFoundPage } from "./pages/NotFoundPage.tsx";
import { SignedIn } from "./SignedIn.tsx";

const WorkspaceFrame = latePart(() => import("./WorkspaceFrame.tsx"), "WorkspaceFrame", "first");
const SignInPage = latePart(() => import("./pages/SignInPage.tsx"), "SignInPage", "never");
const SignUpPage = latePart(() => import("./pages/SignUpPage.tsx"), "SignUpPage", "never");
const ForgotPasswordPage = latePart(
  () => import("./pages/ForgotPasswordPage.tsx"),
  "ForgotPasswordPage",
  "never",
);
const ResetPasswordPage = latePart(
  () => import("./pages/ResetPasswordPage.tsx"),
  "ResetPasswordPage",
  "never",
);
const InvitePage = latePart(() => import("./pages/InvitePage.tsx"), "InvitePage", "never");
const WelcomePage = latePart(() => import("./pages/WelcomePage.tsx"), "WelcomePage", "never");
const ConnectPage = latePart(() => import("./pages/ConnectPage.tsx"), "ConnectPage", "never");
const InboxPage = latePart(() => import("./pages/InboxPage.tsx"), "InboxPage", "first");
const ContactsPage = latePart(() => import("./pages/ContactsPage.tsx"), "ContactsPage", "last");
const ScheduledPage = latePart(() => import("./pages/ScheduledPage.tsx"), "ScheduledPage", "last");
const SimulatorPage = latePart(() => import("./pages/SimulatorPage.tsx"), "SimulatorPage", "last");
const SettingsPage = latePart(() => import("./pages/SettingsPage.tsx"), "SettingsPage", "last");

// Most visits are to the inbox: its code and its conversations come beside the frame, not after it.
if (location.pathname === "/" || location.pathname.startsWith("/w/")) {
  void import("./WorkspaceFrame.tsx").catch(() => undefined);
  void import("./pages/InboxPage.tsx").catch(() => undefined);
  if (location.pathname.includes("/c/"))
    void import("../features/livechat/ChatArea.tsx").catch(() => undefined);
  void loadAhead().catch(() => undefined);
}

async function loadAhead(): Promise<void> {
  const workspaceId = /^\/w\/([\da-f-]{36})(\/c\/|\/?$)/.exec(location.pathname)?.[1];
  // Another list than the usual one is asked for by the list itself.
  if (!workspaceId || location.search !== "") return;
  await startSession();
  const session = readSession();
  if (session.kind !== "signed_in") return;
  const { loadInboxAhead } = await import("../realtime/use-inbox.tsx");
  loadInboxAhead(session.userId, workspaceId);
}

/** Which address shows which page. */
export function AppRoutes() {
  const session = useSessionState();
  const { pathname } = useLocation();
  if (session.kind === "signed_in" && session.isRecovering && pathname !== "/reset-password")
    return <Navigate to="/reset-password" replace />;
  return (
    <Routes>
      <Route path="sign-in" element={<Page of={<SignInPage />} />} />
      <Route path="sign-up" element={<Page of={<SignUpPage />} />} />
      <Route path="forgot-password" element={<Page of={<ForgotPasswordPage />} />} />
      <Route path="reset-password" element={<Page of={<ResetPasswordPage />} />} />
      <Route path="invite/:token" element={<Page of={<InvitePage />} />} />
      <Route element={<SignedIn />}>
        <Route index element={<HomePage />} />
        <Route path="welcome" element={<Page of={<WelcomePage />} />} />
        <Route path="w/:workspaceId/connect" element={<Page of={<ConnectPage />} />} />
        <Route path="w/:workspaceId" element={<Page of={<WorkspaceFrame />} isKept isShownLater />}>
          {/* Two routes, one element: opening a conversation must not mount the inbox again. */}
          <Route index element={<Page of={<InboxPage />} isKept isShownLater />} />
          <Route path="c/:contactId" element={<Page of={<InboxPage />} isKept isShownLater />} />
          <Route path="contacts" element={<Page of={<ContactsPage />} />} />
          <Route path="scheduled" element={<Page of={<ScheduledPage />} />} />
          <Route path="simulator" element={<Page of={<SimulatorPage />} />} />
          <Route path="settings/*" element={<Page of={<SettingsPage />} isKept />} />
          <Route path="*" element={<NotFoundPage />} />
        </Route>
      </Route>
      <Route path="*" element={<NotFoundPage />} />
    </Routes>
  );
}

interface PageProps {
  of: ReactNode;
  isKept?: boolean;
  /** What people come for is not there with the page: it says itself when it is. */
  isShownLater?: boolean;
}

function Page({ of, isKept = false, isShownLater = false }: PageProps) {
  const { pathname } = useLocation();
  return (
    <ErrorBoundary key={isKept ? "kept" : pathname} resetKey={pathname}>
      <Suspense fallback={<PageSpinner />}>
        {of}
        {!isShownLater && <FirstScreen />}
      </Suspense>
    </ErrorBoundary>
  );
}

/** Beside a page, so that it is drawn only when the page's code is here. */
function FirstScreen() {
  useNoteFirstScreen();
  return null;
}
