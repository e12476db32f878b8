-- A signed request that could not be used stays open until it is used or an admin sets it aside.

alter table public.webhook_receipts
  add column settled_as text check (settled_as in ('processed', 'dismissed')),
  add column settled_at timestamptz,
  add column settled_by uuid,
  -- How often it was tried again, and when last.
  add column tries integer not null default 0 check (tries >= 0),
  add column tried_at timestamptz,
  add check ((settled_as is null) = (settled_at is null)),
  add check (settled_as is null or outcome = 'quarantined');

create index webhook_receipts_quarantine_idx
  on public.webhook_receipts (workspace_id, created_at desc, id desc)
  where outcome = 'quarantined' and settled_as is null;

-- Admins set aside what they have looked at; that it was processed only the server says.
grant update (settled_as, settled_at, settled_by) on public.webhook_receipts to authenticated;
create policy "admins dismiss their quarantined receipts" on public.webhook_receipts
  for update to authenticated
  using (
    workspace_id = any (array(select private.my_admin_workspaces()))
    and outcome = 'quarantined' and settled_as is null
  )
  with check (
    workspace_id = any (array(select private.my_admin_workspaces()))
    and settled_as = 'dismissed' and settled_by = (select auth.uid())
  );
