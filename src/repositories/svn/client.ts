/** The program svn, which is asked one question at a time. */
import { redactSecrets } from "../../domain/redact.ts";
import type { Address } from "../address.ts";
import { readLogin, type Login } from "../credentials.ts";
import { inherited, type Environment } from "../environment.ts";
import { runProgram, type ProgramResult } from "../program.ts";
import { TIMEOUTS, type RepositorySettings } from "../settings.ts";
import { sshCommand } from "../ssh.ts";
import { brokenOff } from "../summary.ts";
import { svnFailure } from "./errors.ts";

export interface SvnPlace {
  /** An empty folder. */
  readonly home: string;
  /** Of svn itself, instead of the user's: no passwords, and nobody's settings. */
  readonly config: string;
}

export interface SvnOptions {
  readonly address: Address;
  readonly settings: RepositorySettings;
  readonly place: SvnPlace;
  readonly env: Environment;
}

interface Call {
  readonly args: readonly string[];
  readonly login: Login | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export class SvnClient {
  readonly #options: SvnOptions;

  constructor(options: SvnOptions) {
    this.#options = options;
  }

  /** What svn prints for a question. @throws NothingThere, and RowgateError as the port says. */
  ask(args: readonly string[], signal: AbortSignal): Promise<string> {
    return this.#run(args, this.#options.settings.timeouts?.probeMs ?? TIMEOUTS.probeMs, signal);
  }

  /** As `ask`, for what may take its time. */
  bring(args: readonly string[], signal: AbortSignal): Promise<string> {
    return this.#run(args, this.#options.settings.timeouts?.fetchMs ?? TIMEOUTS.fetchMs, signal);
  }

  async #run(args: readonly string[], timeoutMs: number, signal: AbortSignal): Promise<string> {
    const { address, settings, env } = this.#options;
    const login = await readLogin(settings.credentials ?? {}, address, env);

    if (login !== undefined && address.scheme.startsWith("http")) {
      await this.#refuseRedirect(args, timeoutMs, signal);
    }

    const { code, stdout, stderr } = await this.#call({ args, login, timeoutMs, signal });
    if (code !== 0) {
      throw svnFailure(address.url, stderr);
    }

    return stdout;
  }

  /**
   * svn follows a host that says it has moved, wherever that leads, and gives the password to whoever
   * is there. Without a password it says where it was led to.
   */
  async #refuseRedirect(
    args: readonly string[],
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<void> {
    const url = args.find((each) => each.includes("://")) ?? this.#options.address.url;
    const { stdout, stderr } = await this.#call({
      args: ["info", url],
      login: undefined,
      timeoutMs,
      signal,
    });

    const said = `${stdout}\n${stderr}`;
    const [redirect] = /^Redirecting to URL .*$/m.exec(said) ?? [];

    if (redirect !== undefined) {
      throw svnFailure(this.#options.address.url, redirect);
    }
  }

  async #call({ args, login, timeoutMs, signal }: Call): Promise<ProgramResult> {
    const { address, settings, place, env } = this.#options;
    const result = await runProgram({
      command: "svn",
      args: [...args, ...commonOptions(this.#options, login)],
      env: {
        ...inherited(env),
        HOME: place.home,
        // Names of files in any language.
        LC_ALL: "C.UTF-8",
        SVN_SSH: sshCommand(settings.credentials ?? {}, portOptions(address)),
      },
      cwd: place.home,
      input: login === undefined ? "" : `${login.password.reveal()}\n`,
      timeoutMs,
      signal,
    });

    if (result.broken !== undefined) {
      throw brokenOff(address.url, result.broken, timeoutMs);
    }

    const secrets = login === undefined ? [] : [login.password.reveal()];
    return { ...result, stderr: redactSecrets(result.stderr, secrets) };
  }
}

/** svn gives ssh a port as if it were part of the host's name. */
function portOptions({ host }: Address): readonly string[] {
  const [, name, port] = /^(.*):(\d+)$/.exec(host) ?? [];

  return port === undefined ? [] : [`HostName=${name}`, `Port=${port}`];
}

function commonOptions(
  { settings, place }: SvnOptions,
  login: Login | undefined,
): readonly string[] {
  const caFile = settings.credentials?.caFile;
  const config = [
    // Neither a keyring nor the agent of GPG is asked for a password.
    "config:auth:password-stores=",
    "servers:global:http-timeout=20",
    ...(caFile === undefined
      ? []
      : [`servers:global:ssl-authority-files=${caFile}`, "servers:global:ssl-trust-default-ca=no"]),
  ];

  return [
    "--non-interactive",
    "--no-auth-cache",
    "--config-dir",
    place.config,
    ...config.flatMap((option) => ["--config-option", option]),
    ...(login === undefined ? [] : ["--username", login.username, "--password-from-stdin"]),
  ];
}
