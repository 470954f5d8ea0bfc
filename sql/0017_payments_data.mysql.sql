-- Rows for a partitioned table: each finds its partition.
-- The times have no zone: they mean UTC, because main.mysql.sql says SET time_zone before.
INSERT INTO payments (id, order_id, method, paid_on, booked_at, amount, reference) VALUES
  (1, 1, 'card', '2024-01-09', '2024-01-09 09:12:30', 60.80, NULL),
  (2, 2, 'transfer', '2024-01-18', '2024-01-18 06:00:00', 39.60, 'Überweisung \\ Núñez'),
  (3, 3, 'card', '2024-02-02', '2024-02-02 08:06:10', 74.40, NULL),
  (4, 4, 'transfer', '2024-03-21', '2024-03-21 06:00:00', 100.00, 'part 1;\tBüro'),
  (5, 4, 'transfer', '2024-04-21', '2024-04-21 06:00:00', 194.90, 'part 2;\tBüro'),
  (6, 5, 'card', '2024-03-03', '2024-03-03 03:34:00', 71.65, 'お支払い'),
  (7, 7, 'voucher', '2024-07-29', '2024-07-29 11:12:00', 10.00, '\N'),
  (8, 7, 'card', '2024-07-29', '2024-07-29 11:12:01', 29.90, 'it''s; -- /* # \\N'),
  (9, 8, 'card', '2024-11-01', '2024-11-01 00:00:20', 27.70, NULL),
  (10, 9, 'card', '2025-01-07', '2025-01-07 10:00:59', 121.90, 'κάρτα'),
  (11, 10, 'card', '2025-02-11', '2025-02-11 14:26:00', 56.90, NULL),
  (12, 11, 'transfer', '2026-01-02', '2026-01-02 06:00:00', 43.90, 'late: goes to payments_other');
