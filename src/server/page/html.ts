/** HTML that is put together from texts nobody has to trust. */

/** Markup as it is; whatever is no `Html` is a text, and is escaped. */
export class Html {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

/** A text, markup, some of them, or nothing. */
export type HtmlValue = string | number | Html | undefined | false | readonly HtmlValue[];

/** Markup with values in it: in the content of elements, and in attributes between quotes. */
export function markup(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(parts.reduce((text, part, index) => text + render(values[index - 1]) + part));
}

/** The text as it is to be read, where markup is expected. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll(/[&<>"'`]/g, (character) => ENTITIES[character] ?? "")
    .replaceAll(UNSEEN, "\u{FFFD}");
}

/** Control characters are not allowed in HTML, apart from white space. */
const UNSEEN = /(?![\t\n\r])\p{Cc}/gu;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
};

function render(value: HtmlValue): string {
  if (value === undefined || value === false) {
    return "";
  }
  if (value instanceof Html) {
    return value.toString();
  }
  return typeof value === "object" ? value.map(render).join("") : escapeHtml(String(value));
}
