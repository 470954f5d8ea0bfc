/** A server that speaks just enough of PostgreSQL's protocol to write down what a client sends. */
import { createServer, type AddressInfo, type Socket } from "node:net";

/** One message of a client, and the COPY data that followed it. */
export interface RecordedQuery {
  readonly text: string;
  /** One entry for each COPY FROM STDIN in the text; often empty. */
  readonly copies: readonly string[];
}

export interface RecordingServer {
  readonly port: number;
  /** Everything so far, in order. */
  readonly queries: readonly RecordedQuery[];
  close(): Promise<void>;
}

/** What one connection is in the middle of. */
interface Conversation {
  readonly socket: Socket;
  buffer: Buffer;
  started: boolean;
  text: string;
  copies: string[];
  /** How many COPY FROM STDIN of the text still want their data. */
  due: number;
  data: Buffer[];
}

/** Not by Rowgate's own scanner, which is what the recording is compared with. */
const COPY_FROM_CLIENT = /(?:^|;)\s*copy\s+\w+\s*(?:\([^)]*\)\s*)?from\s+std(?:in|out)\b/gi;

const SSL_REQUEST = 80877103;
const GSS_REQUEST = 80877104;

/** Starts a server on a free port of this machine; it answers every statement with success. */
export async function startRecordingServer(): Promise<RecordingServer> {
  const queries: RecordedQuery[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const conversation: Conversation = {
      socket,
      buffer: Buffer.alloc(0),
      started: false,
      text: "",
      copies: [],
      due: 0,
      data: [],
    };
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
    socket.on("data", (chunk: Buffer) => {
      conversation.buffer = Buffer.concat([conversation.buffer, chunk]);
      answerAll(conversation, queries);
    });
  });

  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });

  return {
    port: (server.address() as AddressInfo).port,
    queries,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) {
          socket.destroy();
        }
        server.close(() => resolve());
      }),
  };
}

function answerAll(conversation: Conversation, queries: RecordedQuery[]): void {
  while (answerOne(conversation, queries)) {
    // The next message may be here already.
  }
}

/** Whether a whole message was there. */
function answerOne(conversation: Conversation, queries: RecordedQuery[]): boolean {
  const { buffer, started } = conversation;
  const header = started ? 5 : 4;

  if (buffer.length < header) {
    return false;
  }
  const end = buffer.readInt32BE(header - 4) + (started ? 1 : 0);
  if (buffer.length < end) {
    return false;
  }
  const body = buffer.subarray(header, end);
  conversation.buffer = buffer.subarray(end);

  if (started) {
    answerMessage(conversation, { type: String.fromCharCode(buffer[0] ?? 0), body }, queries);
  } else {
    answerStartup(conversation, body.readInt32BE(0));
  }

  return true;
}

function answerStartup(conversation: Conversation, code: number): void {
  if (code === SSL_REQUEST || code === GSS_REQUEST) {
    conversation.socket.write("N");
    return;
  }
  conversation.started = true;
  conversation.socket.write(
    Buffer.concat([
      message("R", int32(0)),
      parameter("server_version", "15.0"),
      parameter("server_encoding", "UTF8"),
      parameter("client_encoding", "UTF8"),
      parameter("standard_conforming_strings", "on"),
      message("K", Buffer.concat([int32(1), int32(1)])),
      readyForQuery(),
    ]),
  );
}

function answerMessage(
  conversation: Conversation,
  { type, body }: { readonly type: string; readonly body: Buffer },
  queries: RecordedQuery[],
): void {
  if (type === "Q") {
    conversation.text = body.subarray(0, -1).toString("utf8");
    conversation.copies = [];
    conversation.due = copiesIn(conversation.text);
    finishOrAsk(conversation, queries);
  } else if (type === "d") {
    conversation.data.push(Buffer.from(body));
  } else if (type === "c" || type === "f") {
    conversation.copies.push(Buffer.concat(conversation.data).toString("utf8"));
    conversation.data = [];
    conversation.due -= 1;
    conversation.socket.write(commandComplete("COPY 0"));
    finishOrAsk(conversation, queries);
  }
}

function finishOrAsk(conversation: Conversation, queries: RecordedQuery[]): void {
  const { socket, text, copies, due } = conversation;

  if (due > 0) {
    // Text format, no columns.
    socket.write(message("G", Buffer.from([0, 0, 0])));
    return;
  }
  queries.push({ text, copies });
  const answers = copies.length === 0 ? [commandComplete("SELECT 0")] : [];
  socket.write(Buffer.concat([...answers, readyForQuery()]));
}

function copiesIn(text: string): number {
  const bare = text.replaceAll(/--[^\n]*|\/\*[^]*?\*\//g, " ");

  return (bare.match(COPY_FROM_CLIENT) ?? []).length;
}

function message(type: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
}

function parameter(name: string, value: string): Buffer {
  return message("S", Buffer.from(`${name}\0${value}\0`));
}

function commandComplete(tag: string): Buffer {
  return message("C", Buffer.from(`${tag}\0`));
}

function readyForQuery(): Buffer {
  return message("Z", Buffer.from("I"));
}

function int32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);

  return buffer;
}
