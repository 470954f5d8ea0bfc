/** What programs that talk to a repository find around themselves. */

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where programs, proxies, certificates and the agent of ssh are. */
const INHERITED = [
  "PATH",
  "TMPDIR",
  "SSH_AUTH_SOCK",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "http_proxy",
  "https_proxy",
  "HTTPS_PROXY",
  "all_proxy",
  "ALL_PROXY",
  "no_proxy",
  "NO_PROXY",
];

/** Those that are set. */
export function inherited(env: Environment): Readonly<Record<string, string>> {
  const found = INHERITED.flatMap((name): [string, string][] => {
    const value = env[name];
    return value === undefined ? [] : [[name, value]];
  });

  return Object.fromEntries(found);
}
