import { Center } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { Navigate, useLocation } from "react-router";
import { TextLink } from "../../components/TextLink.tsx";
import { AuthCard } from "../../features/sign-in/AuthCard.tsx";
import { SignInForm } from "../../features/sign-in/SignInForm.tsx";
import { useSessionState } from "../../session/use-session.ts";
import { configQuery } from "../config-query.ts";
import { useNextPath } from "../next-path.ts";

/** Signs people in; leads the very first one to signing up. */
export function SignInPage() {
  const session = useSessionState();
  const config = useQuery(configQuery).data;
  const next = useNextPath();
  const { search } = useLocation();
  if (session.kind === "signed_in") return <Navigate to={next} replace />;
  if (config?.needsFirstAccount) return <Navigate to="/sign-up" replace />;
  return (
    <AuthCard
      title="Sign in"
      subtitle="Text with your customers, together."
      footer={
        config?.isSignupOpen && (
          <>
            New here? <TextLink to={`/sign-up${search}`}>Create an account</TextLink>
          </>
        )
      }
    >
      <SignInForm />
      <Center>
        <TextLink to="/forgot-password">Forgotten password?</TextLink>
      </Center>
    </AuthCard>
  );
}
