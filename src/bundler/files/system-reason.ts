/** Why the system refused a file, in words and without the path of this machine. */

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EISDIR: "it is a directory",
  ELOOP: "its symbolic links lead in a circle",
  EMFILE: "too many files are open",
  ENAMETOOLONG: "its name is too long",
  ENOENT: "it does not exist",
  ENOTDIR: "a part of its path is not a directory",
  ENXIO: "it is a socket, not a file",
  EPERM: "permission denied",
};

/** The reason that a system error gives; its code where there are no words for it. */
export function systemReason(error: unknown): string {
  const code = errorCode(error);

  return code === undefined ? "unknown reason" : (REASONS[code] ?? code);
}

/** The code of a system error, such as `ENOENT`; undefined for all other errors. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : undefined;
}
