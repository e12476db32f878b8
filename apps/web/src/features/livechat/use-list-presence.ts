import { useMemo } from "react";
import { useInboxPart } from "../../realtime/use-inbox.tsx";
import { useMe } from "../../session/use-session.ts";

/** Who else of the team is at a conversation. */
interface PresentPeople {
  typing: readonly string[];
  viewing: readonly string[];
}

/** The teammates at each conversation, by the contact's id; only where there is one. */
export function useListPresence(): ReadonlyMap<string, PresentPeople> {
  const me = useMe();
  const people = useInboxPart((snapshot) => snapshot.people);
  return useMemo(() => {
    const byContact = new Map<string, { typing: string[]; viewing: string[] }>();
    const at = (id: string) => {
      const known = byContact.get(id) ?? { typing: [], viewing: [] };
      byContact.set(id, known);
      return known;
    };
    for (const person of people) {
      if (person.userId === me.userId || person.isAway) continue;
      if (person.typingContactId) at(person.typingContactId).typing.push(person.displayName);
      if (person.viewingContactId) at(person.viewingContactId).viewing.push(person.displayName);
    }
    return byContact;
  }, [people, me.userId]);
}
