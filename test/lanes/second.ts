import { runLane } from "./lane.ts";

await runLane(1, 2);
