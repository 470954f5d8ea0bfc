-- The orders of the first two years. The notes hold what a naive split at ";" trips over.
INSERT INTO orders (id, customer_id, ordered_at, note) VALUES
  (1, 1, '2024-01-09 09:12:00', NULL),
  (2, 3, '2024-01-15 17:40:00', 'Deliver to the neighbour; not to the office'),
  (3, 5, '2024-02-02 08:05:00', 'It''s a present -- no invoice, please'),
  (4, 6, '2024-02-20 12:00:00', 'Ref. /*2024*/ "Büro"'),
  (5, 7, '2024-03-03 03:33:00', 'ギフト包装; お願いします'),
  (6, 2, '2024-05-17 20:18:00', NULL),
  (7, 8, '2024-07-29 11:11:00', 'Cost centre $$4711$$'),
  (8, 4, '2024-10-31 23:59:00', NULL),
  (9, 9, '2025-01-07 10:00:00', 'κουδούνι: 2ος όροφος'),
  (10, 10, '2025-02-11 14:25:00', NULL),
  (11, 12, '2025-02-28 07:45:00', 'Ring :bell, then wait 5:30'),
  (12, 1, '2025-03-16 19:30:00', 'Template marks <%= like these %> stay as they are');

INSERT INTO order_lines (order_id, line_no, sku, quantity, unit_price) VALUES
  (1, 1, 'COF-01', 1, 24.00), (1, 2, 'COF-03', 1, 31.90),
  (2, 1, 'PAP-01', 3, 7.90), (2, 2, 'PEN-02', 10, 1.10),
  (3, 1, 'TEA-01', 1, 68.00),
  (4, 1, 'PEN-01', 2, 54.00), (4, 2, 'PAP-02', 20, 6.00), (4, 3, 'PEN-02', 50, 1.00),
  (5, 1, 'KNI-01', 1, 39.00), (5, 2, 'KNI-03', 1, 27.75),
  (6, 1, 'COF-02', 6, 9.50),
  (7, 1, 'PEN-03', 4, 4.80), (7, 2, 'PAP-01', 2, 7.90),
  (8, 1, 'KNI-02', 2, 12.40),
  (9, 1, 'COF-01', 2, 24.00), (9, 2, 'TEA-01', 1, 66.00),
  (10, 1, 'PEN-01', 1, 54.00),
  (11, 1, 'PAP-02', 5, 6.30), (11, 2, 'PEN-02', 5, 1.20),
  (12, 1, 'KNI-01', 1, 39.00), (12, 2, 'KNI-02', 1, 12.40), (12, 3, 'COF-02', 2, 9.50);
