import {
  readHistory,
  readIfThere
} from "./chunk-5YIOKDTH.js";
import {
  compareHistory
} from "./chunk-HR4OSDN2.js";
import "./chunk-3NATZIJ7.js";

// src/deployer/plan-target.ts
async function planTarget(access, options) {
  return withConnection(access, async (connection) => {
    const history = await readHistory(access.target.versions, reader(connection, access)) ?? [];
    return {
      server: connection.description,
      history,
      comparison: compareHistory(access.bundle.blocks, history, options)
    };
  });
}
async function historyOfTarget(access) {
  return withConnection(
    access,
    async (connection) => await readHistory(access.target.versions, reader(connection, access)) ?? []
  );
}
async function logTarget(access, limit) {
  const { dialect, target } = access;
  return withConnection(access, async (connection) => {
    const sql = dialect.logQuery(target.versions, limit);
    const rows = await readIfThere(sql, reader(connection, access));
    return rows === void 0 ? [] : dialect.parseLog(rows);
  });
}
function reader(connection, { dialect }) {
  return { query: (sql) => connection.query(sql), dialect };
}
async function withConnection(access, read) {
  const connection = await access.connect(access.target.connection);
  try {
    return await read(connection);
  } finally {
    await connection.close();
  }
}
export {
  historyOfTarget,
  logTarget,
  planTarget
};
