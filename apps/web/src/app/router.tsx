import { type ComponentType, lazy, type ReactNode, Suspense } from "react";
import { Navigate, Route, Routes, useLocation } from "react-router";
import { ErrorBoundary } from "../components/ErrorBoundary.tsx";
import { PageSpinner } from "../components/PageSpinner.tsx";
import { useSessionState } from "../session/use-session.ts";
import { HomePage } from "./pages/HomePage.tsx";
import { NotFoundPage } from "./pages/NotFoundPage.tsx";
import { SignedIn } from "./SignedIn.tsx";

const WorkspaceFrame = page(() => import("./WorkspaceFrame.tsx"), "WorkspaceFrame");
const SignInPage = page(() => import("./pages/SignInPage.tsx"), "SignInPage");
const SignUpPage = page(() => import("./pages/SignUpPage.tsx"), "SignUpPage");
const ForgotPasswordPage = page(
  () => import("./pages/ForgotPasswordPage.tsx"),
  "ForgotPasswordPage",
);
const ResetPasswordPage = page(() => import("./pages/ResetPasswordPage.tsx"), "ResetPasswordPage");
const InvitePage = page(() => import("./pages/InvitePage.tsx"), "InvitePage");
const WelcomePage = page(() => import("./pages/WelcomePage.tsx"), "WelcomePage");
const ConnectPage = page(() => import("./pages/ConnectPage.tsx"), "ConnectPage");
const InboxPage = page(() => import("./pages/InboxPage.tsx"), "InboxPage");
const ContactsPage = page(() => import("./pages/ContactsPage.tsx"), "ContactsPage");
const ScheduledPage = page(() => import("./pages/ScheduledPage.tsx"), "ScheduledPage");
const SimulatorPage = page(() => import("./pages/SimulatorPage.tsx"), "SimulatorPage");
const SettingsPage = page(() => import("./pages/SettingsPage.tsx"), "SettingsPage");

// Most visits are to the inbox: its code comes beside the frame's, not after it.
if (location.pathname === "/" || location.pathname.startsWith("/w/"))
  void import("./pages/InboxPage.tsx").catch(() => undefined);

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
        <Route path="w/:workspaceId" element={<Page of={<WorkspaceFrame />} isKept />}>
          {/* Two routes, one element: opening a conversation must not mount the inbox again. */}
          <Route index element={<Page of={<InboxPage />} isKept />} />
          <Route path="c/:contactId" element={<Page of={<InboxPage />} isKept />} />
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

function Page({ of, isKept = false }: { of: ReactNode; isKept?: boolean }) {
  const { pathname } = useLocation();
  return (
    <ErrorBoundary key={isKept ? "kept" : pathname} resetKey={pathname}>
      <Suspense fallback={<PageSpinner />}>{of}</Suspense>
    </ErrorBoundary>
  );
}

function page<Name extends string>(load: () => Promise<Record<Name, ComponentType>>, name: Name) {
  return lazy(async () => ({ default: (await load())[name] }));
}
