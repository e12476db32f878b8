import { type ReactNode, useEffect, useMemo, useState } from "react";
import { useParams } from "react-router";
import Pictures from "yet-another-react-lightbox";
import "yet-another-react-lightbox/styles.css";
import Zoom from "yet-another-react-lightbox/plugins/zoom";
import { nameContact } from "../../components/name-contact.ts";
import { useInbox, useInboxPart } from "../../realtime/use-inbox.tsx";
import { formatMoment } from "./format-time.ts";
import { isPicture } from "./is-picture.ts";
import { loadMediaLink } from "./media-links.ts";

interface LightboxProps {
  mediaId: string;
  url: string;
  label: string;
  onClose: () => void;
}

interface Picture {
  id: string;
  alt: string;
}

/**
 * A picture as large as the window allows, and the other pictures of the open
 * conversation beside it. Arrows go on, a wheel or two fingers zoom, Escape or a
 * click beside it closes.
 */
export default function Lightbox({ mediaId, url, label, onClose }: LightboxProps): ReactNode {
  const { api } = useInbox().store;
  const pictures = useConversationPictures(mediaId, label);
  const [urls, setUrls] = useState<ReadonlyMap<string, string>>(new Map([[mediaId, url]]));

  useEffect(() => {
    let isCurrent = true;
    for (const { id } of pictures) {
      loadMediaLink(api, id).then(
        (link) => {
          if (isCurrent && link) setUrls((known) => new Map(known).set(id, link));
        },
        // A picture that can't be had now shows the library's own sign of it.
        () => undefined,
      );
    }
    return () => {
      isCurrent = false;
    };
  }, [api, pictures]);

  const isCalm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  return (
    <Pictures
      open
      close={onClose}
      index={pictures.findIndex(({ id }) => id === mediaId)}
      slides={pictures.map(({ id, alt }) => ({ src: urls.get(id) ?? emptyPicture, alt }))}
      plugins={[Zoom]}
      render={pictures.length > 1 ? {} : { buttonPrev: () => null, buttonNext: () => null }}
      carousel={{ finite: true, preload: 1, padding: "24px" }}
      controller={{ closeOnBackdropClick: true, closeOnPullDown: true }}
      animation={isCalm ? { fade: 0, swipe: 0, zoom: 0 } : { fade: 160, swipe: 180, zoom: 160 }}
      zoom={{ maxZoomPixelRatio: 5, scrollToZoom: true }}
      labels={{
        Previous: "Earlier picture",
        Next: "Later picture",
        Close: "Close",
        Lightbox: label,
      }}
    />
  );
}

const emptyPicture =
  "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";

/** The pictures of the open conversation in their order; only this one where it is none of them. */
function useConversationPictures(mediaId: string, label: string): readonly Picture[] {
  const { contactId = "" } = useParams();
  const messages = useInboxPart((snapshot) => snapshot.inbox?.threads.get(contactId));
  const contact = useInboxPart((snapshot) => snapshot.inbox?.contacts.get(contactId));
  return useMemo(() => {
    const name = contact ? nameContact(contact) : "";
    const all = (messages ?? []).flatMap((message) =>
      message.media
        .filter((media) => media.state === "stored" && isPicture(media))
        .map((media) => ({
          id: media.id,
          alt: `Photo ${message.direction === "inbound" ? `from ${name}` : "that was sent"}, ${formatMoment(message.createdAt)}`,
        })),
    );
    return all.some(({ id }) => id === mediaId) ? all : [{ id: mediaId, alt: label }];
  }, [messages, contact, mediaId, label]);
}
