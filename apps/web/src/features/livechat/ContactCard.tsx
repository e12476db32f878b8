import { parsePhoneNumber } from "@livechat/shared";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, Suspense, useState } from "react";
import { LuContactRound, LuDownload, LuMessageCirclePlus } from "react-icons/lu";
import { CopyButton } from "../../components/CopyButton.tsx";
import { showAddress, useAddressRules } from "../../components/show-address.ts";
import { parseVCards, type VCard } from "./parse-vcard.ts";
import "./contact-card.css";
import { late } from "../../components/late.tsx";

const NewConversationDialog = late(
  async () => (await import("./NewConversationDialog.tsx")).NewConversationDialog,
);

const maxBytes = 1_000_000;
const maxShown = 3;

interface ContactCardProps {
  url: string;
  sizeBytes: number | null;
  /** What is shown for a file that is too large, or no card after all. */
  otherwise: ReactNode;
}

/** Whom a contact card is of, with the numbers on it and what to do with each. */
export default function ContactCard({ url, sizeBytes, otherwise }: ContactCardProps) {
  const isSmall = sizeBytes === null || sizeBytes <= maxBytes;
  const cards = useQuery({
    // The link's signature changes when it is renewed; the file behind it never does.
    queryKey: ["contact card", new URL(url, location.href).pathname],
    queryFn: ({ signal }) => readCards(url, signal),
    enabled: isSmall,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  }).data;
  if (!cards || cards.length === 0) return otherwise;
  const more = cards.length - maxShown;
  return (
    <div className="lc-card">
      {cards.slice(0, maxShown).map((card, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the cards of a file never change places.
        <Person key={at} card={card} />
      ))}
      <a href={url} download>
        <LuDownload aria-hidden="true" />
        {more > 0 ? `Download all ${cards.length} contacts` : "Download"}
      </a>
    </div>
  );
}

function Person({ card }: { card: VCard }) {
  const [chosen, setChosen] = useState<string | null>(null);
  useAddressRules();
  const name = card.name ?? "Contact card";
  return (
    <section aria-label={`Contact card of ${name}`}>
      <header>
        <LuContactRound aria-hidden="true" />
        <span dir="auto">
          <b>{name}</b>
          {card.organization && <small>{card.organization}</small>}
        </span>
      </header>
      {card.numbers.length === 0 ? (
        <p>There is no phone number on it.</p>
      ) : (
        <ul>
          {card.numbers.map(({ number, label }) => {
            const dialled = parsePhoneNumber(number);
            const shown = dialled ? showAddress(dialled) : number;
            return (
              <li key={number}>
                <span>
                  <bdi>{shown}</bdi>
                  {label && <small>{label}</small>}
                </span>
                {dialled && (
                  <button
                    type="button"
                    aria-label={`New conversation with ${name}, ${shown}`}
                    title="New conversation"
                    onClick={() => setChosen(dialled)}
                  >
                    <LuMessageCirclePlus />
                  </button>
                )}
                <CopyButton text={dialled ?? number} name={shown} size="xs" />
              </li>
            );
          })}
        </ul>
      )}
      {chosen && (
        <Suspense>
          <NewConversationDialog
            known={{ phoneNumber: chosen, name: card.name ?? "" }}
            onClose={() => setChosen(null)}
          />
        </Suspense>
      )}
    </section>
  );
}

/** The cards behind a link; none for a file that is too large. Throws when it can't be fetched. */
async function readCards(url: string, signal: AbortSignal): Promise<VCard[]> {
  const answer = await fetch(url, { signal });
  if (!answer.ok || !answer.body) throw new Error("The contact card could not be read.");
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = answer.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.byteLength;
    if (size > maxBytes) {
      await reader.cancel();
      return [];
    }
    parts.push(value);
  }
  return parseVCards(new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer()));
}
