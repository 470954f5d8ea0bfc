/** Names what failed once more right before the summary, where the end of a long log shows it. */
import type { TestEvent } from "node:test/reporters";
import { inspect } from "node:util";

/** The events as they come; before the runner's summary, a diagnostic for each failed test. */
export async function* namingFailures(events: AsyncIterable<TestEvent>): AsyncGenerator<TestEvent> {
  const failures: string[] = [];

  for await (const event of events) {
    if (event.type === "test:fail") {
      const cause = causeOf(event.data.details.error);

      if (cause !== undefined) {
        failures.push(`failed: ${event.data.name}: ${cause}`);
      }
    } else if (event.type === "test:diagnostic" && event.data.message.startsWith("tests ")) {
      for (const message of failures.splice(0)) {
        yield { type: "test:diagnostic", data: { ...event.data, message } };
      }
    }

    yield event;
  }
}

/** What went wrong, on one line; undefined where only tests inside have failed. */
function causeOf(error: Error & { failureType?: string }): string | undefined {
  if (error.failureType === "subtestsFailed") {
    return undefined;
  }

  const cause = messageOf(error.cause).replaceAll(/\s+/g, " ").slice(0, 500);

  return `${error.failureType ?? "failure"}: ${cause}`;
}

/** What comes from another process may have lost its prototype. */
function messageOf(cause: unknown): string {
  const { message = cause }: { message?: unknown } = Object(cause);

  return typeof message === "string" ? message : inspect(message);
}
