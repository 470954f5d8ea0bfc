/** Rails: the number of each migration. Its table is dbmate's, but it has a second one. */
import { dbmate } from "./dbmate.ts";
import type { Tool } from "../tool.ts";

/**
 * `schema_migrations (version varchar primary key)` and `ar_internal_metadata`:
 * https://github.com/rails/rails/blob/main/activerecord/lib/active_record/schema_migration.rb
 */
export const rails: Tool = {
  ...dbmate,
  name: "rails",
  beside: { table: "ar_internal_metadata", isThere: true },
};
