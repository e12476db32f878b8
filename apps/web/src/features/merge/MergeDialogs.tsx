import { useSearchParams } from "react-router";
import { mergeParams } from "../../api/merge-queries.ts";
import { Duplicates } from "./Duplicates.tsx";
import { MergePicker } from "./MergePicker.tsx";
import { MergeReview } from "./MergeReview.tsx";

/** The dialogs that the address asks for: who is to be merged, with whom, or who may be one person. */
export function MergeDialogs() {
  const [params, setParams] = useSearchParams();
  const contactId = params.get(mergeParams.contact);
  const otherId = params.get(mergeParams.other);

  function show(next: { contact?: string; other?: string; duplicates?: boolean }) {
    setParams(
      (all) => {
        for (const name of Object.values(mergeParams)) all.delete(name);
        if (next.contact) all.set(mergeParams.contact, next.contact);
        if (next.other) all.set(mergeParams.other, next.other);
        if (next.duplicates) all.set(mergeParams.duplicates, "1");
        return all;
      },
      { replace: true },
    );
  }

  if (contactId && otherId) {
    return (
      <MergeReview
        key={`${contactId} ${otherId}`}
        contactId={contactId}
        otherId={otherId}
        onSwap={() => show({ contact: otherId, other: contactId })}
        onClose={() => show({})}
      />
    );
  }
  if (contactId) {
    return (
      <MergePicker
        contactId={contactId}
        onChoose={(other) => show({ contact: contactId, other })}
        onClose={() => show({})}
      />
    );
  }
  return (
    <Duplicates onReview={(contact, other) => show({ contact, other })} onClose={() => show({})} />
  );
}
