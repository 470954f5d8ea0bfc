/** What a command line may say. */

export type CommandName =
  | "bundle"
  | "deploy"
  | "plan"
  | "status"
  | "verify"
  | "undo"
  | "check"
  | "test"
  | "new"
  | "init"
  | "log"
  | "adopt"
  | "mark"
  | "watch"
  | "watch status"
  | "watch history"
  | "watch pause"
  | "watch resume"
  | "watch sync"
  | "watch approve"
  | "watch reject"
  | "watch retry";

/** The options of all commands, as commander collects them; each command has some of them. */
export interface CliOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;

  readonly url?: string;
  readonly target?: readonly string[];
  readonly versionsTable?: string;

  readonly dialect?: "postgres" | "mysql";
  readonly layout?: string;
  readonly placeholders?: boolean;
  readonly release?: string;
  readonly var?: readonly string[];
  readonly syntaxCheck?: boolean;

  readonly on?: string;
  readonly cuts?: string;
  readonly prove?: boolean;

  readonly undo?: boolean;
  readonly verify?: boolean;
  readonly all?: boolean;
  readonly routine?: string;
  readonly before?: string;

  readonly output?: string;
  readonly form?: "do" | "procedure";

  readonly transaction?: string;
  readonly to?: string;
  readonly dryRun?: boolean;
  readonly outOfOrder?: boolean;
  readonly prune?: boolean;
  readonly lockWait?: string;
  readonly lockTimeout?: string;
  readonly concurrency?: string;

  readonly applied?: boolean;
  readonly pending?: boolean;
  readonly statement?: string;
  readonly reason?: string;

  readonly from?: string;
  readonly fromTable?: string;
  readonly yes?: boolean;

  readonly base?: string;
  readonly rule?: readonly string[];
  readonly strict?: boolean;

  readonly exitCode?: boolean;
  readonly limit?: string;

  readonly once?: boolean;
  readonly logFormat?: "json" | "pretty";
  readonly by?: string;
  readonly plan?: string;
  readonly wait?: boolean;
}
