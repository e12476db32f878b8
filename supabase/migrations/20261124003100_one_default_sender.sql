-- What texts go out from by default is said in one place: workspace_sending.default_sender.

alter table public.workspace_twilio_config drop column messaging_service_sid;
