/** How often each address may knock: a bucket of tokens that fills again with time. */

export interface RateLimit {
  /** Takes a token; false when there is none. */
  take(address: string): boolean;
  /** Whether there is a token, without taking it. */
  has(address: string): boolean;
}

export interface RateLimitOptions {
  /** The size of a bucket, and how much is filled in within a minute. */
  readonly perMinute: number;
  /** Milliseconds, on a clock that never jumps. */
  readonly now: () => number;
}

/** So many addresses are remembered; beyond it the one that was not seen for longest is forgotten. */
export const REMEMBERED_ADDRESSES = 10_000;

interface Bucket {
  readonly tokens: number;
  readonly at: number;
}

export function createRateLimit({ perMinute, now }: RateLimitOptions): RateLimit {
  // In the order in which they were used last.
  const buckets = new Map<string, Bucket>();

  const tokensOf = (key: string): number => {
    const bucket = buckets.get(key);
    const filled = bucket === undefined ? perMinute : refilled(bucket, now(), perMinute);
    return Math.min(perMinute, filled);
  };

  return {
    has: (address) => tokensOf(networkOf(address)) >= 1,

    take(address) {
      const key = networkOf(address);
      const tokens = tokensOf(key);
      buckets.delete(key);
      buckets.set(key, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now() });

      const oldest = buckets.keys().next();
      if (buckets.size > REMEMBERED_ADDRESSES && oldest.done !== true) {
        buckets.delete(oldest.value);
      }
      return tokens >= 1;
    },
  };
}

/** The address itself, or the /64 of an IPv6 address: one host may have as many as it likes of it. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined || !address.includes(":")) {
    return mapped ?? address;
  }

  const [before = "", after] = address.toLowerCase().split("%")[0]?.split("::") ?? [];
  const [first, last] = [groupsOf(before), groupsOf(after)];
  const zeros = after === undefined ? 0 : Math.max(0, 8 - first.length - last.length);
  return [...first, ...Array.from({ length: zeros }, () => "0"), ...last].slice(0, 4).join(":");
}

/** The groups of a part of an IPv6 address, without leading zeros. */
function groupsOf(part = ""): readonly string[] {
  return part === "" ? [] : part.split(":").map((group) => group.replace(/^0+(?=.)/, ""));
}

function refilled({ tokens, at }: Bucket, now: number, perMinute: number): number {
  return tokens + ((now - at) / 60_000) * perMinute;
}
