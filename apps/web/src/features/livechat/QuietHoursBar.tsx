import { useEffect, useRef } from "react";
import { formatMoment } from "./format-time.ts";
import type { QuietHour } from "./quiet-hours.ts";

interface QuietHoursBarProps {
  quiet: QuietHour;
  contactName: string;
  onSend(): void;
  onSchedule(at: Date): void;
  onBack(): void;
}

/** Asks before a text goes out in somebody's night, and offers the morning. */
export default function QuietHoursBar({
  quiet,
  contactName,
  onSend,
  onSchedule,
  onBack,
}: QuietHoursBarProps) {
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => keep.current?.focus(), []);
  return (
    <div className="lc-ask" role="alertdialog" aria-label="Send a text at night?">
      <p>
        It is {quiet.isGuess && "probably "}
        {quiet.time} where <bdi>{contactName}</bdi> lives
        {quiet.isGuess && ", going by the number"}. A text may wake them.
      </p>
      <div>
        <button ref={keep} type="button" onClick={onBack}>
          Keep writing
        </button>
        <button type="button" onClick={onSend}>
          Send anyway
        </button>
        <button
          type="button"
          data-main=""
          title={formatMoment(quiet.morning.toISOString())}
          onClick={() => onSchedule(quiet.morning)}
        >
          Send at 8:00 there
        </button>
      </div>
    </div>
  );
}
