import { ErrorState } from "../../components/ErrorState.tsx";
import { TextLink } from "../../components/TextLink.tsx";

/** For every address that leads nowhere. */
export function NotFoundPage() {
  return (
    <ErrorState
      title="There is nothing here"
      detail="The address is wrong, or the page is not for this account."
    >
      <TextLink to="/">Go to your inbox</TextLink>
    </ErrorState>
  );
}
