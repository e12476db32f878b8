import net from "node:net";

/** A statement as it went to Postgres, and its values as SQL writes them. */
export interface RecordedStatement {
  text: string;
  values: string[];
}

export type RecordedTransaction = RecordedStatement[];

export interface Recorder {
  /** The address to connect to instead of the database's own. */
  url: string;
  transactions: RecordedTransaction[];
  close(): Promise<void>;
}

/** Type numbers of Postgres that a client may give its parameters. Others are left to the statement. */
const typeNames: Record<number, string> = {
  16: "bool",
  17: "bytea",
  20: "int8",
  21: "int2",
  23: "int4",
  114: "json",
  701: "float8",
  1184: "timestamptz",
  2950: "uuid",
  3802: "jsonb",
};

/** Stands between a client and Postgres, and keeps every statement of every transaction. */
export async function recordStatements(databaseUrl: string): Promise<Recorder> {
  const target = new URL(databaseUrl);
  const transactions: RecordedTransaction[] = [];
  const sockets = new Set<net.Socket>();
  const server = net.createServer((client) => {
    const upstream = net.connect(Number(target.port || 5432), target.hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => sockets.delete(socket));
    }
    upstream.pipe(client);
    const read = createReader(transactions);
    client.on("data", (bytes) => {
      read(bytes);
      upstream.write(bytes);
    });
    client.on("end", () => upstream.end());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${(server.address() as net.AddressInfo).port}`;
  return {
    url: url.href,
    transactions,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Reads one connection's side of Postgres' protocol. */
function createReader(transactions: RecordedTransaction[]) {
  const prepared = new Map<string, { text: string; types: number[] }>();
  let left = Buffer.alloc(0);
  let isStarted = false;
  let open: RecordedTransaction | null = null;

  function take(statement: RecordedStatement) {
    if (/^\s*begin/i.test(statement.text)) open = [];
    open?.push(statement);
    if (/^\s*commit/i.test(statement.text) && open) {
      transactions.push(open);
      open = null;
    }
    if (/^\s*rollback/i.test(statement.text)) open = null;
  }

  return (bytes: Buffer) => {
    left = Buffer.concat([left, bytes]);
    for (;;) {
      const head = isStarted ? 5 : 4;
      if (left.length < head) return;
      const length = left.readInt32BE(head - 4) + (isStarted ? 1 : 0);
      if (left.length < length) return;
      const body = left.subarray(head, length);
      const kind = isStarted ? String.fromCharCode(left[0] ?? 0) : "startup";
      left = left.subarray(length);
      isStarted = true;
      if (kind === "Q") take({ text: readText(body, 0)[0], values: [] });
      else if (kind === "P") {
        const [name, afterName] = readText(body, 0);
        const [text, afterText] = readText(body, afterName);
        const types = Array.from({ length: body.readInt16BE(afterText) }, (_, at) =>
          body.readInt32BE(afterText + 2 + at * 4),
        );
        prepared.set(name, { text, types });
      } else if (kind === "B") {
        const [, afterPortal] = readText(body, 0);
        const [name, afterName] = readText(body, afterPortal);
        const statement = prepared.get(name);
        if (statement) {
          const values = readValues(body, afterName).map((value, at) =>
            write(value, statement.types[at] ?? 0),
          );
          take({ text: statement.text, values });
        }
      }
    }
  };
}

function readText(body: Buffer, from: number): [text: string, next: number] {
  const end = body.indexOf(0, from);
  return [body.toString("utf8", from, end), end + 1];
}

function readValues(body: Buffer, from: number): (string | null)[] {
  let at = from + 2 + body.readInt16BE(from) * 2;
  const count = body.readInt16BE(at);
  at += 2;
  return Array.from({ length: count }, () => {
    const length = body.readInt32BE(at);
    at += 4;
    if (length === -1) return null;
    at += length;
    return body.toString("utf8", at - length, at);
  });
}

function write(value: string | null, typeNumber: number): string {
  if (value === null) return "null";
  const type = typeNames[typeNumber];
  return `'${value.replaceAll("'", "''")}'${type ? `::${type}` : ""}`;
}
