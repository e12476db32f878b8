import type { ContactFilter } from "@livechat/shared";
import { useQuery } from "@tanstack/react-query";
import { Link, useLocation } from "react-router";
import { twilioConfigQuery } from "../../api/twilio-queries.ts";
import { showAddress, useAddressRules } from "../../components/show-address.ts";
import { isNarrowed } from "../../realtime/contact-filter.ts";
import { useInboxPart } from "../../realtime/use-inbox.tsx";
import { useWorkspace } from "../../session/use-session.ts";
import { useContactFilter, withoutFilters } from "./use-contact-filter.ts";
import { viewNames } from "./view-names.ts";

type View = keyof typeof viewNames;

const emptyWords: Record<View, { title: string; detail: string }> = {
  open: { title: "All done", detail: "No conversation is open. New texts appear here." },
  mine: {
    title: "Nothing is yours",
    detail: "Conversations that are assigned to you appear here.",
  },
  unassigned: {
    title: "Everything has someone",
    detail: "No open conversation waits for a person.",
  },
  unread: { title: "All read", detail: "Texts that nobody has read appear here." },
  snoozed: { title: "Nothing sleeps", detail: "Snoozed conversations wait here until their time." },
  done: {
    title: "Nothing done yet",
    detail: "Conversations that are marked as done are kept here.",
  },
  blocked: {
    title: "Nobody is blocked",
    detail: "Texts of blocked contacts are kept here and call nobody.",
  },
  mentions: { title: "No mentions", detail: "Notes that mention you appear here." },
};

/** What stands where a list has no conversation: why, and what comes next. */
export function EmptyList({ filter, onCompose }: { filter: ContactFilter; onCompose(): void }) {
  const hasAny = useInboxPart(({ inbox }) =>
    Object.values(inbox?.counts ?? {}).some((count) => count > 0),
  );
  return (
    <div className="lc-empty">
      {filter.view !== "open" || isNarrowed(filter) || hasAny ? (
        <EmptyView view={filter.view} isPart={isNarrowed(filter)} />
      ) : (
        <EmptyInbox onCompose={onCompose} />
      )}
    </div>
  );
}

function EmptyView({ view, isPart }: { view: View; isPart: boolean }) {
  const { linkTo } = useContactFilter();
  const { pathname } = useLocation();
  const counts = useInboxPart(({ inbox }) => inbox?.counts);
  const { title, detail } = emptyWords[view];
  const other = view === "open" ? "done" : "open";
  return (
    <>
      <h2>{isPart ? "None fits the filters" : title}</h2>
      <p>{isPart ? `No conversation under “${viewNames[view]}” does.` : detail}</p>
      {isPart ? (
        <Link className="lc-button" to={`${pathname}${linkTo(withoutFilters)}`}>
          Clear the filters
        </Link>
      ) : (
        (counts?.[other] ?? 0) > 0 && (
          <Link className="lc-button" to={`${pathname}${linkTo({ view: other })}`}>
            Show what is {other}
          </Link>
        )
      )}
    </>
  );
}

function EmptyInbox({ onCompose }: { onCompose(): void }) {
  const workspace = useWorkspace();
  const line = useQuery({
    ...twilioConfigQuery(workspace.id),
    enabled: workspace.twilioConnected,
  });
  const number = line.data?.numbers[0]?.phoneNumber;
  useAddressRules();
  return (
    <>
      <h2>No conversations yet</h2>
      {workspace.twilioConnected ? (
        <>
          <p>
            {line.data?.isSimulated ? (
              <>
                Write as a customer from the{" "}
                <Link to={`/w/${workspace.id}/simulator`}>simulator</Link>, and it appears here. Or
                start a conversation yourself.
              </>
            ) : number ? (
              <>
                Text <strong>{showAddress(number)}</strong> from your own phone, and it appears
                here. Or start a conversation yourself.
              </>
            ) : line.data ? (
              "The connected account has no number yet. Get one at Twilio, then sync the numbers in the settings."
            ) : (
              "Texts to your numbers appear here."
            )}
          </p>
          <button type="button" className="lc-button" onClick={onCompose}>
            New conversation
          </button>
          {workspace.role !== "agent" && (
            <Link className="lc-button" to={`/w/${workspace.id}/settings/people`}>
              Invite people
            </Link>
          )}
        </>
      ) : workspace.role === "agent" ? (
        <p>They begin once an admin has connected a phone line.</p>
      ) : (
        <>
          <p>
            First this inbox needs a phone line: a number of yours, or one of the built-in simulator
            to try things out.
          </p>
          <Link className="lc-button" to={`/w/${workspace.id}/connect`}>
            Connect a phone line
          </Link>
        </>
      )}
    </>
  );
}
