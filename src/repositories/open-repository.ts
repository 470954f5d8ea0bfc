/** The door to all repositories. */
import type { Repository } from "../domain/repository.ts";
import type { RepositoryOptions, RepositorySettings } from "./settings.ts";

/**
 * A repository that is followed, without asking it anything yet. What is brought here is kept in
 * `cacheDirectory`, which several repositories may share and which may be deleted.
 *
 * @throws RowgateError `config-invalid` for settings that lead nowhere, `program-missing` when a
 * program that it needs is not on this machine, `cache-unwritable`.
 */
export async function openRepository(
  settings: RepositorySettings,
  cacheDirectory: string,
  options: RepositoryOptions = {},
): Promise<Repository> {
  if (settings.kind === "git") {
    const { openGitRepository } = await import("./git/repository.ts");
    return openGitRepository(settings, cacheDirectory, options);
  }

  const { openSvnRepository } = await import("./svn/repository.ts");
  return openSvnRepository(settings, cacheDirectory, options);
}
