/** The border of a tree. */
import { isAbsolute, relative, sep } from "node:path";

/** Whether a file lies in the tree, symbolic links followed. Both are real paths. */
export function isInside(root: string, file: string): boolean {
  const path = relative(root, file);

  return path !== ".." && !path.startsWith(`..${sep}`) && !isAbsolute(path);
}
