-- A tree, parents first.
INSERT INTO categories (id, parent_id, name) VALUES
  (1, NULL, 'Kitchen'),
  (2, 1, 'Coffee & tea'),
  (3, 1, 'Knives'),
  (4, NULL, 'Stationery'),
  (5, 4, 'Pens'),
  (6, 4, 'Paper');
