-- Partitions of a new year: rows move out of the last one, and the first one, which is empty, goes.
ALTER TABLE payments REORGANIZE PARTITION payments_other INTO (
  PARTITION payments_2026_q1 VALUES LESS THAN ('2026-04-01'),
  PARTITION payments_other VALUES LESS THAN (MAXVALUE)
);

ALTER TABLE payments DROP PARTITION before_the_shop;
