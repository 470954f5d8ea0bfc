/** The door to all repositories. */
import type { Repository } from "../domain/repository.ts";
import type { RepositoryOptions, RepositorySettings } from "./settings.ts";

export type { RepositoryOptions, RepositorySettings } from "./settings.ts";

/**
 * A repository that is followed, without asking it anything yet. What is brought here is kept in
 * `cacheDirectory`, which several repositories may share and which may be deleted.
 *
 * @throws RowgateError `config-invalid` for settings that lead nowhere, `program-missing` when the
 * program that talks to such repositories is not on this machine, `cache-unwritable`.
 */
export async function openRepository(
  settings: RepositorySettings,
  cacheDirectory: string,
  options: RepositoryOptions = {},
): Promise<Repository> {
  const { openGitRepository } = await import("./git/repository.ts");
  return openGitRepository(settings, cacheDirectory, options);
}
