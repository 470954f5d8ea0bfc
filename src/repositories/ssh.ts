/** How ssh is started for a repository. */
import type { Credentials } from "./settings.ts";

/**
 * ssh that asks nobody, trusts no unknown host and notices a dead connection. What the user's own
 * ssh_config says otherwise, such as a jump host, holds. `extra` are options like `Port=22`.
 */
export function sshCommand(
  { sshKeyFile, knownHostsFile }: Credentials,
  extra: readonly string[] = [],
): string {
  const options = [
    ...extra,
    "BatchMode=yes",
    "ConnectTimeout=10",
    "ServerAliveInterval=5",
    "ServerAliveCountMax=3",
    "StrictHostKeyChecking=yes",
    // A master in the background would outlive us.
    "ControlMaster=no",
    "ControlPath=none",
    "ForwardAgent=no",
    "PermitLocalCommand=no",
    ...(knownHostsFile === undefined
      ? []
      : [`UserKnownHostsFile=${sshWord(knownHostsFile)}`, "GlobalKnownHostsFile=/dev/null"]),
    ...(sshKeyFile === undefined
      ? []
      : [`IdentityFile=${sshWord(sshKeyFile)}`, "IdentitiesOnly=yes"]),
  ];

  return ["ssh", ...options.flatMap((option) => ["-o", quote(option)])].join(" ");
}

/** ssh splits some values at spaces, and replaces `%` in them. */
function sshWord(path: string): string {
  const literal = path.replaceAll("%", "%%");

  return literal.includes(" ") ? `"${literal}"` : literal;
}

/** For the shell that git uses and for svn's own reading, which only knows quotes around whole words. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
