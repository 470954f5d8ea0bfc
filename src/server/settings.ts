/** What the server is told at its start. */
import type { Secret } from "../domain/secret.ts";

export interface ServeSettings {
  /** Port 0 is any that is free. */
  readonly listen: { readonly host: string; readonly port: number };
  /** What whoever changes something must know; undefined when nobody may. */
  readonly token: Secret | undefined;
  /** By the name of the source; one without has no address for webhooks. */
  readonly hooks: ReadonlyMap<string, Hook>;
  /** Of Rowgate itself. */
  readonly version: string;
  /**
   * Names that the server goes by, beside those of this machine itself: a reverse proxy sends them.
   * They matter only when it listens to this machine alone; none unless given.
   */
  readonly hosts?: readonly string[] | undefined;
  /** A held or failed source makes the watcher unready; true unless given. */
  readonly holdsUnready?: boolean | undefined;
  /** Hears what the watcher does not: who was turned away, and bugs of the server. */
  readonly onNote?: ((note: ServerNote) => void) | undefined;
}

export type HookKind = "github" | "gitlab" | "gitea" | "bitbucket" | "generic";

/** How one source is told of pushes. */
export interface Hook {
  readonly kind: HookKind;
  readonly secret: Secret;
}

export interface ServerNote {
  readonly code: "hook.accepted" | "hook.rejected" | "login.rejected" | "request.made" | "bug";
  readonly level: "info" | "warn" | "error";
  /** One sentence; free of secrets. */
  readonly message: string;
  readonly data: Readonly<Record<string, unknown>>;
}
