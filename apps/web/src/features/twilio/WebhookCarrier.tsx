import { Button, Stack } from "@chakra-ui/react";
import { type TwilioConfig, webhookPlan } from "@livechat/shared";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { LuHash, LuLayers } from "react-icons/lu";
import { apiRequest } from "../../api/client.ts";
import { invalidateLine, webhookPlanQuery } from "../../api/twilio-queries.ts";
import { ChoiceGroup } from "../../components/ChoiceGroup.tsx";
import { Notice } from "../../components/Notice.tsx";
import { CarrierRefusal } from "./CarrierRefusal.tsx";
import { ProposalList } from "./ProposalList.tsx";

interface WebhookCarrierProps {
  workspaceId: string;
  webhookType: TwilioConfig["webhookType"];
}

/** Whether numbers or services carry the webhook; what that would change at Twilio is shown before it is. */
export function WebhookCarrier({ workspaceId, webhookType }: WebhookCarrierProps) {
  const queries = useQueryClient();
  const [takeOver, setTakeOver] = useState<string[]>([]);
  const path = `/api/workspaces/${workspaceId}/twilio/webhooks`;
  const plan = useQuery(webhookPlanQuery(workspaceId));
  const refresh = () => invalidateLine(queries, workspaceId);
  const choose = useMutation({
    mutationFn: (next: TwilioConfig["webhookType"]) =>
      apiRequest({
        method: "PATCH",
        path: "/api/twilio/config",
        body: { workspaceId, webhookType: next },
      }),
    onSuccess: refresh,
  });
  const apply = useMutation({
    mutationFn: (sids: string[]) =>
      apiRequest({ method: "POST", path, body: { sids, takeOver }, response: webhookPlan }),
    onSettled: refresh,
  });
  const open = plan.data?.proposals.filter(({ isSet }) => !isSet) ?? [];
  const chosen = open.filter(({ sid, isForeign }) => !isForeign || takeOver.includes(sid));
  const failure = choose.error ?? apply.error ?? plan.error;
  return (
    <Stack gap="4">
      <ChoiceGroup
        label="Who tells Twilio where texts go"
        value={choose.isPending ? choose.variables : webhookType}
        onChange={(next) => choose.mutate(next)}
        choices={[
          {
            value: "per_number",
            label: "Each number",
            icon: LuHash,
            hint: "Numbers carry the address",
          },
          {
            value: "global",
            label: "The service",
            icon: LuLayers,
            hint: "Messaging Services carry it for their numbers",
          },
        ]}
      />
      {failure && <CarrierRefusal error={failure} />}
      {plan.data && open.length === 0 && (
        <Notice kind="info">Nothing needs to change at Twilio.</Notice>
      )}
      {open.length > 0 && (
        <>
          <ProposalList
            label="What would change at Twilio"
            proposals={open}
            takeOver={takeOver}
            onTakeOver={setTakeOver}
          />
          <Button
            alignSelf="start"
            colorPalette="accent"
            disabled={chosen.length === 0}
            loading={apply.isPending}
            loadingText="Setting…"
            onClick={() => apply.mutate(chosen.map(({ sid }) => sid))}
          >
            {chosen.length > 1 ? `Set all ${chosen.length} at Twilio` : "Set it at Twilio"}
          </Button>
        </>
      )}
    </Stack>
  );
}
