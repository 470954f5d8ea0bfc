import { runLane } from "./lane.ts";

await runLane(0, 2);
