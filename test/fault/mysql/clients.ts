/** The two ways to deploy to MariaDB and MySQL, as runs that can be broken off. */
import { tmpdir } from "node:os";
import { deployTarget } from "../../../src/deployer/deploy-target.ts";
import { startRowgate } from "../../helpers/cli.ts";
import { collect, type RunResult } from "../../helpers/run.ts";
import { accessTo } from "../../integration/deployer-setup.ts";
import type { Outcome } from "../clients.ts";
import type { Form } from "./forms.ts";
import type { Site } from "./site.ts";

export const CLIENTS = ["native", "deployer"] as const;
export type Client = (typeof CLIENTS)[number];

/** A deployment on its way. */
export interface Running {
  readonly outcome: Promise<Outcome>;
  readonly isOver: () => boolean;
  /** Ends it without any warning: SIGKILL for a process; a deployer in this process gives up. */
  readonly end: () => void;
}

/** Starts a deployment in the quickest way: the deployer in this process. */
export function startClient(client: Client, form: Form, site: Site): Running {
  return client === "native" ? startNative(form, site) : startDeployer(form, site);
}

/** Starts the native client of the server with the script. */
function startNative({ text }: Form, { db, proxy }: Site): Running {
  const options = db.engine.kind === "mysql" ? MYSQL_OPTIONS : MARIADB_OPTIONS;
  const child = db.startClient([...options, `--port=${proxy.port}`]);

  return running(
    collect(child, text).then(({ code, stderr }) => ({ ok: code === 0, said: stderr, hint: "" })),
    () => child.kill("SIGKILL"),
  );
}

/** TLS would only take time. Without it the client has to ask for the key to send the password with. */
const MYSQL_OPTIONS = ["--ssl-mode=DISABLED", "--get-server-public-key"];

/** Unless told otherwise, the client leaves comments out, in routines too. */
const MARIADB_OPTIONS = ["--skip-ssl", "--comments"];

/** Starts the deployer in this process. */
function startDeployer({ tree, dialect }: Form, { db, proxy }: Site): Running {
  const controller = new AbortController();
  const deployment = deployTarget({
    ...accessTo(db, { url: proxy.url(db.url) }),
    dialect,
    bundle: tree.bundle,
    options: OPTIONS_OF_DEPLOYER,
    signal: controller.signal,
    onEvent: () => {},
  });

  return running(
    deployment.then(({ error }) => ({
      ok: error === undefined,
      said: error === undefined ? "" : `[${error.code}] ${error.message}`,
      hint: error?.hint ?? "",
    })),
    () => controller.abort(),
  );
}

const OPTIONS_OF_DEPLOYER = {
  lockWaitMs: 60_000,
  lockTimeoutMs: 10_000,
  transaction: "release",
  to: undefined,
  outOfOrder: false,
  dryRun: false,
} as const;

/** Starts the command line, which deploys the source as it is. */
export function startCommand({ tree }: Form, { db, proxy }: Site): Running {
  const child = startRowgate(
    ["deploy", tree.root, "--release", "1.0", "--url", proxy.url(db.url)],
    { cwd: tmpdir() },
  );

  return running(collect(child).then(outcomeOfCommand), () => child.kill("SIGKILL"));
}

function outcomeOfCommand({ code, stdout, stderr }: RunResult): Outcome {
  return { ok: code === 0, said: `${stdout}${stderr}`, hint: "" };
}

function running(outcome: Promise<Outcome>, end: () => void): Running {
  let isOver = false;
  void outcome.finally(() => {
    isOver = true;
  });

  return { outcome, isOver: () => isOver, end };
}
