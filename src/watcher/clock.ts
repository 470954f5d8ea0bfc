/** The time of this machine. */
import { sleep } from "../system/sleep.ts";
import type { Clock } from "./ports.ts";

export const systemClock: Clock = {
  wall: () => Date.now(),
  steady: () => performance.now(),
  sleep,
  random: () => Math.random(),
};
