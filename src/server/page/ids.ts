/** The ids of what stands on the page. A source or an environment may have any name, such as `main`. */

export function sourceId(source: string): string {
  return `source-${source}`;
}

/** Names have no colon. */
export function partId(source: string, part: string): string {
  return `${sourceId(source)}:${part}`;
}

/** Names have no slash. */
export function environmentId(source: string, environment: string): string {
  return `${sourceId(source)}/${environment}`;
}
