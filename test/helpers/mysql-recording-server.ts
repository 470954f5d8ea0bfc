/** A server that speaks just enough of MySQL's protocol to write down what a client sends. */
import { createServer, type AddressInfo, type Socket } from "node:net";
import type { MysqlKind } from "./mysql-programs.ts";

export interface MysqlRecordingServer {
  readonly port: number;
  /** The text of every query so far, in order. */
  readonly queries: readonly string[];
  close(): Promise<void>;
}

interface Conversation {
  readonly kind: MysqlKind;
  readonly socket: Socket;
  buffer: Buffer;
  isLoggedIn: boolean;
  /** What has come of a message that is larger than a packet can be. */
  readonly parts: Buffer[];
  /** The flags of the session that a client's lexer asks for. */
  status: number;
}

const AUTOCOMMIT = 2;
const NO_BACKSLASH_ESCAPES = 512;
/** MariaDB's flag; MySQL does not use the bit. */
const ANSI_QUOTES = 32768;

const QUERY = 3;
const LARGEST_PACKET = 0xffffff;
const SALT = "a salt of twenty one";

/** The way to log in that each of the two clients has built in. */
const PLUGINS: Readonly<Record<MysqlKind, string>> = {
  mariadb: "mysql_native_password",
  mysql: "caching_sha2_password",
};

/** MySQL's client asks so whether the server knows dollar quotes: a syntax error says yes. */
const DOLLAR_PROBE = /^select \$\$$/i;

/** Starts a server on a free port of this machine; it answers every query of that client with success. */
export async function startMysqlRecordingServer(kind: MysqlKind): Promise<MysqlRecordingServer> {
  const queries: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const conversation: Conversation = {
      kind,
      socket,
      buffer: Buffer.alloc(0),
      isLoggedIn: false,
      parts: [],
      status: AUTOCOMMIT,
    };
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
    socket.on("data", (chunk: Buffer) => {
      conversation.buffer = Buffer.concat([conversation.buffer, chunk]);
      while (answerPacket(conversation, queries)) {
        // The next packet may be here already.
      }
    });
    socket.write(packet(0, greeting(PLUGINS[kind])));
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

/** Whether a whole packet was there. */
function answerPacket(conversation: Conversation, queries: string[]): boolean {
  const { buffer, socket } = conversation;

  if (buffer.length < 4 || buffer.length < 4 + buffer.readUIntLE(0, 3)) {
    return false;
  }
  const end = 4 + buffer.readUIntLE(0, 3);
  const number = buffer.readUInt8(3) + 1;
  conversation.parts.push(buffer.subarray(4, end));
  conversation.buffer = buffer.subarray(end);

  if (end - 4 === LARGEST_PACKET) {
    return true;
  }
  const body = Buffer.concat(conversation.parts.splice(0));

  if (!conversation.isLoggedIn) {
    conversation.isLoggedIn = true;
  } else if (body[0] === QUERY) {
    socket.write(
      packet(number, answerQuery(conversation, body.subarray(1).toString("utf8"), queries)),
    );
    return true;
  }
  socket.write(packet(number, okay(conversation.status)));

  return true;
}

function answerQuery(conversation: Conversation, text: string, queries: string[]): Buffer {
  if (DOLLAR_PROBE.test(text)) {
    return syntaxError();
  }
  queries.push(text);
  conversation.status = statusAfter(text, conversation.status);

  return okay(conversation.status);
}

/** Not by Rowgate's own scanner, which is what the recording is compared with. */
function statusAfter(text: string, status: number): number {
  const mode = /^\s*set\s+sql_mode\s*=\s*'([^']*)'/i.exec(text)?.[1]?.toUpperCase();

  return mode === undefined
    ? status
    : AUTOCOMMIT |
        (mode.includes("NO_BACKSLASH_ESCAPES") ? NO_BACKSLASH_ESCAPES : 0) |
        (mode.includes("ANSI_QUOTES") ? ANSI_QUOTES : 0);
}

function greeting(plugin: string): Buffer {
  const capabilities = 0x000f_a7df | 0x0020_0000;

  return Buffer.concat([
    Buffer.from([10]),
    Buffer.from("8.0.99-recorder\0"),
    Buffer.from([1, 0, 0, 0]),
    Buffer.from(`${SALT.slice(0, 8)}\0`),
    uint16(capabilities & 0xffff),
    Buffer.from([255]),
    uint16(AUTOCOMMIT),
    uint16(capabilities >>> 16),
    Buffer.from([21]),
    Buffer.alloc(10),
    Buffer.from(`${SALT.slice(8)}\0`),
    Buffer.from(`${plugin}\0`),
  ]);
}

function okay(status: number): Buffer {
  return Buffer.concat([Buffer.from([0, 0, 0]), uint16(status), uint16(0)]);
}

function syntaxError(): Buffer {
  return Buffer.concat([Buffer.from([255]), uint16(1064), Buffer.from("#42000syntax error")]);
}

function packet(number: number, body: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUIntLE(body.length, 0, 3);
  header.writeUInt8(number % 256, 3);

  return Buffer.concat([header, body]);
}

function uint16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeUInt16LE(value);

  return buffer;
}
