INSERT INTO a (id, name) VALUES (4, 'x');
INSERT INTO a (id, name) VALUES (4, 'y');
