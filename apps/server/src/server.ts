import { createServer } from "node:http";
import type { DestinationStream } from "pino";
import { cannedReplyEndpoints } from "./canned-replies/canned-replies.routes.ts";
import type { Config } from "./config.ts";
import { contactEndpoints } from "./contacts/contacts.routes.ts";
import { conversationEndpoints } from "./contacts/conversations.routes.ts";
import { importEndpoints } from "./contacts/imports.routes.ts";
import { registerContactJobs } from "./contacts/register-contact-jobs.ts";
import type { Context } from "./context.ts";
import { createApp } from "./http/app.ts";
import { closeHttp, listen } from "./http/listen.ts";
import { signInRoutes } from "./http/sign-in.routes.ts";
import { createLog } from "./log.ts";
import { mediaEndpoints, mediaRoutes } from "./media/media.routes.ts";
import { registerMediaJobs } from "./media/register-media-jobs.ts";
import { createSignUpGuard } from "./members/guard-sign-up.ts";
import { memberEndpoints } from "./members/members.routes.ts";
import { consentEndpoints } from "./messages/consents.routes.ts";
import { exportRoutes } from "./messages/export.routes.ts";
import { mergeEndpoints } from "./messages/merges.routes.ts";
import { messageEndpoints } from "./messages/messages.routes.ts";
import { noticeRestore } from "./messages/notice-restore.ts";
import { registerMessageJobs } from "./messages/register-message-jobs.ts";
import { sendEndpoints } from "./messages/send.routes.ts";
import { sendingEndpoints } from "./messages/sending.routes.ts";
import { noteEndpoints } from "./notes/notes.routes.ts";
import { checkKeys } from "./platform/check-keys.ts";
import { openKeyFile } from "./platform/embedded.ts";
import { createJobs } from "./platform/jobs.ts";
import { createPrintingMailer, createSmtpMailer, type Mailer } from "./platform/mail.ts";
import { createMediaStore } from "./platform/media-store.ts";
import { migrate, prepareBareDatabase } from "./platform/migrate.ts";
import { openDatabase } from "./platform/open-database.ts";
import { createSignIn } from "./platform/sign-in.ts";
import { createTokenVerifier, deriveTokenSecrets } from "./platform/tokens.ts";
import { eventEndpoints } from "./realtime/events.routes.ts";
import { forgetEvents } from "./realtime/forget-events.ts";
import { attachHub } from "./realtime/hub.ts";
import { savedViewEndpoints } from "./saved-views/saved-views.routes.ts";
import { searchEndpoints } from "./search/search.routes.ts";
import { forgetSeen } from "./seen/forget-seen.ts";
import { seenEndpoints } from "./seen/seen.routes.ts";
import { simulatorEndpoints } from "./simulator/simulator.routes.ts";
import { startSimulator } from "./simulator/start-simulator.ts";
import { type Stop, stopAll } from "./stop-all.ts";
import { tagEndpoints } from "./tags/tags.routes.ts";
import { errorEndpoints } from "./twilio/errors.routes.ts";
import { phoneLineEndpoints } from "./twilio/phone-line.routes.ts";
import { quarantineEndpoints } from "./twilio/quarantine.routes.ts";
import { registerLineJobs } from "./twilio/register-line-jobs.ts";
import { registerTwilioJobs } from "./twilio/register-twilio-jobs.ts";
import { statusRoutes } from "./twilio/status.routes.ts";
import { twilioEndpoints } from "./twilio/twilio.routes.ts";
import { createTwilioGateway } from "./twilio/twilio-client.ts";
import { webhookRoutes } from "./twilio/webhook.routes.ts";
import { version } from "./version.ts";
import { workspaceEndpoints } from "./workspaces/workspaces.routes.ts";

/** A server that answers requests. */
export interface RunningServer {
  port: number;
  context: Context;
  /** Answers what has begun, tells browsers to reconnect, lets jobs end, and stops; within 10 seconds. */
  close(): Promise<void>;
}

export interface StartOptions {
  /** Where the log goes; standard output when absent. */
  logTo?: DestinationStream;
  /** Where mails go; by the settings when absent. */
  mailer?: Mailer;
}

/**
 * Starts everything, in the order in which one part needs the other, and takes
 * requests last. Throws ConfigError when a setting, a folder, the database, Redis or the port
 * can't be used.
 */
export async function startServer(
  config: Config,
  options: StartOptions = {},
): Promise<RunningServer> {
  const log = createLog(config.logLevel, options.logTo);
  const stops: Stop[] = [];
  const isClosing = { now: false };
  try {
    const database = await openDatabase(config);
    stops.push({ name: "database", stop: () => database.close() });
    if (config.platform.kind !== "supabase") await prepareBareDatabase(database);
    const applied = await migrate(database);
    if (applied.length > 0) log.info({ applied }, "the database is up to date");
    const doubtful = await noticeRestore(database);
    if (doubtful !== null) log.warn({ doubtful }, "the database was put back from a copy");

    const keys = config.secretsKeys ?? (await openKeyFile(config.platform.dataFolder));
    await checkKeys(database, keys, config, log);
    const jobs = createJobs(database, log);
    const simulator = config.isSimulatorOn
      ? await startSimulator({ database, keys, config, log })
      : null;
    if (simulator) stops.push({ name: "simulator", stop: () => simulator.close() });
    const context: Context = {
      config,
      log,
      database,
      keys,
      tokens: createTokenVerifier(config.platform, keys),
      jobs,
      mediaStore: createMediaStore(config.platform),
      twilio: createTwilioGateway({
        simulatorOrigin: simulator?.origin ?? null,
        isSimulated: (accountSid) => simulator?.recognise(accountSid) ?? false,
        apiUrl: config.twilioApiUrl,
      }),
    };

    const backFill = registerTwilioJobs(context);
    const app = createApp(context, {
      version,
      endpoints: [
        ...workspaceEndpoints,
        ...memberEndpoints,
        ...contactEndpoints,
        ...importEndpoints,
        ...conversationEndpoints,
        ...mergeEndpoints,
        ...noteEndpoints,
        ...tagEndpoints,
        ...messageEndpoints,
        ...consentEndpoints,
        ...searchEndpoints,
        ...cannedReplyEndpoints,
        ...savedViewEndpoints,
        ...seenEndpoints,
        ...sendEndpoints,
        ...sendingEndpoints,
        ...mediaEndpoints,
        ...eventEndpoints,
        ...twilioEndpoints,
        ...phoneLineEndpoints,
        ...errorEndpoints,
        ...quarantineEndpoints,
        ...(simulator ? simulatorEndpoints : []),
      ],
      webhooks: [
        webhookRoutes({
          database,
          keys,
          baseUrl: config.baseUrl,
          jobs,
          onFailure: (error) => {
            log.error({ err: error }, "a webhook could not be stored");
            backFill.noteOutage();
          },
        }),
        statusRoutes(context),
      ],
      binaries: [mediaRoutes(context), exportRoutes(context)],
      signIn: openSignIn(context, options.mailer),
      isClosing: () => isClosing.now,
    });
    registerMediaJobs(context);
    registerContactJobs(context);
    jobs.work("sweep", () => forgetEvents(database));
    jobs.work("sweep", () => forgetSeen(context));
    const dispatches = registerMessageJobs(context);
    // Stops run backwards: a job that still runs may start a dispatch.
    stops.push({ name: "texts on their way", stop: () => dispatches.close() });
    stops.push({ name: "texts that were missed", stop: () => backFill.close() });
    const examinations = registerLineJobs(context);
    stops.push({ name: "examinations of phone lines", stop: () => examinations.close() });
    await jobs.start();
    stops.push({ name: "jobs", stop: () => jobs.stop() });

    const httpServer = createServer(app);
    const hub = await attachHub(context, httpServer);
    stops.push({
      name: "requests",
      stop: async () => {
        await Promise.all([closeHttp(httpServer), hub.close()]);
      },
    });
    const port = await listen(httpServer, config);
    log.info({ port, platform: config.platform.kind, version }, "the server takes requests");

    let closed: Promise<void> | undefined;
    return {
      port,
      context,
      close: () => {
        isClosing.now = true;
        closed ??= stopAll(stops, log);
        return closed;
      },
    };
  } catch (error) {
    await stopAll(stops, log);
    throw error;
  }
}

function openSignIn({ config, database, keys }: Context, mailer: Mailer | undefined) {
  if (config.platform.kind === "supabase") return null;
  const signIn = createSignIn({
    database,
    jwtSecret: deriveTokenSecrets(keys)[0],
    baseUrl: config.baseUrl,
    mail: mailer ?? createMailer(config),
  });
  return signInRoutes({ config, signIn, guardSignUp: createSignUpGuard(config, database) });
}

function createMailer({ smtpUrl, baseUrl }: Config): Mailer {
  if (smtpUrl) return createSmtpMailer(smtpUrl, baseUrl);
  return createPrintingMailer((text) => process.stdout.write(text));
}
