/** The tools whose histories can be adopted. */
import type { Tool } from "./tool.ts";
import { alembic } from "./tools/alembic.ts";
import { dbmate } from "./tools/dbmate.ts";
import { diesel } from "./tools/diesel.ts";
import { django } from "./tools/django.ts";
import { ecto } from "./tools/ecto.ts";
import { efCore } from "./tools/ef-core.ts";
import { flyway } from "./tools/flyway.ts";
import { golangMigrate } from "./tools/golang-migrate.ts";
import { goose } from "./tools/goose.ts";
import { graphileMigrate } from "./tools/graphile-migrate.ts";
import { liquibase } from "./tools/liquibase.ts";
import { nodePgMigrate } from "./tools/node-pg-migrate.ts";
import { prisma } from "./tools/prisma.ts";
import { rails } from "./tools/rails.ts";
import { sqitch } from "./tools/sqitch.ts";
import { sqlx } from "./tools/sqlx.ts";

export const TOOLS: readonly Tool[] = [
  alembic,
  dbmate,
  diesel,
  django,
  ecto,
  efCore,
  flyway,
  golangMigrate,
  goose,
  graphileMigrate,
  liquibase,
  nodePgMigrate,
  prisma,
  rails,
  sqitch,
  sqlx,
];
