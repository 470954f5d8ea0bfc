/** What svn answers with `--xml`. */
import { XMLParser } from "fast-xml-parser";
import { z } from "zod";

/** What stands at a URL. */
export interface SvnInfo {
  readonly uuid: string;
  /** The URL of the whole repository. */
  readonly root: string;
  readonly kind: "dir" | "file";
}

export interface LogEntry {
  readonly revision: number;
  /** As the repository keeps them; empty where it does not tell. */
  readonly author: string;
  readonly date: string;
  readonly message: string;
  /** Only of a log that was asked for them. */
  readonly paths: readonly ChangedPath[];
}

export interface ChangedPath {
  readonly path: string;
  /** Added, deleted, replaced or modified. */
  readonly action: string;
  /** Where it was copied from. */
  readonly from: string | undefined;
}

export interface ListEntry {
  /** Below the URL that was listed. */
  readonly path: string;
  readonly kind: "dir" | "file";
  readonly size: number;
  readonly revision: string;
  readonly date: string;
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "",
  // Names may begin and end with spaces, and look like numbers.
  trimValues: false,
  parseTagValue: false,
  parseAttributeValue: false,
  // Numbered ones are decoded with them alone.
  htmlEntities: true,
  isArray: (name) => ["entry", "logentry", "path", "property"].includes(name),
});

const text = z.string().default("");
const kind = z.enum(["dir", "file"]);
/** Between the elements there are line ends. */
const container = { "#text": z.string().optional() };

const infoAnswer = z.object({
  info: z.object({
    entry: z.tuple([
      z.object({ kind, repository: z.object({ root: z.string(), uuid: z.string() }) }),
    ]),
  }),
});

const logAnswer = z.object({
  log: z.object({
    ...container,
    logentry: z
      .array(
        z.object({
          revision: z.coerce.number(),
          author: text,
          date: text,
          msg: text,
          paths: z
            .object({
              path: z.array(
                z.object({
                  "#text": z.string(),
                  action: z.string(),
                  "copyfrom-path": z.string().optional(),
                }),
              ),
            })
            .optional(),
        }),
      )
      .default([]),
  }),
});

const listAnswer = z.object({
  lists: z.object({
    list: z.object({
      entry: z
        .array(
          z.object({
            kind,
            name: z.string(),
            size: z.coerce.number().default(0),
            commit: z.object({ revision: z.string(), date: text }),
          }),
        )
        .default([]),
    }),
  }),
});

const propertyAnswer = z.object({
  properties: z.object({
    revprops: z.object({ property: z.array(z.object({ "#text": z.string() })) }).optional(),
  }),
});

export function parseInfo(xml: string): SvnInfo {
  const [entry] = infoAnswer.parse(parser.parse(xml)).info.entry;

  return { ...entry.repository, kind: entry.kind };
}

/** In the order of the answer; empty where there are none. */
export function parseLog(xml: string): readonly LogEntry[] {
  const { logentry } = logAnswer.parse(withoutEmpty(parser.parse(xml), "log")).log;

  return logentry.map(({ revision, author, date, msg, paths }) => ({
    revision,
    author,
    date,
    message: msg,
    paths: (paths?.path ?? []).map((path) => ({
      path: path["#text"],
      action: path.action,
      from: path["copyfrom-path"],
    })),
  }));
}

export function parseList(xml: string): readonly ListEntry[] {
  const { entry } = listAnswer.parse(parser.parse(xml)).lists.list;

  return entry.map(({ name, kind: what, size, commit }) => ({
    path: name,
    kind: what,
    size,
    revision: commit.revision,
    date: commit.date,
  }));
}

/** The value of the only property of an answer; undefined when there is none. */
export function parseProperty(xml: string): string | undefined {
  return propertyAnswer.parse(parser.parse(xml)).properties.revprops?.property[0]?.["#text"];
}

/** An element without anything in it is a text to the parser. */
function withoutEmpty(answer: unknown, name: string): unknown {
  return z.object({ [name]: z.string() }).safeParse(answer).success ? { [name]: {} } : answer;
}
