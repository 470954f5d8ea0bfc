/** The second net: whatever looks like a secret does not leave the server. */
import type { SourceState, WatchEvent, WatchView } from "../domain/watch.ts";

/** The view with each text in it made clean. */
export function redactedView(view: WatchView, clean: (text: string) => string): WatchView {
  // The shape stays the same: only texts change.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const redact = <T>(value: T): T => redacted(value, clean) as T;

  return {
    sources: (): readonly SourceState[] => redact(view.sources()),
    events: (after): readonly WatchEvent[] => redact(view.events(after)),
    subscribe: (listener) => view.subscribe(listener),
    request: (request) => view.request(request),
    wake: (source) => view.wake(source),
    loops: () => view.loops(),
    trouble: () => redact(view.trouble()),
  };
}

function redacted(value: unknown, clean: (text: string) => string): unknown {
  if (typeof value === "string") {
    return clean(value);
  }
  if (Array.isArray(value)) {
    return value.map((item) => redacted(item, clean));
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, redacted(item, clean)]),
    );
  }
  return value;
}
