import {
  jsonDocument,
  jsonError,
  jsonNote,
  redactDocument
} from "./chunk-5NZLASUI.js";
import "./chunk-6ZJTVCRM.js";
import "./chunk-3NATZIJ7.js";
export {
  jsonDocument,
  jsonError,
  jsonNote,
  redactDocument
};
