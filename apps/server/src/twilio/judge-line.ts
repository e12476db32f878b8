import type {
  FindingCode,
  LineFinding,
  LineReport,
  RefusedWebhook,
  TwilioConfig,
  WebhookChange,
  WebhookProposal,
} from "@livechat/shared";
import type { DomainError } from "../errors.ts";
import { describePublicAddress } from "./describe-public-address.ts";
import type { CarrierAccount, CarrierNumber, CarrierService } from "./line-api.ts";
import { findServiceOf, type Line, proposeFor } from "./plan-webhooks.ts";
import { isFormerAddress, leadsHere } from "./webhook-urls.ts";

/** What Twilio answered, or why it did not. */
export type Outcome<T> = { value: T; error?: never } | { value?: never; error: DomainError };

/** What we know of the line ourselves. */
export interface Known {
  workspaceId: string;
  baseUrl: string;
  /** The carrier is on this machine, and reaches addresses that Twilio would not. */
  isCarrierLocal: boolean;
  webhookType: TwilioConfig["webhookType"];
  messagingServiceSid: string | null;
  nextAuthTokenLast4: string | null;
  lastWebhookAt: Date | null;
  numbers: {
    sid: string;
    phoneNumber: string;
    friendlyName: string | null;
    lastWebhookAt: Date | null;
  }[];
  refused: {
    kind: RefusedWebhook["kind"];
    reason: RefusedWebhook["reason"];
    fact: string | null;
    times: number;
    lastAt: Date;
  }[];
  changes: WebhookChange[];
}

interface Facts {
  account: Outcome<CarrierAccount>;
  line: { line: Outcome<Line>; apiKey: Outcome<true> | null };
  known: Known;
}

/** The doctor's report on these facts. Pure, but for the time of day. */
export function judgeLine({ account, line: { line, apiKey }, known }: Facts): LineReport {
  const findings = [
    ...judgeAccount(account),
    ...(apiKey ? [judgeApiKey(apiKey)] : []),
    ...(known.nextAuthTokenLast4 === null ? [] : [nextTokenWaits(known.nextAuthTokenLast4)]),
    judgeAddress(known),
    ...judgeSending(known, line.value),
    ...judgeWebhooks(known),
  ];
  if (line.error && account.value && !apiKey?.error) findings.push(unreachable(line.error));
  const numbers = judgeNumbers(known, line.value);
  const services = (line.value?.services ?? [])
    .filter(({ numberSids }) => numberSids.length > 0)
    .map((service) => judgeService(service, known, line.value));
  const all = [...findings, ...[...numbers, ...services].flatMap((each) => each.findings)];
  return {
    examinedAt: new Date().toISOString(),
    problemCount: all.filter(({ severity }) => severity === "warning" || severity === "error")
      .length,
    account: findings,
    numbers,
    services,
    lastWebhookAt: known.lastWebhookAt?.toISOString() ?? null,
    refused: known.refused.map(({ kind, reason, fact, times, lastAt }) => ({
      kind,
      reason,
      detail: describeRefusal(reason, fact),
      times,
      lastAt: lastAt.toISOString(),
    })),
    changes: known.changes,
  };
}

function find(
  code: FindingCode,
  severity: LineFinding["severity"],
  title: string,
  rest: Partial<Pick<LineFinding, "detail" | "mend" | "carrierError">> = {},
): LineFinding {
  return { code, severity, title, detail: null, mend: null, carrierError: null, ...rest };
}

const console_ = "https://console.twilio.com";

function judgeAccount({ value, error }: Outcome<CarrierAccount>): LineFinding[] {
  if (error) return [judgeRefusal("auth_token", error)];
  return [
    find("auth_token", "ok", "Twilio accepts the Auth Token"),
    value.status === "active"
      ? find("account_active", "ok", `The account “${value.name}” is active`)
      : find("account_active", "error", `The account is ${value.status}`, {
          detail: "Twilio neither sends nor takes in texts for it. Clear this up with Twilio.",
          mend: { action: "open", url: console_ },
        }),
    ...(value.type === "Trial"
      ? [
          find("account_type", "hint", "This is a trial account", {
            detail:
              "It texts only to numbers that you have verified with Twilio, and adds a note to each text.",
            mend: { action: "open", url: `${console_}/billing/upgrade` },
          }),
        ]
      : []),
  ];
}

function judgeRefusal(code: "auth_token" | "api_key", error: DomainError): LineFinding {
  const carrierError = error.facts.carrierError ?? null;
  switch (error.code) {
    case "twilio_unreachable":
      return unreachable(error);
    case "twilio_account_inactive":
      return find("account_active", "error", "The account is not active", {
        detail: error.detail,
        carrierError,
        mend: { action: "open", url: console_ },
      });
    default:
      return find(
        code,
        "error",
        code === "auth_token"
          ? "Twilio refuses the Auth Token"
          : "Twilio refuses the API key, so no text goes out",
        {
          detail:
            code === "auth_token"
              ? "It was replaced at Twilio. Until it is entered here, no text comes in or goes out."
              : "It was deleted at Twilio, or its secret is wrong. Enter another, or send with the Auth Token.",
          carrierError,
          mend: { action: "reconnect" },
        },
      );
  }
}

function unreachable(error: DomainError): LineFinding {
  return find("twilio_reachable", "warning", "Twilio can't be asked now", {
    detail: error.detail,
    carrierError: error.facts.carrierError ?? null,
  });
}

function judgeApiKey({ error }: Outcome<true>): LineFinding {
  return error
    ? judgeRefusal("api_key", error)
    : find("api_key", "ok", "Twilio accepts the API key");
}

function nextTokenWaits(last4: string): LineFinding {
  return find("next_token", "hint", `The next Auth Token, ending in ${last4}, waits`, {
    detail:
      "Texts are let in whichever of the two signs them. Promote it in the Twilio Console; it takes over here with the next text, or at once with this button.",
    mend: { action: "promote_token" },
  });
}

function judgeAddress({ baseUrl, isCarrierLocal }: Known): LineFinding {
  if (isCarrierLocal) {
    return find("public_address", "ok", "The carrier runs on this machine and reaches this server");
  }
  const kind = describePublicAddress(baseUrl);
  switch (kind) {
    case "public":
      return find("public_address", "ok", `Twilio reaches this server at ${baseUrl}`);
    case "private":
      return find("public_address", "error", `Twilio can't reach ${baseUrl}`, {
        detail:
          "It is an address of this machine or this network. Set BASE_URL to the address that the Internet reaches this server at, and start it again.",
      });
    case "not_https":
      return find("public_address", "error", `${baseUrl} is not HTTPS`, {
        detail: "Texts would travel in the open. Set BASE_URL to a https:// address.",
      });
    default:
      return kind satisfies never;
  }
}

function judgeSending({ messagingServiceSid }: Known, line: Line | undefined): LineFinding[] {
  if (messagingServiceSid === null || !line) return [];
  const service = line.services.find(({ sid }) => sid === messagingServiceSid);
  if (service && service.numberSids.length > 0) {
    return [find("sending_service", "ok", `Texts go out through “${service.name}”`)];
  }
  return [
    find(
      "sending_service",
      "error",
      service
        ? `The service “${service.name}” has no number to send from`
        : "The Messaging Service to send through is gone",
      {
        detail: "Texts can't go out through it. Send straight from your numbers instead.",
        mend: { action: "choose_no_service" },
      },
    ),
  ];
}

const freshMs = 24 * 60 * 60_000;

function judgeWebhooks({ lastWebhookAt, refused }: Known): LineFinding[] {
  const seen = lastWebhookAt
    ? find("webhook_seen", "ok", "Texts arrive here")
    : find("webhook_seen", "hint", "No text has arrived yet", {
        detail: "Text one of your numbers from a phone: it shows here and in the inbox.",
      });
  const telling = refused.find(
    ({ reason, lastAt }) =>
      // Anybody can send what nobody signed.
      reason !== "not_signed" &&
      lastAt.getTime() > Date.now() - freshMs &&
      lastAt > (lastWebhookAt ?? new Date(0)),
  );
  if (!telling) return [seen];
  const detail = describeRefusal(telling.reason, telling.fact);
  return [
    seen,
    find("webhook_refused", "warning", "A webhook was refused after the last good one", {
      detail,
      mend: telling.reason === "wrong_signature" ? { action: "reconnect" } : null,
    }),
  ];
}

function describeRefusal(reason: RefusedWebhook["reason"], fact: string | null): string {
  switch (reason) {
    case "not_signed":
      return "It carried no signature, so it did not come from Twilio.";
    case "wrong_signature":
      return "Its signature fits no Auth Token that is kept here. If Twilio sent it, the token was replaced there: enter it again.";
    case "other_account":
      return `It came from another Twilio account${fact ? `, ${fact}` : ""}. Its number posts here, but only the connected account may.`;
    case "other_address":
      return `It was signed for ${fact ?? "another address"}, which is not BASE_URL. Set BASE_URL to that address.`;
    case "wrong_method":
      return "It came by GET. The number has to post.";
    case "unreadable":
      return "It was no form that could be read.";
    default:
      return reason satisfies never;
  }
}

type NumberReport = LineReport["numbers"][number];

function judgeNumbers(known: Known, line: Line | undefined): NumberReport[] {
  if (!line) {
    return known.numbers.map((number) => ({
      ...presentNumber(number),
      serviceName: null,
      findings: [],
    }));
  }
  const reports: NumberReport[] = known.numbers.map((number) => {
    const there = line.numbers.find(
      ({ sid, phoneNumber }) => sid === number.sid && phoneNumber === number.phoneNumber,
    );
    if (!there) {
      return {
        ...presentNumber(number),
        serviceName: null,
        findings: [
          find("number_present", "error", "This number is no longer in the Twilio account", {
            detail: "It was released or moved. Nothing comes in or goes out with it.",
            mend: { action: "sync_numbers" },
          }),
        ],
      };
    }
    return {
      ...presentNumber(number),
      serviceName: findServiceOf(line, there)?.name ?? null,
      findings: judgeNumber(there, number.lastWebhookAt, known, line),
    };
  });
  for (const there of line.numbers) {
    if (known.numbers.some(({ sid }) => sid === there.sid)) continue;
    reports.push({
      sid: there.sid,
      phoneNumber: there.phoneNumber,
      friendlyName: there.friendlyName,
      serviceName: findServiceOf(line, there)?.name ?? null,
      lastWebhookAt: null,
      findings: [
        find("number_known", "warning", "This number is new in the Twilio account", {
          detail: "It can't be used here before the numbers are read again.",
          mend: { action: "sync_numbers" },
        }),
      ],
    });
  }
  return reports;
}

function presentNumber(number: Known["numbers"][number]) {
  return {
    sid: number.sid,
    phoneNumber: number.phoneNumber,
    friendlyName: number.friendlyName,
    lastWebhookAt: number.lastWebhookAt?.toISOString() ?? null,
  };
}

function judgeNumber(
  number: CarrierNumber,
  lastWebhookAt: Date | null,
  known: Known,
  line: Line,
): LineFinding[] {
  if (!number.capabilities.sms) {
    return [
      find("number_sms", "warning", "This number can't text", {
        detail: "It is for calls only. Get one with SMS in the Twilio Console to text with.",
        mend: { action: "open", url: `${console_}/us1/develop/phone-numbers/manage/search` },
      }),
    ];
  }
  const able = find("number_sms", "ok", number.capabilities.mms ? "Texts and pictures" : "Texts");
  const service = findServiceOf(line, number);
  if (service && !service.usesNumberWebhook) return [able];
  const proposal = proposeFor(line, number.sid, known);
  const seen = lastWebhookAt
    ? []
    : [find("number_seen", "hint", "No text to this number has arrived yet")];
  return [able, ...(proposal ? judgeProposal(proposal, known) : []), ...seen];
}

function judgeService(
  service: CarrierService,
  known: Known,
  line: Line | undefined,
): LineReport["services"][number] {
  const proposal = line ? proposeFor(line, service.sid, known) : null;
  const head = {
    sid: service.sid,
    name: service.name,
    numbers: (line?.numbers ?? [])
      .filter(({ sid }) => service.numberSids.includes(sid))
      .map(({ phoneNumber }) => phoneNumber),
  };
  if (service.usesNumberWebhook) {
    const title = "Leaves texts that come in to its numbers’ own webhooks";
    return { ...head, findings: [find("service_inbound", "ok", title)] };
  }
  if (!proposal) return { ...head, findings: [] };
  if (service.inboundUrl === null) {
    return {
      ...head,
      findings: [
        find("service_inbound", "error", "This service drops every text that comes in", {
          detail:
            "It takes the place of its numbers’ webhooks and has no address itself. Twilio does not even list what was sent to it.",
          mend: mendOf(proposal),
        }),
      ],
    };
  }
  return { ...head, findings: judgeProposal(proposal, known) };
}

/** What is wrong with the address that texts are posted to; at least one finding. */
function judgeProposal(proposal: WebhookProposal, known: Known): LineFinding[] {
  const { target, current } = proposal;
  const mend = mendOf(proposal);
  const name = (rest: "webhook" | "method" | "fallback"): FindingCode => `${target}_${rest}`;
  if (current.applicationSid !== null) {
    return [
      find("number_application", "error", "A TwiML application takes this number’s texts", {
        detail: `Twilio ignores the number’s own webhook while ${current.applicationSid} is set.`,
        mend,
      }),
    ];
  }
  if (current.url === null) {
    return [
      find(name("webhook"), "error", "No webhook is set, so texts don’t arrive here at once", {
        detail: "They are only found when Twilio’s list is read, minutes later.",
        mend,
      }),
    ];
  }
  if (!leadsHere(current.url, known.baseUrl, known.workspaceId)) {
    const isFormer = isFormerAddress(current.url, known.workspaceId);
    return [
      find(
        name("webhook"),
        "error",
        isFormer ? "Texts go to this server’s former address" : "Texts go to another address",
        { detail: current.url, mend },
      ),
    ];
  }
  if (current.method !== "POST") {
    return [
      find(name("method"), "error", "Twilio asks by GET instead of posting", {
        detail: "Texts that come by GET are refused.",
        mend,
      }),
    ];
  }
  const findings = [
    current.url === proposal.proposed.url || proposal.isSet
      ? find(name("webhook"), "ok", "Texts are posted here")
      : find(name("webhook"), "hint", "Twilio does not try again when this server fails", {
          detail: "The address lacks the part that asks Twilio for it.",
          mend,
        }),
  ];
  if (current.fallbackUrl === null) {
    findings.push(
      find(name("fallback"), "warning", "No fallback is set", {
        detail: "When a post fails for good, Twilio has nowhere else to go with the text.",
        mend,
      }),
    );
  }
  return findings;
}

function mendOf({ sid, label, current, isForeign, isSet }: WebhookProposal): LineFinding["mend"] {
  if (isSet) return null;
  const holder = current.applicationSid ?? current.url;
  return {
    action: "set_webhook",
    sid,
    question:
      isForeign && holder !== null
        ? `Texts to ${label} go to ${holder} now. Something else may depend on them. You can take this back later.`
        : null,
  };
}
