INSERT INTO a (id, name) VALUES (3, 'x');
