import { isIP } from "node:net";

/** Whether what is sent to a host, or to the socket of a path, stays on this machine. */
export function isLocal(host: string): boolean {
  return (
    host.startsWith("/") ||
    host === "::1" ||
    (isIP(host) === 4 && host.startsWith("127.")) ||
    /^(?:.+\.)?localhost$/i.test(host)
  );
}
