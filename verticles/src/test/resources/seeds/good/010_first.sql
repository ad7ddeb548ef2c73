-- demo
INSERT INTO a (id, name) VALUES (1, '一；;');
INSERT INTO a (id, name) VALUES (2, 'b');
