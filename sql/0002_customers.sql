-- Customers: a plain table with a foreign key, a unique key, and a first dozen of rows.
CREATE TABLE customers (
  id integer NOT NULL,
  name varchar(80) NOT NULL,
  email varchar(120) NOT NULL,
  country_code char(2) NOT NULL,
  joined_on date NOT NULL,
  CONSTRAINT customers_pk PRIMARY KEY (id),
  CONSTRAINT customers_email_uk UNIQUE (email),
  CONSTRAINT customers_country_fk FOREIGN KEY (country_code) REFERENCES countries (code)
);

INSERT INTO customers (id, name, email, country_code, joined_on) VALUES
  (1, 'Zoë Brontë', 'zoe@example.org', 'IE', '2022-01-14'),
  (2, 'Liam O''Brien', 'liam@example.org', 'IE', '2022-02-03'),
  (3, 'José Núñez', 'jose@example.org', 'ES', '2022-02-28'),
  (4, 'Łukasz Żak', 'lukasz@example.org', 'PL', '2022-05-19'),
  (5, 'Jürgen Weiß', 'juergen@example.org', 'DE', '2022-07-01'),
  (6, 'Grüne & Söhne; GmbH', 'einkauf@example.com', 'DE', '2022-09-12'),
  (7, '山田 花子', 'hanako@example.jp', 'JP', '2023-01-08'),
  (8, 'Олена Шевченко', 'olena@example.org', 'UA', '2023-03-21'),
  (9, 'Νίκος Παππάς', 'nikos@example.org', 'GR', '2023-06-30'),
  (10, 'Aminata Koné', 'aminata@example.org', 'CI', '2023-08-15'),
  (11, 'Björk Jónsdóttir', 'bjork@example.org', 'IS', '2024-01-02'),
  (12, 'Anna "Annie" Huber', 'anna@example.org', 'AT', '2024-02-29');
