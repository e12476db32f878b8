import type { Contact } from "@livechat/shared";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { LuUnlink, LuUsers } from "react-icons/lu";
import { useSearchParams } from "react-router";
import { dismissDuplicate, duplicatesQuery, unmergeContact } from "../../api/merge-queries.ts";
import { isolate } from "../../components/isolate.ts";
import { mergeParams } from "../../components/merge-params.ts";
import { showAddress } from "../../components/show-address.ts";
import { toaster } from "../../components/toaster.tsx";
import { explainFailure, useInbox } from "../../realtime/use-inbox.tsx";
import "./merge.css";
import { nameContact } from "../../components/name-contact.ts";

/** The person's further numbers, who else they may be, and the way to merge two contacts. */
export function MergeSection({ contact }: { contact: Contact }) {
  const { store } = useInbox();
  const queries = useQueryClient();
  const [, setParams] = useSearchParams();
  const [busyId, setBusyId] = useState<string | null>(null);
  const { workspaceId } = contact;
  // A changed name or e-mail makes others alike.
  const version = JSON.stringify([contact.name, contact.email, contact.company]);
  const likely = useQuery(duplicatesQuery(workspaceId, contact.id, version)).data?.items[0]?.other;
  const isLikely = likely && !contact.otherNumbers.some((each) => each.contactId === likely.id);

  function openMerge(otherId?: string) {
    setParams(
      (all) => {
        all.set(mergeParams.contact, contact.id);
        if (otherId) all.set(mergeParams.other, otherId);
        return all;
      },
      { replace: true },
    );
  }

  async function run(id: string, failure: string, work: () => Promise<void>) {
    setBusyId(id);
    try {
      await work();
    } catch (error) {
      toaster.create({ type: "error", title: failure, description: explainFailure(error) });
    } finally {
      setBusyId(null);
    }
  }

  const separate = (absorbedId: string) =>
    run(absorbedId, "The number was not separated", async () => {
      const apart = await unmergeContact(workspaceId, contact.id, absorbedId);
      store.putContact(apart.contact);
      store.putContact(apart.restored);
      toaster.create({
        type: "success",
        title: "Separated",
        description: `${isolate(nameContact(apart.restored))} has a conversation of its own again.`,
      });
    });

  const tellApart = (otherId: string) =>
    run(otherId, "This was not saved", async () => {
      await dismissDuplicate(workspaceId, contact.id, otherId);
      await queries.invalidateQueries({ queryKey: ["duplicates", workspaceId] });
    });

  return (
    <section className="lc-merge" aria-label="Numbers and duplicates">
      {contact.otherNumbers.length > 0 && (
        <ul className="lc-card" aria-label="Further numbers">
          {contact.otherNumbers.map((number) => (
            <li key={number.contactId}>
              <span>{number.optedOutAt ? "Opted out" : "Also"}</span>
              <span className="lc-card-value">{showAddress(number.phoneNumber)}</span>
              <button
                type="button"
                className="lc-icon-button"
                aria-label={`Separate ${showAddress(number.phoneNumber)} from this contact`}
                title="Separate from this contact"
                disabled={busyId !== null}
                onClick={() => void separate(number.contactId)}
              >
                <LuUnlink />
              </button>
            </li>
          ))}
        </ul>
      )}
      {likely && isLikely && (
        <div className="lc-merge-hint" role="note">
          <p>
            This may be the same person as{" "}
            <bdi>
              {nameContact(likely)}
              {likely.name && likely.name === contact.name
                ? `, ${showAddress(likely.phoneNumber)}`
                : ""}
            </bdi>
            .
          </p>
          <button type="button" className="lc-button" onClick={() => openMerge(likely.id)}>
            Review…
          </button>
          <button
            type="button"
            className="lc-quiet-button"
            disabled={busyId !== null}
            onClick={() => void tellApart(likely.id)}
          >
            Not the same
          </button>
        </div>
      )}
      <button type="button" className="lc-button" onClick={() => openMerge()}>
        <LuUsers aria-hidden="true" /> Merge with…
      </button>
    </section>
  );
}
