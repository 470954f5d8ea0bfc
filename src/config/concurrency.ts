import { RowgateError } from "../domain/errors.ts";

/**
 * How many targets are deployed to at the same time. `name` says in the error whose value it is.
 *
 * @throws RowgateError `usage-invalid`, when the text is no whole number from 1 to 1000.
 */
export function parseConcurrency(text: string, name: string): number {
  const value = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (value < 1 || value > 1000) {
    throw new RowgateError("usage-invalid", {
      message: `${name} is "${text}", which is not a whole number from 1 to 1000`,
      hint: "Give the number of targets to deploy to at the same time.",
    });
  }
  return value;
}
