/** A text that nobody may see by accident: printed, inspected or serialised it is `***`. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The text itself, for the one who needs it. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return "***";
  }

  toJSON(): string {
    return this.toString();
  }

  /** What `console.log` and other tools of Node show. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}
