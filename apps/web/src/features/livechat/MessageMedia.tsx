import type { MessageMedia as Media } from "@livechat/shared";
import { type CSSProperties, Suspense, useState } from "react";
import { LuDownload, LuFile, LuImageOff } from "react-icons/lu";
import { late } from "../../components/late.tsx";
import { nameFile, nameFileType } from "./describe-media.ts";
import { isPicture } from "./is-picture.ts";
import { useMediaLink } from "./media-links.ts";
import { RetryMedia } from "./RetryMedia.tsx";
import { formatSize } from "./upload-file.ts";

const ContactCard = late(async () => (await import("./ContactCard.tsx")).default);
const Lightbox = late(async () => (await import("./Lightbox.tsx")).default);

interface MediaProps {
  media: Media;
  /** Who sent it and when, for those who can't see it. */
  caption: string;
}

/** One file of a text: drawn, played or offered for download, with its place kept while it loads. */
export function MessageMedia({ media, caption }: MediaProps) {
  if (media.state === "pending") {
    return (
      <div className="lc-file" role="status" style={isPicture(media) ? reserve(media) : undefined}>
        <LuFile aria-hidden="true" />
        <span>Receiving a file…</span>
      </div>
    );
  }
  if (media.state === "failed") {
    return (
      <div className="lc-file">
        <LuImageOff aria-hidden="true" />
        <span>
          This file could not be fetched from the carrier. <RetryMedia mediaId={media.id} />
        </span>
      </div>
    );
  }
  if (isPicture(media)) return <Picture media={media} caption={caption} />;
  return <Playable media={media} caption={caption} />;
}

function reserve(media: Media): CSSProperties {
  const width = media.widthPx ?? 4;
  const height = media.heightPx ?? 3;
  const shownWidth = media.widthPx
    ? Math.min(280, Math.max(96, (320 * width) / height), width)
    : 240;
  return { aspectRatio: `${width} / ${height}`, width: Math.max(96, Math.round(shownWidth)) };
}

function Picture({ media, caption }: MediaProps) {
  const { url, isFailed, renew } = useMediaLink(media.id);
  const [isOpen, setIsOpen] = useState(false);
  const label = media.fileName ? `${media.fileName}, ${caption}` : `Photo, ${caption}`;
  if (isFailed) return <FileCard media={media} url={null} />;
  return (
    <>
      <button
        type="button"
        className="lc-picture"
        style={reserve(media)}
        aria-label={`Open ${label}`}
        onClick={() => setIsOpen(true)}
      >
        {url && <img src={url} alt="" decoding="async" draggable={false} onError={renew} />}
      </button>
      {isOpen && url && (
        <Suspense>
          <Lightbox mediaId={media.id} url={url} label={label} onClose={() => setIsOpen(false)} />
        </Suspense>
      )}
    </>
  );
}

/** A picture of the thread as a square; opens large. */
export function MediaThumbnail({ media, caption }: MediaProps) {
  const { url, renew } = useMediaLink(media.id);
  const [isOpen, setIsOpen] = useState(false);
  const label = media.fileName ? `${media.fileName}, ${caption}` : `Photo, ${caption}`;
  return (
    <>
      <button
        type="button"
        className="lc-thumbnail"
        aria-label={`Open ${label}`}
        onClick={() => setIsOpen(true)}
      >
        {url && <img src={url} alt="" loading="lazy" decoding="async" onError={renew} />}
      </button>
      {isOpen && url && (
        <Suspense>
          <Lightbox mediaId={media.id} url={url} label={label} onClose={() => setIsOpen(false)} />
        </Suspense>
      )}
    </>
  );
}

function Playable({ media, caption }: MediaProps) {
  const { url, isFailed } = useMediaLink(media.id);
  if (!isFailed && media.contentType.startsWith("video/")) {
    return (
      // biome-ignore lint/a11y/useMediaCaption: a text's video comes without captions.
      <video
        className="lc-video"
        controls
        preload="metadata"
        src={url ?? undefined}
        style={reserve(media)}
        aria-label={`Video, ${caption}`}
      />
    );
  }
  if (!isFailed && media.contentType.startsWith("audio/")) {
    return (
      // biome-ignore lint/a11y/useMediaCaption: a text's recording comes without captions.
      <audio
        className="lc-audio"
        controls
        preload="metadata"
        src={url ?? undefined}
        aria-label={`Audio, ${caption}`}
      />
    );
  }
  const card = <FileCard media={media} url={url} />;
  if (isFailed || !url || !/vcard/i.test(media.contentType)) return card;
  return (
    <Suspense fallback={card}>
      <ContactCard url={url} sizeBytes={media.sizeBytes} otherwise={card} />
    </Suspense>
  );
}

function FileCard({ media, url }: { media: Media; url: string | null }) {
  const name = nameFile(media);
  const facts = [
    // What has no name of its own is called by its type already.
    media.fileName !== null && nameFileType(media.contentType),
    media.sizeBytes !== null && formatSize(media.sizeBytes),
  ].filter(Boolean);
  return (
    <div className="lc-file">
      <LuFile aria-hidden="true" />
      <span className="lc-file-name">
        <bdi>{name}</bdi>
        {facts.length > 0 && <small>{facts.join(" · ")}</small>}
      </span>
      {url ? (
        <a href={url} download={media.fileName ?? true} aria-label={`Download ${name}`}>
          <LuDownload />
        </a>
      ) : null}
    </div>
  );
}
