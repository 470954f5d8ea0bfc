// src/bundler/system-reason.ts
var REASONS = {
  EACCES: "permission denied",
  EISDIR: "it is a directory",
  ELOOP: "its symbolic links lead in a circle",
  EMFILE: "too many files are open",
  ENOENT: "it does not exist",
  EPERM: "permission denied"
};
function systemReason(error) {
  const code = errorCode(error);
  return code === void 0 ? "unknown reason" : REASONS[code] ?? code;
}
function errorCode(error) {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : void 0;
}

export {
  systemReason,
  errorCode
};
