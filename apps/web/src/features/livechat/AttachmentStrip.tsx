import { LuFile, LuX } from "react-icons/lu";
import type { Attachment } from "./attachments.ts";
import { formatSize } from "./upload-file.ts";

/** The files that go with the text: what they are, how far they are, what is wrong with one. */
export function AttachmentStrip({
  files,
  onRemove,
}: {
  files: readonly Attachment[];
  onRemove(key: string): void;
}) {
  if (files.length === 0) return null;
  return (
    <ul className="lc-attachments" aria-label="Attached files">
      {files.map((file) => (
        <li key={file.key} data-error={file.error ? true : undefined}>
          {file.preview ? <img src={file.preview} alt="" /> : <LuFile aria-hidden="true" />}
          <span className="lc-attachment-name" title={file.name}>
            {file.name}
            <small role={file.error ? "alert" : undefined}>
              {file.error ?? formatSize(file.sizeBytes)}
            </small>
          </span>
          {!file.stored && !file.error && (
            <progress value={file.progress} max={1} aria-label={`Storing ${file.name}`} />
          )}
          <button
            type="button"
            aria-label={`Remove ${file.name}`}
            onClick={() => onRemove(file.key)}
          >
            <LuX />
          </button>
        </li>
      ))}
    </ul>
  );
}
