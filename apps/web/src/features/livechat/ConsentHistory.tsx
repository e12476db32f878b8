import {
  type Contact,
  type ContactConsent,
  contactConsentList,
  contact as contactSchema,
  formatAddress,
} from "@livechat/shared";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { LuChevronDown } from "react-icons/lu";
import { apiRequest } from "../../api/client.ts";
import { showAddress } from "../../components/show-address.ts";
import { explainFailure, useInbox } from "../../realtime/use-inbox.tsx";
import { listNumbers } from "./contact-numbers.ts";
import { formatMoment } from "./format-time.ts";
import "./consent-history.css";

/** Whether a contact wants our texts: what holds now, an agent's word, and the whole record. */
export function ConsentHistory({ contact }: { contact: Contact }) {
  const { store } = useInbox();
  const [isOpen, setIsOpen] = useState(false);
  const [asking, setAsking] = useState<"opt-out" | "opt-out/undo" | null>(null);
  const [note, setNote] = useState("");
  const [isBusy, setIsBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const [listId, noteId] = [useId(), useId()];
  const base = `/api/workspaces/${contact.workspaceId}/contacts/${contact.id}`;
  const numbers = listNumbers(contact);
  const out = numbers.filter((number) => number.optedOutAt !== null);
  const isOut = out.length === numbers.length;
  const record = useQuery({
    // What changes the contact's wish changes the contact, so the record is read anew.
    queryKey: ["consents", contact.id, out, contact.lastMessageAt],
    placeholderData: keepPreviousData,
    enabled: out.length > 0 || isOpen,
    queryFn: ({ signal }) =>
      apiRequest({ path: `${base}/consents`, response: contactConsentList, signal }),
  });

  async function change(what: "opt-out" | "opt-out/undo") {
    setIsBusy(true);
    setFailure(null);
    try {
      const body = { note: note.trim() || null };
      store.putContact(
        await apiRequest({
          method: "POST",
          path: `${base}/${what}`,
          body,
          response: contactSchema,
        }),
      );
      setAsking(null);
      setNote("");
    } catch (error) {
      setFailure(explainFailure(error));
    } finally {
      setIsBusy(false);
    }
  }

  return (
    <section className="lc-consent" aria-label="Texting consent">
      <div className="lc-card">
        <div>
          <span>Texts</span>
          <span className="lc-card-value" data-out={out.length > 0 || undefined}>
            {isOut
              ? "Opted out"
              : out.length === 0
                ? "Allowed"
                : `Not to ${out.map((each) => showAddress(each.phoneNumber)).join(", ")}`}
          </span>
        </div>
        {asking === null && !isOut && (
          <button type="button" className="lc-consent-row" onClick={() => setAsking("opt-out")}>
            Mark as opted out…
          </button>
        )}
        {asking === null && out.length > 0 && record.data?.canUndo && (
          <button
            type="button"
            className="lc-consent-row"
            onClick={() => setAsking("opt-out/undo")}
          >
            Take the mark back…
          </button>
        )}
        {asking !== null && (
          <form
            className="lc-consent-form"
            onSubmit={(event) => {
              event.preventDefault();
              void change(asking);
            }}
          >
            <p>
              {asking === "opt-out"
                ? "No more texts can be sent, and those that wait are called off. Use it when someone asks in their own words."
                : "Texts can be sent again. The record keeps both."}
            </p>
            <label htmlFor={noteId}>
              {asking === "opt-out" ? "What did they say? (optional)" : "Why? (optional)"}
            </label>
            <input
              id={noteId}
              value={note}
              maxLength={500}
              autoComplete="off"
              dir="auto"
              onChange={(event) => setNote(event.target.value)}
            />
            {failure && <p role="alert">{failure}</p>}
            <span>
              <button type="button" disabled={isBusy} onClick={() => setAsking(null)}>
                Cancel
              </button>
              <button
                type="submit"
                disabled={isBusy}
                data-danger={asking === "opt-out" || undefined}
              >
                {asking === "opt-out" ? "Mark as opted out" : "Take back"}
              </button>
            </span>
          </form>
        )}
        <button
          type="button"
          className="lc-consent-row"
          aria-expanded={isOpen}
          aria-controls={listId}
          onClick={() => setIsOpen(!isOpen)}
        >
          <span>Record of consent</span>
          <LuChevronDown aria-hidden="true" data-open={isOpen || undefined} />
        </button>
        {isOpen && (
          <div id={listId} className="lc-consent-record">
            {record.isError ? (
              <p role="alert">{explainFailure(record.error)}</p>
            ) : record.data?.items.length === 0 ? (
              <p>Nothing has been said about it.</p>
            ) : record.data ? (
              <ol>
                {record.data.items.map((item) => (
                  <Entry key={item.id} item={item} isOneOfSeveral={numbers.length > 1} />
                ))}
              </ol>
            ) : (
              <p>Loading…</p>
            )}
          </div>
        )}
      </div>
    </section>
  );
}

const verbs: Record<ContactConsent["action"], string> = {
  opted_out: "Opted out",
  opted_in: "Opted in",
  asked_for_help: "Asked for help",
};

function Entry({ item, isOneOfSeveral }: { item: ContactConsent; isOneOfSeveral: boolean }) {
  return (
    <li data-action={item.action}>
      <strong>{verbs[item.action]}</strong> {describeSource(item)}
      {item.note && item.source !== "carrier_error" && <q dir="auto">{item.note}</q>}
      <small>
        <time dateTime={item.at}>{formatMoment(item.at)}</time>
        {isOneOfSeveral && ` · from ${showAddress(item.phoneNumber)}`}
        {item.ourNumber && ` · to ${formatAddress(item.ourNumber)}`}
      </small>
    </li>
  );
}

function describeSource({ source, actorName, errorCode }: ContactConsent): string {
  switch (source) {
    case "keyword":
      return "by text";
    case "opt_out_type":
      return "by text, as Twilio read it";
    case "carrier_error":
      return `by the carrier's word (error ${errorCode ?? ""})`;
    case "agent":
      return `by ${actorName ?? "a former member"}`;
    default:
      return source satisfies never;
  }
}
