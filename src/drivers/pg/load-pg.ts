/** Loading the package pg. */
import type * as Pg from "pg";

/**
 * The package, loaded when it is first needed.
 *
 * pg asks at once whether it runs in a Cloudflare Worker: by `navigator`, which Node has from
 * version 21 on, or else by building a Response, for which Node loads all of undici. That takes as
 * long as a third of pg itself, so Node 20 gets a `navigator` for as long as pg looks.
 */
export async function loadPg(): Promise<typeof Pg> {
  if ("navigator" in globalThis) {
    return import("pg");
  }

  Object.defineProperty(globalThis, "navigator", {
    value: { userAgent: `Node.js/${process.versions.node}` },
    configurable: true,
  });

  try {
    return await import("pg");
  } finally {
    Reflect.deleteProperty(globalThis, "navigator");
  }
}
