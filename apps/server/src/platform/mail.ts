import nodemailer from "nodemailer";

/** A mail to one person. */
export interface Mail {
  to: string;
  subject: string;
  text?: string;
}

/** Brings mails on their way. */
export interface Mailer {
  send(mail: Mail): Promise<void>;
}

/** Sends through this server; `?from=` in its address names the sender. Throws what the server says. */
export function createSmtpMailer(smtpUrl: string, baseUrl: string): Mailer {
  const server = new URL(smtpUrl);
  const from = server.searchParams.get("from") ?? `no-reply@${new URL(baseUrl).hostname}`;
  server.searchParams.delete("from");
  const transport = nodemailer.createTransport(server.href);
  return {
    send: async ({ to, subject, text }) => {
      await transport.sendMail({ from, to, subject, text });
    },
  };
}

/** Shows mails where the program was started, for an installation that has no mail server. */
export function createPrintingMailer(print: (text: string) => void): Mailer {
  return {
    send: async ({ to, subject, text }) => {
      const line = "-".repeat(72);
      print(
        [
          "",
          line,
          "No SMTP_URL is set, so this mail is shown here instead of being sent.",
          `To:      ${to}`,
          `Subject: ${subject}`,
          "",
          text ?? "",
          line,
          "",
        ].join("\n"),
      );
    },
  };
}
