/** What a person can do about a source: buttons for whoever is signed in, commands for everybody. */
import type { EnvironmentProgress, SourceState } from "../../domain/watch.ts";
import { type Html, markup } from "./html.ts";
import { partId } from "./ids.ts";
import { count } from "./words.ts";

export interface Viewer {
  /** What forms have to bring along; undefined when nobody is signed in. */
  readonly csrf: string | undefined;
  readonly by: string | undefined;
  /** Whether anybody could sign in. */
  readonly canSignIn: boolean;
}

export function actions(source: SourceState, { csrf, canSignIn }: Viewer): Html | undefined {
  if (csrf === undefined) {
    return canSignIn
      ? markup`<p class="hint"><a href="/login">Sign in</a> to approve, pause, or try again.</p>`
      : undefined;
  }

  const form = { source: source.name, csrf };
  const waiting = awaitingApproval(source);
  const { state } = source.candidate ?? {};
  const canRetry = state === "failed" || state === "held" || state === "rejected";

  return markup`
    ${waiting && approval(form, waiting)}
    ${canRetry && button({ ...form, action: "retry", label: "Try again", isMain: true })}
    ${
      source.paused === undefined
        ? withReason({ ...form, action: "pause", label: "Pause", question: "Why is it paused?" })
        : button({ ...form, action: "resume", label: "Resume", isMain: true })
    }
    ${button({ ...form, action: "sync", label: "Look now", isMain: false })}`;
}

/** The environment whose plan waits for an approval; undefined when none does. */
function awaitingApproval({ candidate }: SourceState): EnvironmentProgress | undefined {
  return candidate?.environments.find(
    ({ state, reason }) => state === "waiting" && reason?.code === "approval",
  );
}

interface Form {
  readonly source: string;
  readonly csrf: string;
}

function approval(form: Form, { name, plan, targets }: EnvironmentProgress): readonly Html[] {
  const behind = targets.filter(({ state }) => state !== "deployed");
  const most = Math.max(0, ...behind.map(({ pending }) => pending));
  const note = `${count(most, "block")} on ${count(behind.length, "target")}`;

  return [
    button({ ...form, action: "approve", label: `Approve for ${name}`, isMain: true, plan, note }),
    withReason({
      ...form,
      action: "reject",
      label: "Reject",
      question: "Why is it rejected?",
      plan,
    }),
  ];
}

interface Button extends Form {
  readonly action: string;
  readonly label: string;
  readonly isMain: boolean;
  readonly plan?: string | undefined;
  /** What is done by it, for whoever cannot see the squares. */
  readonly note?: string | undefined;
}

function button({ source, csrf, action, label, isMain, plan, note }: Button): Html {
  const style = isMain && markup` class="main"`;
  const more = note !== undefined && markup` <small>${note}</small>`;

  return markup`
    <form method="post" action="/api/${source}/${action}">
      ${hidden(csrf, plan)}
      <button id="${partId(source, action)}"${style}>${label}<span class="hidden">: ${source}</span>${more}</button>
    </form>`;
}

interface Question extends Form {
  readonly action: string;
  readonly label: string;
  readonly question: string;
  readonly plan?: string | undefined;
}

function withReason({ source, csrf, action, label, question, plan }: Question): Html {
  const id = partId(source, action);

  return markup`
    <details>
      <summary id="${id}">${label}<span class="hidden">: ${source}</span>…</summary>
      <form method="post" action="/api/${source}/${action}">
        ${hidden(csrf, plan)}
        <label for="${id}-reason">${question}</label>
        <input id="${id}-reason" name="reason" maxlength="500" autocomplete="off">
        <button>${label}</button>
      </form>
    </details>`;
}

function hidden(csrf: string, plan: string | undefined): Html {
  const bound = plan !== undefined && markup`<input type="hidden" name="plan" value="${plan}">`;
  return markup`<input type="hidden" name="csrf" value="${csrf}">${bound}`;
}
