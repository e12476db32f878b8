import { useState } from "react";
import { useShortcut } from "../../components/shortcuts/use-shortcut.ts";
import { Contacts } from "../../features/contacts/Contacts.tsx";
import { NewConversationDialog } from "../../features/livechat/NewConversationDialog.tsx";

/** Everyone whom the workspace texts with or knows. */
export function ContactsPage() {
  const [isAdding, setIsAdding] = useState(false);
  useShortcut("newConversation", () => setIsAdding(true));
  return (
    <>
      <Contacts onAdd={() => setIsAdding(true)} />
      {isAdding && <NewConversationDialog onClose={() => setIsAdding(false)} />}
    </>
  );
}
