import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Navigate, useLocation } from "react-router";
import { forgetAppConfig } from "../../api/app-config.ts";
import { Notice } from "../../components/Notice.tsx";
import { PageSpinner } from "../../components/PageSpinner.tsx";
import { TextLink } from "../../components/TextLink.tsx";
import { Stepper } from "../../features/onboarding/Stepper.tsx";
import { AuthCard } from "../../features/sign-in/AuthCard.tsx";
import { SignUpForm } from "../../features/sign-in/SignUpForm.tsx";
import { useSessionState } from "../../session/use-session.ts";
import { configQuery } from "../config-query.ts";
import { useNextPath } from "../next-path.ts";

/** Makes an account, where that is open; the first one sets the installation up. */
export function SignUpPage() {
  const session = useSessionState();
  const config = useQuery(configQuery).data;
  const queries = useQueryClient();
  const next = useNextPath();
  const { search } = useLocation();
  if (session.kind === "signed_in") return <Navigate to={next} replace />;
  if (!config) return <PageSpinner />;
  const signInLink = (
    <>
      Have an account? <TextLink to={`/sign-in${search}`}>Sign in</TextLink>
    </>
  );
  const forgetConfig = () => {
    forgetAppConfig();
    void queries.invalidateQueries(configQuery);
  };
  if (config.needsFirstAccount)
    return (
      <AuthCard
        title="Welcome"
        subtitle="Create the first account. It owns this installation."
        footer={<Stepper current="account" />}
      >
        <SignUpForm submitLabel="Continue" onDone={forgetConfig} />
      </AuthCard>
    );
  if (!config.isSignupOpen)
    return (
      <AuthCard title="By invitation only" footer={signInLink}>
        <Notice kind="info">
          Ask an admin of your workspace for an invitation link. It opens the page where you create
          your account.
        </Notice>
      </AuthCard>
    );
  return (
    <AuthCard
      title="Create your account"
      subtitle="Text with your customers, together."
      footer={signInLink}
    >
      <SignUpForm onDone={forgetConfig} />
    </AuthCard>
  );
}
