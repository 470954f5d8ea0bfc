/** Whether a request means this server: a page of another site may have its own name lead here. */
import { isIP } from "node:net";
import type { ServeSettings } from "./settings.ts";

/**
 * Whoever reaches a server that listens to this machine alone calls it by an address, by `localhost`,
 * or by a name that it was told.
 */
export function isOurName(
  header: string | undefined,
  { listen, hosts = [] }: Pick<ServeSettings, "listen" | "hosts">,
): boolean {
  const name = nameIn(header);
  return (
    !isLoopback(listen.host) ||
    name === "localhost" ||
    name.endsWith(".localhost") ||
    isIP(name) !== 0 ||
    hosts.some((host) => host.toLowerCase() === name)
  );
}

/** Whether only this machine can reach an address. */
function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d+){3}$/.test(host);
}

/** Without the port; empty when there is none. */
function nameIn(header: string | undefined): string {
  return (header ?? "")
    .toLowerCase()
    .replace(/:\d+$/, "")
    .replace(/^\[(.*)\]$/, "$1");
}
