import { MYSQL_ENGINES } from "../../helpers/engines.ts";
import { describeKills } from "./random-kills.ts";

MYSQL_ENGINES.filter(({ kind }) => kind === "mysql").forEach(describeKills);
