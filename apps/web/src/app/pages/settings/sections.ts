import { type ComponentType, lazy } from "react";
import type { IconType } from "react-icons";
import {
  LuBell,
  LuBuilding2,
  LuKeyboard,
  LuListPlus,
  LuMessagesSquare,
  LuPencilLine,
  LuPhone,
  LuSend,
  LuShieldAlert,
  LuSunMoon,
  LuUser,
  LuUsers,
  LuZap,
} from "react-icons/lu";

import { QuarantineBadge } from "../../../features/quarantine/QuarantineBadge.tsx";

/** One page of the settings, with an address of its own. */
export interface SettingsPart {
  /** The last part of its address. */
  path: string;
  label: string;
  icon: IconType;
  /** Says what is inside, under the label where there is room. */
  hint: string;
  group: "You" | "Workspace";
  /** Left out for agents, whom the server would refuse. */
  needsAdmin?: boolean;
  /** How much waits there, beside the label. */
  Badge?: ComponentType;
  Page: ComponentType;
}

/** All pages of the settings, in the order of their list. Each is loaded when it is opened. */
export const settingsParts: readonly SettingsPart[] = [
  {
    path: "profile",
    label: "Profile",
    icon: LuUser,
    hint: "Your name and sign-in",
    group: "You",
    Page: part(() => import("./ProfileSettings.tsx"), "ProfileSettings"),
  },
  {
    path: "appearance",
    label: "Appearance",
    icon: LuSunMoon,
    hint: "Light, dark and density",
    group: "You",
    Page: part(() => import("./AppearanceSettings.tsx"), "AppearanceSettings"),
  },
  {
    path: "writing",
    label: "Writing",
    icon: LuPencilLine,
    hint: "The key that sends, quiet hours",
    group: "You",
    Page: part(
      () => import("../../../features/settings/WritingPreferences.tsx"),
      "WritingPreferences",
    ),
  },
  {
    path: "keyboard",
    label: "Keyboard",
    icon: LuKeyboard,
    hint: "Every shortcut, and single keys on or off",
    group: "You",
    Page: part(
      () => import("../../../features/settings/KeyboardPreferences.tsx"),
      "KeyboardPreferences",
    ),
  },
  {
    path: "notifications",
    label: "Notifications",
    icon: LuBell,
    hint: "Desktop, sound, quiet hours",
    group: "You",
    Page: part(() => import("./NotificationSettings.tsx"), "NotificationSettings"),
  },
  {
    path: "replies",
    label: "Canned replies",
    icon: LuZap,
    hint: "Texts that the team keeps ready",
    group: "Workspace",
    Page: part(() => import("../../../features/settings/CannedReplies.tsx"), "CannedReplies"),
  },
  {
    path: "workspace",
    label: "Workspace",
    icon: LuBuilding2,
    hint: "Its name and your role",
    group: "Workspace",
    Page: part(() => import("./WorkspaceSettings.tsx"), "WorkspaceSettings"),
  },
  {
    path: "contact-fields",
    label: "Contact fields",
    icon: LuListPlus,
    hint: "What else you keep of a contact",
    group: "Workspace",
    Page: part(() => import("../../../features/settings/ContactFields.tsx"), "ContactFields"),
  },
  {
    path: "people",
    label: "People",
    icon: LuUsers,
    hint: "Members and invitations",
    group: "Workspace",
    Page: part(() => import("./PeopleSettings.tsx"), "PeopleSettings"),
  },
  {
    path: "sending",
    label: "Sending",
    icon: LuSend,
    hint: "The number to write from, and its pace",
    group: "Workspace",
    Page: part(() => import("../../../features/settings/SendingSettings.tsx"), "SendingSettings"),
  },
  {
    path: "conversations",
    label: "Conversations",
    icon: LuMessagesSquare,
    hint: "Tags, assignment, what opens next",
    group: "Workspace",
    Page: part(() => import("./ConversationSettings.tsx"), "ConversationSettings"),
  },
  {
    path: "twilio",
    label: "Phone line",
    icon: LuPhone,
    hint: "Twilio and the numbers",
    group: "Workspace",
    Page: part(() => import("./PhoneLineSettings.tsx"), "PhoneLineSettings"),
  },
  {
    path: "quarantine",
    label: "Quarantine",
    icon: LuShieldAlert,
    hint: "What Twilio sent and could not be used",
    group: "Workspace",
    needsAdmin: true,
    Page: part(() => import("../../../features/quarantine/Quarantine.tsx"), "Quarantine"),
    Badge: QuarantineBadge,
  },
];

function part<Name extends string>(load: () => Promise<Record<Name, ComponentType>>, name: Name) {
  return lazy(async () => {
    const Page: ComponentType = (await load())[name];
    return { default: Page };
  });
}
