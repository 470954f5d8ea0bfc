/** What holds while files of one tree are read, as in one run of the database's client. */
import { newClientState } from "../../scan/mysql-lexis.ts";
import { createTextHash } from "../files/checksum.ts";
import type { Session, SessionState, Tree } from "./rules.ts";

export type { Session, SessionState, Tree, Variables } from "./rules.ts";

/** The state that a client would start with. */
export function firstState(tree: Tree): SessionState {
  const values = Object.entries(tree.values).map(([name, value]) => [name, String(value)] as const);

  return { variables: new Map(values), client: newClientState() };
}

export function copyState({ variables, client }: SessionState): SessionState {
  return { variables: new Map(variables), client: { ...client } };
}

/** A session that starts with a copy of `state` and tells nobody what it meets. */
export function createSession(tree: Tree, state: SessionState): Session {
  return {
    ...copyState(state),
    tree,
    open: [],
    hash: createTextHash(),
    onFile: ignore,
    onNote: ignore,
  };
}

function ignore(): void {
  // Whoever wants to hear it replaces this.
}
