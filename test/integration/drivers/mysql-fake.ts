/** A server of the tests that speaks MySQL's protocol and does what no real one would. */
import { createServer, type AddressInfo, type Server } from "node:net";

/** The bodies of the packets that answer a query. */
export type Answer = (sql: string) => readonly Buffer[];

export interface FakeServer {
  readonly port: number;
  /** Everything that clients sent it after the log-in, in order, without the heads of packets. */
  readonly heard: Buffer[];
  close(): void;
}

/** Lets everybody in. */
export async function startFakeMysql(answer: Answer): Promise<FakeServer> {
  const heard: Buffer[] = [];
  const server = createServer((socket) => {
    let received = 0;
    socket.on("error", () => undefined);
    socket.on("data", (bytes) => {
      received += 1;

      if (received === 1) {
        socket.write(packets([Buffer.from([0, 0, 0, 2, 0, 0, 0])], 2));
        return;
      }

      heard.push(bytes.subarray(4));
      socket.write(packets(answer(bytes.toString("utf8", 5)), 1 + Number(bytes[3])));
    });
    socket.write(packets([GREETING], 0));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  return { port: portOf(server), heard, close: () => server.close() };
}

/** One row of texts. */
export function rowOf(row: Readonly<Record<string, string>>): readonly Buffer[] {
  const names = Object.keys(row);

  return [
    Buffer.from([names.length]),
    ...names.map(columnOf),
    END_OF_ROWS,
    Buffer.concat(Object.values(row).map(text)),
    END_OF_ROWS,
  ];
}

/** What a server sends for `LOAD DATA LOCAL`, and may send for any query. */
export function requestFor(file: string): readonly Buffer[] {
  return [Buffer.concat([Buffer.from([0xfb]), Buffer.from(file)])];
}

export function errorOf(errno: number, message: string): Buffer {
  const head = Buffer.from([0xff, errno & 0xff, errno >> 8]);

  return Buffer.concat([head, Buffer.from(message)]);
}

export function packets(bodies: readonly Buffer[], first: number): Buffer {
  return Buffer.concat(
    bodies.flatMap((body, at) => {
      const head = Buffer.alloc(4);
      head.writeUIntLE(body.length, 0, 3);
      head[3] = first + at;
      return [head, body];
    }),
  );
}

const END_OF_ROWS = Buffer.from([0xfe, 0, 0, 2, 0]);

/** Protocol 10; the flags are those that every server since 4.1 has. */
export const GREETING = Buffer.concat([
  Buffer.from("\x0a8.0.99\0\x01\0\0\0saltsalt\0"),
  Buffer.from([0xff, 0xa7, 0x21, 0x02, 0, 0x0b, 0, 21]),
  Buffer.alloc(10),
  Buffer.from("twelve bytes\0mysql_native_password\0"),
]);

function columnOf(name: string): Buffer {
  const names = ["def", "", "", "", name, name].map(text);

  return Buffer.concat([...names, Buffer.from([0x0c, 45, 0, 0, 1, 0, 0, 0xfd, 0, 0, 0, 0, 0])]);
}

function text(value: string): Buffer {
  return Buffer.concat([Buffer.from([Buffer.byteLength(value)]), Buffer.from(value)]);
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
