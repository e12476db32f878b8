import { Tags } from "../../../features/settings/Tags.tsx";
import { WorkRules } from "../../../features/settings/WorkRules.tsx";

/** How conversations are sorted and worked through. */
export function ConversationSettings() {
  return (
    <>
      <Tags />
      <WorkRules />
    </>
  );
}
