import { errorExplanation, type Message } from "@livechat/shared";
import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { LuExternalLink } from "react-icons/lu";
import { apiRequest } from "../../api/client.ts";
import { explainFailure } from "../../realtime/use-inbox.tsx";
import "./failure-note.css";

/** Why a text did not arrive and what to do; on request, the cause and what an admin can do. */
export function FailureNote({ message }: { message: Message }) {
  const [isOpen, setIsOpen] = useState(false);
  const detailsId = useId();
  const { errorCode, errorMessage } = message;
  if (errorCode === null && errorMessage === null) return null;
  return (
    <>
      <span className="lc-reason" dir="auto">
        {errorMessage ?? `The carrier refused it with error ${errorCode}.`}
        {errorCode !== null && (
          <>
            {" "}
            <button
              type="button"
              className="lc-why"
              aria-expanded={isOpen}
              aria-controls={detailsId}
              onClick={() => setIsOpen(!isOpen)}
            >
              {isOpen ? "Less" : "Why?"}
            </button>
          </>
        )}
      </span>
      {isOpen && errorCode !== null && <Details id={detailsId} code={errorCode} />}
    </>
  );
}

function Details({ id, code }: { id: string; code: number }) {
  const { data, error, refetch } = useQuery({
    queryKey: ["twilio-error", code],
    // A code means the same for as long as this page is open.
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) =>
      apiRequest({ path: `/api/twilio/errors/${code}`, response: errorExplanation, signal }),
  });
  return (
    <div id={id} className="lc-failure" role="status">
      {data ? (
        <>
          <p>{data.cause}</p>
          <dl>
            <dt>You</dt>
            <dd>{data.agentAction}</dd>
            <dt>An admin</dt>
            <dd>{data.adminAction}</dd>
          </dl>
          <a href={data.url} target="_blank" rel="noopener noreferrer">
            Error {data.code} at Twilio <LuExternalLink aria-hidden="true" />
          </a>
        </>
      ) : error ? (
        <>
          <p>{explainFailure(error)}</p>
          <button type="button" className="lc-why" onClick={() => void refetch()}>
            Try again
          </button>
        </>
      ) : (
        <p>Looking it up…</p>
      )}
    </div>
  );
}
