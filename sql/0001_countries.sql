-- Countries that the shop delivers to.
-- Plain SQL that any database understands; the names show that text is UTF-8 all the way.
CREATE TABLE countries (
  code char(2) NOT NULL,
  name varchar(60) NOT NULL,
  vat_rate numeric(4, 3) NOT NULL DEFAULT 0,
  CONSTRAINT countries_pk PRIMARY KEY (code),
  CONSTRAINT countries_vat_rate_ck CHECK (vat_rate >= 0 AND vat_rate < 1)
);

INSERT INTO countries (code, name, vat_rate) VALUES
  ('AT', 'Österreich', 0.200),
  ('CI', 'Côte d''Ivoire', 0.180),
  ('DE', 'Deutschland', 0.190),
  ('ES', 'España', 0.210),
  ('GR', 'Ελλάδα', 0.240),
  ('IE', 'Éire', 0.230),
  ('IS', 'Ísland', 0.240),
  ('JP', '日本', 0.100),
  ('PL', 'Polska', 0.230),
  ('UA', 'Україна', 0.200);
