import { Popover, Portal } from "@chakra-ui/react";
import { conversationStatus } from "@livechat/shared";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { LuListFilter } from "react-icons/lu";
import { useLocation, useNavigate } from "react-router";
import { showAddress } from "../../components/show-address.ts";
import { useInbox, useInboxPart } from "../../realtime/use-inbox.tsx";
import { useMe } from "../../session/use-session.ts";
import "./finding.css";
import { countFilters, type ListChange, useContactFilter } from "./use-contact-filter.ts";

/** Narrows the list, or with words the search, to some conversations and days. */
export function FilterMenu({ words = "" }: { words?: string }) {
  const { filter, searched, linkTo } = useContactFilter();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const [isOpen, setIsOpen] = useState(false);
  const count = countFilters({ filter, searched: { ...searched, words } });
  const change = (to: ListChange) => void navigate(`${pathname}${linkTo({ words, ...to })}`);
  return (
    <Popover.Root
      open={isOpen}
      onOpenChange={({ open }) => setIsOpen(open)}
      positioning={{ placement: "bottom-end" }}
      lazyMount
      unmountOnExit
    >
      <Popover.Trigger asChild>
        <button
          type="button"
          className="lc-icon-button lc-filter-button"
          aria-label={count > 0 ? `Filter, ${count} set` : "Filter"}
          title="Filter"
          data-active={count > 0 || undefined}
        >
          <LuListFilter />
        </button>
      </Popover.Trigger>
      <Portal>
        <Popover.Positioner>
          <Popover.Content width="19rem" borderRadius="12px" aria-label="Filter">
            <Popover.Body padding="4">
              <FilterForm isSearch={words !== ""} onChange={change} />
            </Popover.Body>
          </Popover.Content>
        </Popover.Positioner>
      </Portal>
    </Popover.Root>
  );
}

function FilterForm({
  isSearch,
  onChange,
}: {
  isSearch: boolean;
  onChange(change: ListChange): void;
}) {
  const { filter, searched } = useContactFilter();
  const { store } = useInbox();
  const me = useMe();
  const members = useInboxPart((snapshot) => snapshot.inbox?.members);
  const tags = useInboxPart((snapshot) => snapshot.inbox?.tags);
  const senders = useQuery({
    queryKey: ["senders", store.workspaceId],
    queryFn: () => store.api.listSenders(),
  });
  return (
    <div className="lc-filter-form">
      <Choice
        label="Assigned to"
        value={filter.assignedTo}
        onChange={(assignedTo) => onChange({ assignedTo })}
      >
        {[...(members?.values() ?? [])].map(({ userId, displayName }) => (
          <option key={userId} value={userId}>
            {userId === me.userId ? `${displayName} (you)` : displayName}
          </option>
        ))}
      </Choice>
      <Choice label="Our number" value={filter.line} onChange={(line) => onChange({ line })}>
        {senders.data?.items.map(({ address, label }) => (
          <option key={address} value={address}>
            {label === address ? showAddress(address) : label}
          </option>
        ))}
      </Choice>
      <Choice label="Tag" value={filter.tagId} onChange={(tagId) => onChange({ tagId })}>
        {[...(tags?.values() ?? [])]
          .sort((a, b) => a.name.localeCompare(b.name))
          .map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
      </Choice>
      <Choice
        label="Status"
        value={filter.status}
        onChange={(value) =>
          onChange({ status: value === null ? null : conversationStatus.parse(value) })
        }
      >
        {conversationStatus.options.map((status) => (
          <option key={status}>{status}</option>
        ))}
      </Choice>
      {isSearch && (
        <div className="lc-filter-days">
          <label>
            <span>From</span>
            <input
              type="date"
              value={searched.from ?? ""}
              max={searched.to ?? undefined}
              onChange={(event) => onChange({ from: event.target.value || null })}
            />
          </label>
          <label>
            <span>Until</span>
            <input
              type="date"
              value={searched.to ?? ""}
              min={searched.from ?? undefined}
              onChange={(event) => onChange({ to: event.target.value || null })}
            />
          </label>
        </div>
      )}
      <label className="lc-filter-check">
        <input
          type="checkbox"
          checked={filter.isUnread ?? false}
          onChange={(event) => onChange({ isUnread: event.target.checked ? true : null })}
        />
        Unread only
      </label>
    </div>
  );
}

function Choice({
  label,
  value,
  onChange,
  children,
}: {
  label: string;
  value: string | undefined;
  onChange(value: string | null): void;
  children: ReactNode;
}) {
  return (
    <label>
      <span>{label}</span>
      <select value={value ?? ""} onChange={(event) => onChange(event.target.value || null)}>
        <option value="">Any</option>
        {children}
      </select>
    </label>
  );
}
