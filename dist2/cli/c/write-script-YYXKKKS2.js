import {
  DIGEST_LINE,
  writeScript
} from "./chunk-L6VLEWIV.js";
export {
  DIGEST_LINE,
  writeScript
};
