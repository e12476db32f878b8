import { Invites } from "../../../features/settings/Invites.tsx";
import { Members } from "../../../features/settings/Members.tsx";
import { useWorkspace } from "../../../session/use-session.ts";

/** Who works here, and who is invited to. */
export function PeopleSettings() {
  const workspace = useWorkspace();
  return (
    <>
      <Members />
      {workspace.role !== "agent" && <Invites />}
    </>
  );
}
