import { Text } from "@chakra-ui/react";
import { Component, type ErrorInfo, type ReactNode } from "react";
import { ErrorState } from "./ErrorState.tsx";

interface Props {
  children: ReactNode;
  /** A change of it gives the part a new chance, e.g. the address. */
  resetKey?: string;
  /** What failed, for a part of a page: "This conversation". Without it, it is the page. */
  part?: string;
}

interface State {
  error: Error | null;
  /** What a person can name to whoever looks into it; the console has it beside the error. */
  id: string;
}

/** Keeps the failure of one page, or of one part of it, from taking the others down. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: null, id: "" };

  static getDerivedStateFromError(thrown: unknown): State {
    return {
      error: thrown instanceof Error ? thrown : new Error(String(thrown)),
      id: crypto.randomUUID().slice(0, 8),
    };
  }

  override componentDidCatch(error: Error, { componentStack }: ErrorInfo): void {
    console.error(`Error ${this.state.id}`, error, componentStack);
  }

  override componentDidUpdate(before: Props): void {
    if (this.state.error && before.resetKey !== this.props.resetKey) this.setState({ error: null });
  }

  override render(): ReactNode {
    const { error, id } = this.state;
    if (!error) return this.props.children;
    const { part } = this.props;
    const isOldBuild = /dynamically imported module|Importing a module script/i.test(error.message);
    return (
      <ErrorState
        level={part ? "h2" : "h1"}
        title={
          isOldBuild
            ? "This page could not be loaded"
            : part
              ? `${part} can't be shown`
              : "Something went wrong"
        }
        detail={
          isOldBuild
            ? "There may be a newer version, or the connection dropped."
            : "The rest still works. Trying again often helps."
        }
        onRetry={() => (isOldBuild ? location.reload() : this.setState({ error: null }))}
      >
        <Text color="fg.muted" fontSize="xs">
          Error {id}
        </Text>
      </ErrorState>
    );
  }
}
