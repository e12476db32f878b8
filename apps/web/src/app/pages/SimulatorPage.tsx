import { Simulator } from "../../features/simulator/Simulator.tsx";
import { useWorkspace } from "../../session/use-session.ts";

/** The phones of the built-in simulator. */
export function SimulatorPage() {
  const workspace = useWorkspace();
  return <Simulator key={workspace.id} />;
}
