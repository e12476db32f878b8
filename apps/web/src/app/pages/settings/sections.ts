import type { ComponentType } from "react";
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
import { latePart } from "../../../components/late.tsx";
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
    Page: latePart(() => import("./ProfileSettings.tsx"), "ProfileSettings", "last"),
  },
  {
    path: "appearance",
    label: "Appearance",
    icon: LuSunMoon,
    hint: "Light, dark and density",
    group: "You",
    Page: latePart(() => import("./AppearanceSettings.tsx"), "AppearanceSettings", "last"),
  },
  {
    path: "writing",
    label: "Writing",
    icon: LuPencilLine,
    hint: "The key that sends, quiet hours",
    group: "You",
    Page: latePart(
      () => import("../../../features/settings/WritingPreferences.tsx"),
      "WritingPreferences",
      "last",
    ),
  },
  {
    path: "keyboard",
    label: "Keyboard",
    icon: LuKeyboard,
    hint: "Every shortcut, and single keys on or off",
    group: "You",
    Page: latePart(
      () => import("../../../features/settings/KeyboardPreferences.tsx"),
      "KeyboardPreferences",
      "last",
    ),
  },
  {
    path: "notifications",
    label: "Notifications",
    icon: LuBell,
    hint: "Desktop, sound, quiet hours",
    group: "You",
    Page: latePart(() => import("./NotificationSettings.tsx"), "NotificationSettings", "last"),
  },
  {
    path: "replies",
    label: "Canned replies",
    icon: LuZap,
    hint: "Texts that the team keeps ready",
    group: "Workspace",
    Page: latePart(
      () => import("../../../features/settings/CannedReplies.tsx"),
      "CannedReplies",
      "last",
    ),
  },
  {
    path: "workspace",
    label: "Workspace",
    icon: LuBuilding2,
    hint: "Its name and your role",
    group: "Workspace",
    Page: latePart(() => import("./WorkspaceSettings.tsx"), "WorkspaceSettings", "last"),
  },
  {
    path: "contact-fields",
    label: "Contact fields",
    icon: LuListPlus,
    hint: "What else you keep of a contact",
    group: "Workspace",
    Page: latePart(
      () => import("../../../features/settings/ContactFields.tsx"),
      "ContactFields",
      "last",
    ),
  },
  {
    path: "people",
    label: "People",
    icon: LuUsers,
    hint: "Members and invitations",
    group: "Workspace",
    Page: latePart(() => import("./PeopleSettings.tsx"), "PeopleSettings", "last"),
  },
  {
    path: "sending",
    label: "Sending",
    icon: LuSend,
    hint: "The number to write from, and its pace",
    group: "Workspace",
    Page: latePart(
      () => import("../../../features/settings/SendingSettings.tsx"),
      "SendingSettings",
      "last",
    ),
  },
  {
    path: "conversations",
    label: "Conversations",
    icon: LuMessagesSquare,
    hint: "Tags, assignment, what opens next",
    group: "Workspace",
    Page: latePart(() => import("./ConversationSettings.tsx"), "ConversationSettings", "last"),
  },
  {
    path: "twilio",
    label: "Phone line",
    icon: LuPhone,
    hint: "Twilio and the numbers",
    group: "Workspace",
    Page: latePart(() => import("./PhoneLineSettings.tsx"), "PhoneLineSettings", "last"),
  },
  {
    path: "quarantine",
    label: "Quarantine",
    icon: LuShieldAlert,
    hint: "What Twilio sent and could not be used",
    group: "Workspace",
    needsAdmin: true,
    Page: latePart(
      () => import("../../../features/quarantine/Quarantine.tsx"),
      "Quarantine",
      "last",
    ),
    Badge: QuarantineBadge,
  },
];
