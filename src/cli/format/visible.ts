/** Text of files and servers, which must not steer the terminal that shows it. */

const PICTURES = 0x24_00;
const DELETE = 0x7f;

/**
 * The text with each control character as one sign that shows it (`␛` for escape); tabs and line
 * feeds stay.
 */
export function visible(text: string): string {
  return text.replaceAll(/(?![\t\n])\p{Cc}/gu, (sign) => {
    const code = sign.codePointAt(0) ?? 0;

    if (code < 0x20) {
      return String.fromCodePoint(PICTURES + code);
    }
    return code === DELETE ? "\u2421" : "\uFFFD";
  });
}
