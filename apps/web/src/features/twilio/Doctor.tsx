import { Badge, Box, Button, Flex, Heading, Stack, Text } from "@chakra-ui/react";
import { formatAddress, type LineFinding, type LineMend, type LineReport } from "@livechat/shared";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { LuCircleCheck, LuRefreshCw, LuStethoscope, LuTriangleAlert } from "react-icons/lu";
import { lineReportQuery } from "../../api/twilio-queries.ts";
import { ConfirmDialog } from "../../components/ConfirmDialog.tsx";
import { Notice } from "../../components/Notice.tsx";
import { CarrierRefusal } from "./CarrierRefusal.tsx";
import { describeAgo } from "./describe-time.ts";
import { FindingRow } from "./FindingRow.tsx";
import { useMendLine } from "./use-mend-line.ts";
import { WebhookChanges } from "./WebhookChanges.tsx";

interface DoctorProps {
  workspaceId: string;
  /** Differs when the server has found something else: then it is looked at again. */
  changedAt: string | null;
  /** Opens the form for new credentials. */
  onReconnect: () => void;
}

type Question = Extract<LineMend, { action: "set_webhook" }>;

/** The whole phone line at a glance: what is right, what is wrong, and one button to mend each. */
export function Doctor({ workspaceId, changedAt, onReconnect }: DoctorProps) {
  const report = useQuery(lineReportQuery(workspaceId));
  const mend = useMendLine(workspaceId);
  const [question, setQuestion] = useState<Question | null>(null);
  const seenAt = useRef(changedAt);
  const { refetch } = report;
  useEffect(() => {
    if (seenAt.current === changedAt) return;
    seenAt.current = changedAt;
    void refetch();
  }, [changedAt, refetch]);

  const carryOut = (wanted: LineMend) => {
    switch (wanted.action) {
      case "reconnect":
        onReconnect();
        return;
      case "open":
        return;
      case "set_webhook":
        if (wanted.question !== null) {
          mend.reset();
          setQuestion(wanted);
        } else mend.mutate(wanted);
        return;
      default:
        mend.mutate(wanted);
    }
  };
  const isMending = (wanted: LineMend | null) =>
    mend.isPending && wanted !== null && JSON.stringify(mend.variables) === JSON.stringify(wanted);

  if (report.isPending) return <Waiting />;
  if (report.isError)
    return (
      <Stack align="start">
        <CarrierRefusal error={report.error} />
        <Button variant="outline" onClick={() => void report.refetch()}>
          Try again
        </Button>
      </Stack>
    );
  const { refused, changes } = report.data;
  const groups = listGroups(report.data);
  return (
    <Stack gap="5">
      <Summary
        report={report.data}
        isExamining={report.isFetching}
        onExamine={() => void report.refetch()}
      />
      {mend.error && !question && <CarrierRefusal error={mend.error} />}
      {groups.toSorted(compareGroups).map(({ key, findings, ...group }) => (
        <Group key={key} {...group}>
          <Findings findings={findings} of={group.title} isMending={isMending} onMend={carryOut} />
        </Group>
      ))}
      {refused.length > 0 && (
        <Group title="Refused" detail="What came to the webhook and was not let in.">
          <Stack as="ul" gap="0" listStyleType="none">
            {refused.map(({ kind, reason, detail, times, lastAt }) => (
              <Box as="li" key={`${kind} ${reason}`} paddingY="2">
                <Text overflowWrap="anywhere">{detail}</Text>
                <Text color="fg.muted" fontSize="sm">
                  {kind === "inbound" ? "A text" : "A delivery report"} · last {describeAgo(lastAt)}
                  {times > 1 && ` · ${times} times`}
                </Text>
              </Box>
            ))}
          </Stack>
        </Group>
      )}
      <WebhookChanges workspaceId={workspaceId} changes={changes} />
      <ConfirmDialog
        isOpen={question !== null}
        title="Take its texts over?"
        detail={question?.question ?? ""}
        confirmLabel="Take over"
        isBusy={mend.isPending}
        error={mend.error?.message}
        onConfirm={() => question && mend.mutate(question, { onSuccess: () => setQuestion(null) })}
        onClose={() => setQuestion(null)}
      />
    </Stack>
  );
}

const order: Record<LineFinding["severity"], number> = { error: 0, warning: 1, hint: 2, ok: 3 };

interface FindingGroup {
  key: string;
  title: string;
  badge?: string;
  detail?: string;
  findings: readonly LineFinding[];
}

function listGroups({ account, services, numbers }: LineReport): FindingGroup[] {
  return [
    { key: "account", title: "Account and server", findings: account },
    ...services.map(({ sid, name, numbers: members, findings }) => ({
      key: sid,
      title: name,
      badge: "Messaging Service",
      detail: members.map((number) => formatAddress(number)).join(", "),
      findings,
    })),
    ...numbers.map((number) => ({
      key: number.sid,
      title: formatAddress(number.phoneNumber),
      detail: describeNumber(number),
      findings: number.findings,
    })),
  ];
}

/** What is worst comes first; among equals the order stays. */
function compareGroups(a: FindingGroup, b: FindingGroup): number {
  return rankOf(a) - rankOf(b);
}

function rankOf({ findings }: FindingGroup): number {
  // A hint is no reason to move.
  return Math.min(order.hint, ...findings.map(({ severity }) => order[severity]));
}

function describeNumber({
  friendlyName,
  phoneNumber,
  serviceName,
  lastWebhookAt,
}: LineReport["numbers"][number]) {
  const parts = [
    friendlyName !== phoneNumber && friendlyName,
    serviceName && `in ${serviceName}`,
    lastWebhookAt && `last text ${describeAgo(lastWebhookAt)}`,
  ].filter(Boolean);
  return parts.join(" · ");
}

function Waiting() {
  return (
    <Flex gap="3" align="center" color="fg.muted" role="status" paddingY="4">
      <LuStethoscope size={20} aria-hidden />
      Looking at the account and every number…
    </Flex>
  );
}

interface SummaryProps {
  report: LineReport;
  isExamining: boolean;
  onExamine: () => void;
}

function Summary({ report, isExamining, onExamine }: SummaryProps) {
  const { problemCount, lastWebhookAt, examinedAt } = report;
  const isWell = problemCount === 0;
  const Icon = isWell ? LuCircleCheck : LuTriangleAlert;
  return (
    <Flex gap="4" align="center" wrap="wrap">
      <Flex
        boxSize="11"
        borderRadius="full"
        align="center"
        justify="center"
        flexShrink="0"
        bg={isWell ? "accent.subtle" : "bubble.failed"}
        color={isWell ? "accent.fg" : "bubble.failedFg"}
      >
        <Icon size={22} aria-hidden />
      </Flex>
      <Box flex="1" minWidth="11rem">
        <Text fontSize="lg" fontWeight="semibold" letterSpacing="-0.015em" role="status">
          {isWell
            ? "Everything is in order"
            : problemCount === 1
              ? "One thing needs attention"
              : `${problemCount} things need attention`}
        </Text>
        <Text color="fg.muted" fontSize="sm">
          {lastWebhookAt ? `Last text came in ${describeAgo(lastWebhookAt)}` : "No text yet"} ·
          examined {describeAgo(examinedAt)}
        </Text>
      </Box>
      <Button
        variant="outline"
        size="sm"
        loading={isExamining}
        loadingText="Looking…"
        onClick={onExamine}
      >
        <LuRefreshCw aria-hidden /> Examine again
      </Button>
    </Flex>
  );
}

interface GroupProps {
  title: string;
  badge?: string;
  detail?: string;
  children: ReactNode;
}

function Group({ title, badge, detail, children }: GroupProps) {
  const headingId = useId();
  return (
    <Stack
      as="section"
      aria-labelledby={headingId}
      gap="1"
      borderTopWidth="1px"
      borderColor="hairline"
      paddingTop="4"
    >
      <Flex gap="2" align="center" wrap="wrap">
        <Heading as="h3" size="sm" id={headingId} minWidth="0" overflowWrap="anywhere">
          <bdi>{title}</bdi>
        </Heading>
        {badge && <Badge variant="subtle">{badge}</Badge>}
      </Flex>
      {detail && (
        <Text color="fg.muted" fontSize="sm" overflowWrap="anywhere">
          {detail}
        </Text>
      )}
      {children}
    </Stack>
  );
}

interface FindingsProps {
  findings: readonly LineFinding[];
  of: string;
  isMending: (mend: LineMend | null) => boolean;
  onMend: (mend: LineMend) => void;
}

function Findings({ findings, of, isMending, onMend }: FindingsProps) {
  if (findings.length === 0)
    return <Notice kind="info">Twilio could not be asked about this.</Notice>;
  const sorted = findings.toSorted((a, b) => order[a.severity] - order[b.severity]);
  return (
    <Stack as="ul" gap="0" listStyleType="none">
      {sorted.map((finding) => (
        <FindingRow
          key={finding.code}
          finding={finding}
          of={of}
          isBusy={isMending(finding.mend)}
          onMend={onMend}
        />
      ))}
    </Stack>
  );
}
