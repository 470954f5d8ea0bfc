/** How a tree of SQL files may be laid out, and whose files are so, as messages name them. */
export const LAYOUTS = {
  rowgate: "Rowgate",
  main: "main.sql",
  flyway: "Flyway",
  "up-down": "golang-migrate and sqlx",
  directories: "Diesel and Prisma",
  dbmate: "dbmate",
  goose: "goose",
  "node-pg-migrate": "node-pg-migrate",
  mybatis: "MyBatis Migrations",
  sqitch: "Sqitch",
  liquibase: "Liquibase",
  "graphile-migrate": "graphile-migrate",
  grate: "grate",
} as const;

export type LayoutName = keyof typeof LAYOUTS;

export function isLayoutName(text: string): text is LayoutName {
  return Object.hasOwn(LAYOUTS, text);
}
