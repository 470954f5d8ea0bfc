/** Texts that stand below the options in `--help`. */

export const EXIT_CODES_HELP = `
Exit status:
  0    done, or nothing to do
  1    a statement or a check failed
  2    wrong usage or configuration, or a source that cannot be built
  3    work is pending (plan --exit-code)
  4    the history conflicts with the source: edited, missing, out of order, ahead
  5    a lock is busy
  6    a block was broken off, and a person must look
  7    the database cannot be reached or refuses the login
  9    the safety check has findings (check)
  10   some of several targets failed
  70   a bug in Rowgate
  130  stopped by Ctrl-C; 143 by SIGTERM`;

export const SETTINGS_HELP = `
Settings, the first that is there counts:
  options
  variables ROWGATE_URL, ROWGATE_TARGET, ROWGATE_SOURCE, ROWGATE_LAYOUT, ROWGATE_RELEASE,
            ROWGATE_VERSIONS_TABLE, ROWGATE_TRANSACTION, ROWGATE_LOCK_WAIT, ROWGATE_LOCK_TIMEOUT,
            ROWGATE_CONCURRENCY
  rowgate.yaml
  DATABASE_URL
Without any database the embedded PostgreSQL in .rowgate/ is used; without a SOURCE, sql/.

Examples:
  rowgate bundle sql --output release.sql      write one guarded script
  psql -f release.sql                          run it by hand
  rowgate deploy release.sql --url URL         or let Rowgate run it
  rowgate deploy sql --target prod             to a target of rowgate.yaml
  rowgate status --url URL                     what is there and what is missing
  rowgate undo sql --to 7 --target prod        take back what came after block 7`;
