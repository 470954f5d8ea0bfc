/** How ssh is started for a repository. */
import type { Credentials } from "./settings.ts";

/**
 * ssh that asks nobody, trusts no unknown host and notices a dead connection. What the user's own
 * ssh_config says otherwise, such as a jump host, holds.
 */
export function sshCommand({ sshKeyFile, knownHostsFile }: Credentials): string {
  const options = [
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

  return ["ssh", ...options.map((option) => `-o${shellWord(option)}`)].join(" ");
}

/** ssh splits some values at spaces, and replaces `%` and `${…}` in them. */
function sshWord(path: string): string {
  return `"${path.replaceAll("%", "%%")}"`;
}

function shellWord(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
