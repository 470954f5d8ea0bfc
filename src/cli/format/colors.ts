/** Marks up a text for a terminal, or leaves it as it is. */
export interface Colors {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
}

const plain = (text: string): string => text;

export const NO_COLORS: Colors = {
  bold: plain,
  dim: plain,
  red: plain,
  green: plain,
  yellow: plain,
};

/** The colours of a terminal; loads the package that makes them only when they are wanted. */
export async function loadColors(isWanted: boolean): Promise<Colors> {
  if (!isWanted) {
    return NO_COLORS;
  }
  const { createColors } = (await import("picocolors")).default;
  return createColors(true);
}
