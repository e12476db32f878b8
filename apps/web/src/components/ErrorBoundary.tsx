import { Component, type ReactNode } from "react";
import { ErrorState } from "./ErrorState.tsx";

interface Props {
  children: ReactNode;
  /** A change of it gives the page a new chance, e.g. the address. */
  resetKey?: string;
}

interface State {
  error: Error | null;
}

/** Keeps one page's failure from taking the others down. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(thrown: unknown): State {
    return { error: thrown instanceof Error ? thrown : new Error(String(thrown)) };
  }

  override componentDidUpdate(before: Props): void {
    if (this.state.error && before.resetKey !== this.props.resetKey) this.setState({ error: null });
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    const isOldBuild = /dynamically imported module|Importing a module script/i.test(error.message);
    return (
      <ErrorState
        title={isOldBuild ? "This page could not be loaded" : "Something went wrong"}
        detail={
          isOldBuild
            ? "There may be a newer version, or the connection dropped."
            : "The rest still works. Trying again often helps."
        }
        onRetry={() => (isOldBuild ? location.reload() : this.setState({ error: null }))}
      />
    );
  }
}
