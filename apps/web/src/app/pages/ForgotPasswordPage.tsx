import { TextLink } from "../../components/TextLink.tsx";
import { AuthCard } from "../../features/sign-in/AuthCard.tsx";
import { ForgotPasswordForm } from "../../features/sign-in/ForgotPasswordForm.tsx";

/** For people who cannot sign in any more. */
export function ForgotPasswordPage() {
  return (
    <AuthCard
      title="Forgotten password"
      subtitle="Enter your email, and we send a link to choose a new one."
      footer={<TextLink to="/sign-in">Back to sign in</TextLink>}
    >
      <ForgotPasswordForm />
    </AuthCard>
  );
}
