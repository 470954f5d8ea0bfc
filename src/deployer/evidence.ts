/** What tells, after a crash, which definitions took effect. */
import { DatabaseError } from "../domain/errors.ts";
import type { Evidence } from "../domain/ports.ts";
import type { Access } from "./read-history.ts";

/** Asks the server; undefined where definitions are part of transactions. */
export async function evidenceOf({ query, dialect }: Access): Promise<Evidence | undefined> {
  const { evidence } = dialect;

  try {
    return evidence?.read(await query(evidence.query));
  } catch (error) {
    if (error instanceof DatabaseError) {
      return "fingerprint";
    }
    throw error;
  }
}
