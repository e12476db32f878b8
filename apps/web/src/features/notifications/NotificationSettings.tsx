import { Button, HStack, Stack, Text } from "@chakra-ui/react";
import { useState } from "react";
import { Notice } from "../../components/Notice.tsx";
import { SwitchField } from "../../components/SwitchField.tsx";
import { TextField } from "../../components/TextField.tsx";
import { usePreference } from "../../preferences/use-preference.ts";
import { ring } from "./ring.ts";

/** Notifications of the desktop: first what they are for, then the browser's own question. */
export function DesktopNotices() {
  const [isOn, setIsOn] = usePreference("notifyOnDesktop");
  const [hidesText, setHidesText] = usePreference("hidesTextInNotices");
  const [permission, setPermission] = useState(() =>
    "Notification" in window ? Notification.permission : "unsupported",
  );

  async function ask() {
    const answer = await Notification.requestPermission();
    setPermission(answer);
    if (answer === "granted") setIsOn(true);
  }

  if (permission === "unsupported")
    return <Text color="fg.muted">This browser has no notifications.</Text>;
  if (permission === "denied")
    return (
      <Notice kind="info">
        This browser blocks notifications for this page. Allow them in its settings for this site,
        then reload.
      </Notice>
    );
  if (permission === "default")
    return (
      <Stack gap="3" align="start">
        <Text>
          A notification tells you of a new text while you are in another window or tab. It never
          comes for the conversation that you are reading. The browser will ask whether you allow
          it.
        </Text>
        <Button colorPalette="accent" onClick={() => void ask()}>
          Turn on notifications
        </Button>
      </Stack>
    );
  return (
    <>
      <SwitchField
        label="Desktop notifications"
        detail="While you are in another window or tab."
        isOn={isOn}
        onChange={setIsOn}
      />
      <SwitchField
        label="Hide the text"
        detail="Shows neither who wrote nor what."
        isOn={hidesText}
        onChange={setHidesText}
      />
    </>
  );
}

/** The sound of a text that arrives. */
export function SoundChoice() {
  const [isOn, setIsOn] = usePreference("notifyWithSound");
  return (
    <>
      <SwitchField
        label="Play a sound"
        detail="Not for the conversation that you are reading."
        isOn={isOn}
        onChange={setIsOn}
      />
      <Button variant="outline" alignSelf="start" onClick={ring}>
        Hear it
      </Button>
    </>
  );
}

/** The hours in which nothing rings and no notification comes. */
export function QuietHoursChoice() {
  const [isOn, setIsOn] = usePreference("isQuietAtTimes");
  const [from, setFrom] = usePreference("quietFrom");
  const [to, setTo] = usePreference("quietTo");
  return (
    <>
      <SwitchField
        label="Quiet hours"
        detail="No sound and no notification. Texts still arrive."
        isOn={isOn}
        onChange={setIsOn}
      />
      {isOn && (
        <HStack gap="4" align="start" flexWrap="wrap">
          <TextField
            label="From"
            type="time"
            required
            value={from}
            onChange={(event) => event.target.value && setFrom(event.target.value)}
          />
          <TextField
            label="Until"
            type="time"
            required
            value={to}
            onChange={(event) => event.target.value && setTo(event.target.value)}
          />
        </HStack>
      )}
    </>
  );
}

/** Where the number of unread conversations is shown. */
export function UnreadCountChoice() {
  const [inTitle, setInTitle] = usePreference("showsUnreadInTitle");
  const [onIcon, setOnIcon] = usePreference("showsUnreadOnIcon");
  return (
    <>
      <SwitchField label="In the window's title" isOn={inTitle} onChange={setInTitle} />
      <SwitchField
        label="On the icon"
        detail="A dot on the tab, a number on the installed app."
        isOn={onIcon}
        onChange={setOnIcon}
      />
    </>
  );
}
