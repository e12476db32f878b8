import { useNavigate } from "react-router";
import { Notice } from "../../components/Notice.tsx";
import { TextLink } from "../../components/TextLink.tsx";
import { toaster } from "../../components/toaster.tsx";
import { AuthCard } from "../../features/sign-in/AuthCard.tsx";
import { ResetPasswordForm } from "../../features/sign-in/ResetPasswordForm.tsx";
import { useSessionState } from "../../session/use-session.ts";

/** Where the link of a recovery mail leads: it has signed the person in already. */
export function ResetPasswordPage() {
  const session = useSessionState();
  const navigate = useNavigate();
  const finish = () => {
    toaster.create({ type: "success", title: "Your new password is saved." });
    navigate("/", { replace: true });
  };
  if (session.kind !== "signed_in")
    return (
      <AuthCard
        title="The link has run out"
        footer={<TextLink to="/sign-in">Back to sign in</TextLink>}
      >
        <Notice kind="info">
          A link works once and for a short time.{" "}
          <TextLink to="/forgot-password">Ask for a new one</TextLink>.
        </Notice>
      </AuthCard>
    );
  return (
    <AuthCard title="Choose a new password">
      <ResetPasswordForm onDone={finish} />
    </AuthCard>
  );
}
