-- Set the counters behind the rows that came with their own keys.
ALTER TABLE customers AUTO_INCREMENT = 101;
ALTER TABLE orders AUTO_INCREMENT = 1001;
