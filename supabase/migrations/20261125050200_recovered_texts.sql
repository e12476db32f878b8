-- What went out after the copy that a database was put back from is at Twilio alone, and is read from there.

alter table public.workspace_twilio_config
  -- Between these two moments texts may have gone out that this database knows nothing of.
  add column gap_from timestamptz,
  add column gap_until timestamptz,
  add constraint workspace_twilio_config_gap_check check ((gap_from is null) = (gap_until is null));

alter table public.messages
  -- Read from Twilio's list: nobody knows who wrote it.
  add column is_recovered boolean not null default false;
