/** A connection for a while. */
import type { Connection } from "../domain/ports.ts";
import type { TargetAccess } from "./request.ts";

/** Connects to a target, and closes the connection again. Throws what `connect` and `use` throw. */
export async function withConnection<T>(
  access: TargetAccess,
  use: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await access.connect(access.target.connection);

  try {
    return await use(connection);
  } finally {
    await connection.close();
  }
}
