import {
  DesktopNotices,
  QuietHoursChoice,
  SoundChoice,
  UnreadCountChoice,
} from "../../../features/notifications/NotificationSettings.tsx";
import { SettingsSection } from "../../../features/settings/SettingsSection.tsx";

/** How this device tells of texts that arrive. */
export function NotificationSettings() {
  return (
    <>
      <SettingsSection title="Notifications" detail="Kept on this device.">
        <DesktopNotices />
      </SettingsSection>
      <SettingsSection title="Sound">
        <SoundChoice />
      </SettingsSection>
      <SettingsSection title="Quiet hours">
        <QuietHoursChoice />
      </SettingsSection>
      <SettingsSection title="Unread conversations">
        <UnreadCountChoice />
      </SettingsSection>
    </>
  );
}
