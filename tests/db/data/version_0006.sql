-- A club's database as version 0.1.0 of the program left it, with schema 0006: people in the middle of things,
-- messages that wait to be sent, updates that wait to be handled. Played by people of the sandbox on 1 and
-- 2 December 2026. What their chats showed, and what each button did then, is in version_0006.json.
BEGIN TRANSACTION;
CREATE TABLE account_links (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	account_id INTEGER NOT NULL, 
	organization_id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT fk_account_links_account_id FOREIGN KEY(account_id) REFERENCES chat_accounts (id), 
	CONSTRAINT fk_account_links_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id), 
	CONSTRAINT fk_account_links_user_id FOREIGN KEY(user_id) REFERENCES users (id), 
	CONSTRAINT uq_account_links_account_id_organization_id UNIQUE (account_id, organization_id)
);
INSERT INTO "account_links" VALUES(1,101,1,1,'2026-12-01 08:00:00.000000');
INSERT INTO "account_links" VALUES(2,102,1,2,'2026-12-01 08:00:00.000000');
INSERT INTO "account_links" VALUES(3,103,1,3,'2026-12-01 08:00:00.000000');
INSERT INTO "account_links" VALUES(4,104,1,4,'2026-12-01 08:00:00.000000');
INSERT INTO "account_links" VALUES(5,105,1,5,'2026-12-01 08:00:00.000000');
INSERT INTO "account_links" VALUES(6,105,2,6,'2026-12-01 08:00:00.000000');
INSERT INTO "account_links" VALUES(7,102,2,7,'2026-12-01 08:00:00.000000');
INSERT INTO "account_links" VALUES(8,2001,1,9,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(9,2002,1,10,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(10,2003,1,11,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(11,2004,1,12,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(12,2005,1,13,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(13,2006,1,14,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(14,2007,1,15,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(15,2008,1,16,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(16,2009,1,17,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(17,2010,1,18,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(18,2011,1,19,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(19,2012,1,20,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(20,2013,1,21,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(21,2014,1,22,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(22,2015,1,23,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(23,2016,1,24,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(24,2017,1,25,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(25,2018,1,26,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(26,2019,1,27,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(27,2020,1,28,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(28,2021,1,29,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(29,2022,1,30,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(30,2023,1,31,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(31,2024,1,32,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(32,2025,1,33,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(33,2026,1,34,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(34,2027,1,35,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(35,2028,1,36,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(36,2029,1,37,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(37,2030,1,38,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(38,2031,1,39,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(39,2032,1,40,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(40,2033,1,41,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(41,2034,1,42,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(42,2035,1,43,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(43,2036,1,44,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(44,2037,1,45,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(45,2038,1,46,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(46,2039,1,47,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(47,2040,1,48,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(48,2041,1,49,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(49,2042,1,50,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(50,2043,1,51,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(51,2044,1,52,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(52,2045,1,53,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(53,2046,1,54,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(54,2047,1,55,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(55,2048,1,56,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(56,2049,1,57,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(57,2050,1,58,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(58,2051,1,59,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(59,2052,1,60,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(60,2053,1,61,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(61,2054,1,62,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(62,2055,1,63,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(63,2056,1,64,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(64,2057,1,65,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(65,2058,1,66,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(66,2059,1,67,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(67,2060,1,68,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(68,2061,1,69,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(69,2062,1,70,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(70,2063,1,71,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(71,2064,1,72,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(72,2065,1,73,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(73,2066,1,74,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(74,2067,1,75,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(75,2068,1,76,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(76,2069,1,77,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(77,2070,1,78,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(78,2071,1,79,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(79,2072,1,80,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(80,2073,1,81,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(81,2074,1,82,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(82,2075,1,83,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(83,2076,1,84,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(84,2077,1,85,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(85,2078,1,86,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(86,2079,1,87,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(87,2080,1,88,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(88,2081,1,89,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(89,2082,1,90,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(90,2083,1,91,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(91,2084,1,92,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(92,2085,1,93,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(93,2086,1,94,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(94,2087,1,95,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(95,2088,1,96,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(96,2089,3,97,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(97,2090,4,98,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(98,2091,1,99,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(99,2092,1,100,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(100,406,1,100,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(101,2093,1,101,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(102,2094,1,102,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(103,2095,1,103,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(104,2096,1,104,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(105,2097,1,105,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(106,2098,1,106,'2026-12-02 21:14:00.000000');
INSERT INTO "account_links" VALUES(107,2099,1,107,'2026-12-02 21:14:00.000000');
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0006');
CREATE TABLE "audit" (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	organization_id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	user_id INTEGER, 
	action VARCHAR(40) NOT NULL, 
	subject VARCHAR(20) NOT NULL, 
	subject_id INTEGER NOT NULL, 
	details JSON NOT NULL, 
	CONSTRAINT fk_audit_user_id FOREIGN KEY(user_id) REFERENCES users (id), 
	CONSTRAINT fk_audit_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
);
INSERT INTO "audit" VALUES(1,1,'2026-12-01 08:00:00.000000',4,'add','location',1,'{"name": [null, "Attic"]}');
INSERT INTO "audit" VALUES(2,1,'2026-12-01 08:00:00.000000',4,'add','location',2,'{"name": [null, "Boat house"]}');
INSERT INTO "audit" VALUES(3,1,'2026-12-01 08:00:00.000000',4,'add','location',3,'{"name": [null, "Cellar"]}');
INSERT INTO "audit" VALUES(4,1,'2026-12-01 08:00:00.000000',4,'add','location',4,'{"name": [null, "Garage"]}');
INSERT INTO "audit" VALUES(5,1,'2026-12-01 08:00:00.000000',4,'add','location',5,'{"name": [null, "Hall"]}');
INSERT INTO "audit" VALUES(6,1,'2026-12-01 08:00:00.000000',4,'add','location',6,'{"name": [null, "Loft"]}');
INSERT INTO "audit" VALUES(7,1,'2026-12-01 08:00:00.000000',4,'add','location',7,'{"name": [null, "Shelf"]}');
INSERT INTO "audit" VALUES(8,1,'2026-12-01 08:00:00.000000',4,'add','location',8,'{"name": [null, "Shop"]}');
INSERT INTO "audit" VALUES(9,1,'2026-12-01 08:00:00.000000',4,'add','location',9,'{"name": [null, "Stage"]}');
INSERT INTO "audit" VALUES(10,1,'2026-12-01 08:00:00.000000',4,'add','location',10,'{"name": [null, "Tower"]}');
INSERT INTO "audit" VALUES(11,1,'2026-12-01 08:00:00.000000',4,'add','location',11,'{"name": [null, "Vault"]}');
INSERT INTO "audit" VALUES(12,1,'2026-12-01 08:00:00.000000',4,'add','location',12,'{"name": [null, "Yard"]}');
INSERT INTO "audit" VALUES(13,1,'2026-12-01 08:00:00.000000',4,'add','tag',1,'{"name": [null, "Winter"]}');
INSERT INTO "audit" VALUES(14,1,'2026-12-01 08:00:00.000000',4,'add','kit',1,'{"name": [null, "Night kit"]}');
INSERT INTO "audit" VALUES(15,1,'2026-12-01 08:00:00.000000',4,'set_part','kit',1,'{"own": "Lamp", "value": [0, 2]}');
INSERT INTO "audit" VALUES(16,1,'2026-12-01 08:00:00.000000',1,'request','rental',1,'{}');
INSERT INTO "audit" VALUES(17,1,'2026-12-01 08:00:00.000000',4,'approve','rental',1,'{}');
INSERT INTO "audit" VALUES(18,1,'2026-12-01 08:00:00.000000',3,'hand_out','rental',1,'{"items": [4]}');
INSERT INTO "audit" VALUES(19,1,'2026-12-01 08:00:00.000000',2,'request','rental',2,'{}');
INSERT INTO "audit" VALUES(20,1,'2026-12-01 08:00:00.000000',4,'approve','rental',2,'{}');
INSERT INTO "audit" VALUES(21,1,'2026-12-01 08:00:00.000000',1,'request','rental',3,'{}');
INSERT INTO "audit" VALUES(22,1,'2026-12-01 08:00:00.000000',4,'approve','rental',3,'{}');
INSERT INTO "audit" VALUES(23,1,'2026-12-01 08:00:00.000000',3,'hand_out','rental',3,'{"items": [49]}');
INSERT INTO "audit" VALUES(24,1,'2026-12-01 08:00:00.000000',3,'request','rental',4,'{}');
INSERT INTO "audit" VALUES(25,1,'2026-12-01 08:00:00.000000',4,'approve','rental',4,'{}');
INSERT INTO "audit" VALUES(26,1,'2026-12-01 08:00:00.000000',2,'request','rental',5,'{}');
INSERT INTO "audit" VALUES(27,1,'2026-12-01 08:00:00.000000',4,'approve','rental',5,'{}');
INSERT INTO "audit" VALUES(28,1,'2026-12-01 08:00:00.000000',1,'request','rental',6,'{}');
INSERT INTO "audit" VALUES(29,1,'2026-12-01 08:00:00.000000',4,'approve','rental',6,'{}');
INSERT INTO "audit" VALUES(30,1,'2026-12-01 08:00:00.000000',3,'hand_out','rental',6,'{"items": [47]}');
INSERT INTO "audit" VALUES(31,1,'2026-12-01 08:00:00.000000',2,'request','rental',7,'{}');
INSERT INTO "audit" VALUES(32,1,'2026-12-01 08:00:00.000000',4,'approve','rental',7,'{}');
INSERT INTO "audit" VALUES(33,1,'2026-12-01 08:00:00.000000',1,'request','rental',8,'{}');
INSERT INTO "audit" VALUES(34,1,'2026-12-01 08:00:00.000000',4,'approve','rental',8,'{}');
INSERT INTO "audit" VALUES(35,1,'2026-12-01 08:00:00.000000',3,'hand_out','rental',8,'{"items": [52, 53, 54]}');
INSERT INTO "audit" VALUES(36,1,'2026-12-01 08:00:00.000000',2,'request','rental',9,'{}');
INSERT INTO "audit" VALUES(37,1,'2026-12-01 08:00:00.000000',4,'approve','rental',9,'{}');
INSERT INTO "audit" VALUES(38,1,'2026-12-01 08:00:00.000000',1,'request','rental',10,'{}');
INSERT INTO "audit" VALUES(39,1,'2026-12-01 08:00:00.000000',4,'decline','rental',10,'{}');
INSERT INTO "audit" VALUES(40,1,'2026-12-01 08:00:00.000000',1,'request','rental',11,'{}');
INSERT INTO "audit" VALUES(41,1,'2026-12-01 08:00:00.000000',4,'approve','rental',11,'{}');
INSERT INTO "audit" VALUES(42,1,'2026-12-01 08:00:00.000000',1,'cancel','rental',11,'{}');
INSERT INTO "audit" VALUES(43,1,'2026-12-01 08:00:00.000000',1,'request','rental',12,'{}');
INSERT INTO "audit" VALUES(44,1,'2026-12-01 08:00:00.000000',1,'request','rental',13,'{}');
INSERT INTO "audit" VALUES(45,1,'2026-12-01 08:00:00.000000',4,'approve','rental',13,'{}');
INSERT INTO "audit" VALUES(46,1,'2026-12-01 08:00:00.000000',1,'request','rental',14,'{}');
INSERT INTO "audit" VALUES(47,1,'2026-12-01 08:00:00.000000',4,'approve','rental',14,'{}');
INSERT INTO "audit" VALUES(48,1,'2026-12-01 08:00:00.000000',1,'request','rental',15,'{}');
INSERT INTO "audit" VALUES(49,1,'2026-12-01 08:00:00.000000',4,'approve','rental',15,'{}');
INSERT INTO "audit" VALUES(50,1,'2026-12-01 08:00:00.000000',1,'request','rental',16,'{}');
INSERT INTO "audit" VALUES(51,1,'2026-12-01 08:00:00.000000',4,'approve','rental',16,'{}');
INSERT INTO "audit" VALUES(52,1,'2026-12-01 08:00:00.000000',1,'request','rental',17,'{}');
INSERT INTO "audit" VALUES(53,1,'2026-12-01 08:00:00.000000',4,'approve','rental',17,'{}');
INSERT INTO "audit" VALUES(54,1,'2026-12-01 08:00:00.000000',2,'request','rental',18,'{}');
INSERT INTO "audit" VALUES(55,1,'2026-12-01 08:00:00.000000',4,'approve','rental',18,'{}');
INSERT INTO "audit" VALUES(56,1,'2026-12-01 08:00:00.000000',3,'hand_out','rental',18,'{"items": [17]}');
INSERT INTO "audit" VALUES(57,1,'2026-12-01 08:00:00.000000',1,'request','rental',19,'{}');
INSERT INTO "audit" VALUES(58,1,'2026-12-01 08:00:00.000000',4,'approve','rental',19,'{}');
INSERT INTO "audit" VALUES(59,1,'2026-12-01 08:00:00.000000',3,'hand_out','rental',19,'{"items": [18, 19]}');
INSERT INTO "audit" VALUES(60,1,'2026-12-01 08:00:00.000000',1,'request','rental',20,'{}');
INSERT INTO "audit" VALUES(61,1,'2026-12-01 08:00:00.000000',4,'approve','rental',20,'{}');
INSERT INTO "audit" VALUES(62,1,'2026-12-01 08:00:00.000000',3,'hand_out','rental',20,'{"items": [20, 21]}');
INSERT INTO "audit" VALUES(63,1,'2026-12-01 08:00:00.000000',1,'request','rental',21,'{}');
INSERT INTO "audit" VALUES(64,1,'2026-12-01 08:00:00.000000',4,'approve','rental',21,'{}');
INSERT INTO "audit" VALUES(65,1,'2026-12-01 08:00:00.000000',3,'hand_out','rental',21,'{"items": [22, 23]}');
INSERT INTO "audit" VALUES(66,1,'2026-12-01 08:00:00.000000',1,'request','rental',22,'{}');
INSERT INTO "audit" VALUES(67,1,'2026-12-01 08:00:00.000000',4,'approve','rental',22,'{}');
INSERT INTO "audit" VALUES(68,1,'2026-12-01 08:00:00.000000',3,'hand_out','rental',22,'{"items": [24, 25]}');
INSERT INTO "audit" VALUES(69,1,'2026-12-01 08:00:00.000000',2,'request','rental',23,'{}');
INSERT INTO "audit" VALUES(70,1,'2026-12-01 08:00:00.000000',4,'approve','rental',23,'{}');
INSERT INTO "audit" VALUES(71,1,'2026-12-01 08:00:00.000000',3,'hand_out','rental',23,'{"items": [26, 27]}');
INSERT INTO "audit" VALUES(72,1,'2026-12-01 08:00:00.000000',1,'request','rental',24,'{}');
INSERT INTO "audit" VALUES(73,1,'2026-12-01 08:00:00.000000',4,'approve','rental',24,'{}');
INSERT INTO "audit" VALUES(74,1,'2026-12-01 08:00:00.000000',3,'hand_out','rental',24,'{"items": [28]}');
INSERT INTO "audit" VALUES(75,1,'2026-12-01 08:00:00.000000',1,'request','rental',25,'{}');
INSERT INTO "audit" VALUES(76,1,'2026-12-01 08:00:00.000000',4,'approve','rental',25,'{}');
INSERT INTO "audit" VALUES(77,1,'2026-12-01 08:00:00.000000',3,'hand_out','rental',25,'{"items": [29, 30]}');
INSERT INTO "audit" VALUES(78,1,'2026-12-01 08:00:00.000000',1,'request','rental',26,'{}');
INSERT INTO "audit" VALUES(79,1,'2026-12-01 08:00:00.000000',4,'approve','rental',26,'{}');
INSERT INTO "audit" VALUES(80,1,'2026-12-01 08:00:00.000000',3,'hand_out','rental',26,'{"items": [31, 32]}');
INSERT INTO "audit" VALUES(81,1,'2026-12-01 08:00:00.000000',1,'request','rental',27,'{}');
INSERT INTO "audit" VALUES(82,1,'2026-12-01 08:00:00.000000',4,'approve','rental',27,'{}');
INSERT INTO "audit" VALUES(83,1,'2026-12-01 08:00:00.000000',3,'hand_out','rental',27,'{"items": [33]}');
INSERT INTO "audit" VALUES(84,1,'2026-12-01 08:00:00.000000',1,'request','rental',28,'{}');
INSERT INTO "audit" VALUES(85,1,'2026-12-01 08:00:00.000000',4,'approve','rental',28,'{}');
INSERT INTO "audit" VALUES(86,1,'2026-12-01 08:00:00.000000',3,'hand_out','rental',28,'{"items": [34, 35]}');
INSERT INTO "audit" VALUES(87,1,'2026-12-01 08:00:00.000000',1,'ask_extension','rental',19,'{"due_at": "2026-12-07T19:00:00+00:00"}');
INSERT INTO "audit" VALUES(88,1,'2026-12-01 08:00:00.000000',1,'ask_extension','rental',28,'{"due_at": "2026-12-07T19:00:00+00:00"}');
INSERT INTO "audit" VALUES(89,1,'2026-12-01 08:00:00.000000',4,'decline_extension','rental',28,'{"due_at": "2026-12-07T19:00:00+00:00"}');
INSERT INTO "audit" VALUES(90,1,'2026-12-01 08:00:00.000000',1,'give_back','rental',20,'{"items": [20, 21]}');
INSERT INTO "audit" VALUES(91,1,'2026-12-01 08:00:00.000000',1,'give_back','rental',24,'{"items": [28]}');
INSERT INTO "audit" VALUES(92,1,'2026-12-01 08:00:00.000000',3,'take_back','rental',24,'{"items": [28]}');
INSERT INTO "audit" VALUES(93,1,'2026-12-01 08:00:00.000000',1,'give_back','rental',25,'{"items": [29, 30]}');
INSERT INTO "audit" VALUES(94,1,'2026-12-01 08:00:00.000000',3,'take_back','rental',25,'{"items": [29, 30]}');
INSERT INTO "audit" VALUES(95,1,'2026-12-01 08:00:00.000000',1,'give_back','rental',26,'{"items": [31, 32]}');
INSERT INTO "audit" VALUES(96,1,'2026-12-01 08:00:00.000000',3,'take_back','rental',26,'{"items": [31, 32]}');
INSERT INTO "audit" VALUES(97,1,'2026-12-01 08:00:00.000000',1,'problem','rental',27,'{"items": [33]}');
INSERT INTO "audit" VALUES(98,1,'2026-12-01 08:00:00.000000',1,'damage','item',33,'{"damage": 1, "note": "The glass is <cracked>"}');
INSERT INTO "audit" VALUES(99,1,'2026-12-01 08:00:00.000000',1,'damage_photo','item',33,'{"damage": 1}');
INSERT INTO "audit" VALUES(100,1,'2026-12-01 08:00:00.000000',4,'import_members','organization',1,'{"file": "file.csv", "done": true, "rows": 1, "refused_total": 0, "new": 1, "changed": 0, "unchanged": 0, "inactive": 0}');
INSERT INTO "audit" VALUES(101,1,'2026-12-01 08:00:00.000000',1,'request','rental',30,'{}');
INSERT INTO "audit" VALUES(102,1,'2026-12-01 08:00:00.000000',4,'approve','rental',30,'{}');
INSERT INTO "audit" VALUES(103,1,'2026-12-01 08:00:00.000000',4,'block','block',1,'{"items": [48], "starts_at": "2026-12-01T08:00:00+00:00", "until": "2026-12-13T08:00:00+00:00", "reason": "Own use"}');
INSERT INTO "audit" VALUES(104,1,'2026-12-01 08:00:00.000000',4,'withdraw','rental',30,'{"items": [48], "reason": "Own use", "cancelled": true}');
INSERT INTO "audit" VALUES(105,1,'2026-12-01 08:00:00.000000',NULL,'ask_to_join','join_request',1,'{}');
INSERT INTO "audit" VALUES(106,1,'2026-12-01 08:00:00.000000',NULL,'ask_to_join','join_request',2,'{}');
INSERT INTO "audit" VALUES(107,1,'2026-12-02 08:00:00.000000',NULL,'expire','rental',12,'{}');
INSERT INTO "audit" VALUES(108,1,'2026-12-02 19:30:00.000000',1,'offer','rental',6,'{"items": [47], "to": 7}');
INSERT INTO "audit" VALUES(109,1,'2026-12-02 21:10:00.000000',1,'request','rental',31,'{}');
INSERT INTO "audit" VALUES(110,1,'2026-12-02 21:10:00.000000',1,'request','rental',32,'{}');
INSERT INTO "audit" VALUES(111,1,'2026-12-02 21:10:00.000000',1,'request','rental',33,'{}');
INSERT INTO "audit" VALUES(112,1,'2026-12-02 21:10:00.000000',1,'request','rental',34,'{}');
INSERT INTO "audit" VALUES(113,1,'2026-12-02 21:10:00.000000',1,'request','rental',35,'{}');
INSERT INTO "audit" VALUES(114,1,'2026-12-02 21:10:00.000000',1,'request','rental',36,'{}');
INSERT INTO "audit" VALUES(115,1,'2026-12-02 21:10:00.000000',1,'request','rental',37,'{}');
INSERT INTO "audit" VALUES(116,1,'2026-12-02 21:10:00.000000',1,'request','rental',38,'{}');
INSERT INTO "audit" VALUES(117,1,'2026-12-02 21:10:00.000000',1,'request','rental',39,'{}');
INSERT INTO "audit" VALUES(118,1,'2026-12-02 21:10:00.000000',1,'request','rental',40,'{}');
INSERT INTO "audit" VALUES(119,1,'2026-12-02 21:10:00.000000',1,'request','rental',41,'{}');
INSERT INTO "audit" VALUES(120,1,'2026-12-02 21:10:00.000000',1,'request','rental',42,'{}');
INSERT INTO "audit" VALUES(121,1,'2026-12-02 21:14:00.000000',71,'damage','item',34,'{"damage": 2, "note": "Lamp"}');
INSERT INTO "audit" VALUES(122,1,'2026-12-02 21:14:00.000000',72,'damage','item',34,'{"damage": 3, "note": "Photo only"}');
INSERT INTO "audit" VALUES(123,1,'2026-12-02 21:14:00.000000',72,'damage_photo','item',34,'{"damage": 3}');
INSERT INTO "audit" VALUES(124,1,'2026-12-02 21:14:00.000000',88,'add','field',6,'{"label": [null, "Lamp"], "describes": "equipment"}');
INSERT INTO "audit" VALUES(125,1,'2026-12-02 21:14:00.000000',5,'invite','invite',2,'{"role": "lender"}');
INSERT INTO "audit" VALUES(126,1,'2026-12-02 21:14:00.000000',99,'invite','invite',3,'{"role": "user", "member_id": 99}');
INSERT INTO "audit" VALUES(127,1,'2026-12-02 21:14:00.000000',100,'invite','invite',4,'{"role": "user", "member_id": 100}');
INSERT INTO "audit" VALUES(128,1,'2026-12-02 21:14:00.000000',100,'join','user',100,'{"role": "user"}');
INSERT INTO "audit" VALUES(129,1,'2026-12-02 21:14:00.000000',101,'request','rental',52,'{}');
INSERT INTO "audit" VALUES(130,1,'2026-12-02 21:14:00.000000',4,'approve','rental',52,'{}');
INSERT INTO "audit" VALUES(131,1,'2026-12-02 21:14:00.000000',3,'hand_out','rental',52,'{"items": [1]}');
INSERT INTO "audit" VALUES(132,1,'2026-12-02 21:14:00.000000',102,'request','rental',53,'{}');
INSERT INTO "audit" VALUES(133,1,'2026-12-02 21:14:00.000000',4,'approve','rental',53,'{}');
INSERT INTO "audit" VALUES(134,1,'2026-12-02 21:14:00.000000',3,'hand_out','rental',53,'{"items": [5]}');
INSERT INTO "audit" VALUES(135,1,'2026-12-02 21:14:00.000000',103,'request','rental',54,'{}');
INSERT INTO "audit" VALUES(136,1,'2026-12-02 21:14:00.000000',4,'approve','rental',54,'{}');
INSERT INTO "audit" VALUES(137,1,'2026-12-02 21:14:00.000000',3,'hand_out','rental',54,'{"items": [2, 3]}');
INSERT INTO "audit" VALUES(138,1,'2026-12-02 21:14:00.000000',104,'request','rental',55,'{}');
INSERT INTO "audit" VALUES(139,1,'2026-12-02 21:14:00.000000',4,'approve','rental',55,'{}');
INSERT INTO "audit" VALUES(140,1,'2026-12-02 21:14:00.000000',3,'hand_out','rental',55,'{"items": [6]}');
INSERT INTO "audit" VALUES(141,1,'2026-12-02 21:14:00.000000',104,'problem','rental',55,'{"items": [6]}');
INSERT INTO "audit" VALUES(142,1,'2026-12-02 21:14:00.000000',104,'damage','item',6,'{"damage": 4, "note": "A hole"}');
INSERT INTO "audit" VALUES(143,1,'2026-12-02 21:14:00.000000',105,'request','rental',56,'{}');
INSERT INTO "audit" VALUES(144,1,'2026-12-02 21:14:00.000000',4,'approve','rental',56,'{}');
INSERT INTO "audit" VALUES(145,1,'2026-12-02 21:14:00.000000',3,'hand_out','rental',56,'{"items": [51]}');
INSERT INTO "audit" VALUES(146,1,'2026-12-02 21:14:00.000000',105,'problem','rental',56,'{"items": [51]}');
INSERT INTO "audit" VALUES(147,1,'2026-12-02 21:14:00.000000',105,'damage','item',51,'{"damage": 5, "note": "Photo only"}');
INSERT INTO "audit" VALUES(148,1,'2026-12-02 21:14:00.000000',105,'damage_photo','item',51,'{"damage": 5}');
INSERT INTO "audit" VALUES(149,1,'2026-12-02 21:14:00.000000',4,'approve','rental',42,'{}');
INSERT INTO "audit" VALUES(150,1,'2026-12-02 21:14:00.000000',5,'change_role','user',9,'{"role": ["leader", "admin"]}');
INSERT INTO "audit" VALUES(151,1,'2026-12-02 21:14:00.000000',5,'suspend','user',10,'{"reason": "Late", "until": "2026-12-07T21:14:00+00:00"}');
INSERT INTO "audit" VALUES(152,1,'2026-12-02 21:14:00.000000',5,'suspend','user',11,'{"reason": "", "until": null}');
INSERT INTO "audit" VALUES(153,1,'2026-12-02 21:14:00.000000',5,'reactivate','user',11,'{}');
CREATE TABLE "blocks" (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	organization_id INTEGER NOT NULL, 
	reason TEXT NOT NULL, 
	created_by INTEGER, 
	created_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	ended_by INTEGER, 
	CONSTRAINT fk_blocks_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id), 
	CONSTRAINT fk_blocks_created_by FOREIGN KEY(created_by) REFERENCES users (id), 
	CONSTRAINT fk_blocks_ended_by FOREIGN KEY(ended_by) REFERENCES users (id)
);
INSERT INTO "blocks" VALUES(1,1,'Own use',4,'2026-12-01 08:00:00.000000',NULL,NULL);
CREATE TABLE cards (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	organization_id INTEGER, 
	kind VARCHAR(40) NOT NULL, 
	subject_id INTEGER NOT NULL, 
	chat_id INTEGER NOT NULL, 
	thread_id INTEGER, 
	message_id INTEGER, 
	photo_id INTEGER, 
	CONSTRAINT fk_cards_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id), 
	CONSTRAINT uq_cards_kind_subject_id_chat_id UNIQUE (kind, subject_id, chat_id)
);
INSERT INTO "cards" VALUES(1,1,'desk',1,-4000001,NULL,1,NULL);
INSERT INTO "cards" VALUES(2,1,'rental',1,101,NULL,1,NULL);
INSERT INTO "cards" VALUES(3,1,'desk',2,-4000001,NULL,2,NULL);
INSERT INTO "cards" VALUES(4,1,'rental',2,102,NULL,1,NULL);
INSERT INTO "cards" VALUES(5,1,'desk',3,-4000001,NULL,3,NULL);
INSERT INTO "cards" VALUES(6,1,'rental',3,101,NULL,2,NULL);
INSERT INTO "cards" VALUES(7,1,'desk',4,-4000001,NULL,4,NULL);
INSERT INTO "cards" VALUES(8,1,'rental',4,103,NULL,1,NULL);
INSERT INTO "cards" VALUES(9,1,'desk',5,-4000001,NULL,5,NULL);
INSERT INTO "cards" VALUES(10,1,'rental',5,102,NULL,2,NULL);
INSERT INTO "cards" VALUES(11,1,'desk',6,-4000001,NULL,6,NULL);
INSERT INTO "cards" VALUES(12,1,'rental',6,101,NULL,39,NULL);
INSERT INTO "cards" VALUES(13,1,'desk',7,-4000001,NULL,7,NULL);
INSERT INTO "cards" VALUES(14,1,'rental',7,102,NULL,3,NULL);
INSERT INTO "cards" VALUES(15,1,'desk',8,-4000001,NULL,8,NULL);
INSERT INTO "cards" VALUES(16,1,'rental',8,101,NULL,4,NULL);
INSERT INTO "cards" VALUES(17,1,'desk',9,-4000001,NULL,9,NULL);
INSERT INTO "cards" VALUES(18,1,'rental',9,102,NULL,4,NULL);
INSERT INTO "cards" VALUES(19,1,'desk',10,-4000001,NULL,10,NULL);
INSERT INTO "cards" VALUES(20,1,'rental',10,101,NULL,5,NULL);
INSERT INTO "cards" VALUES(21,1,'desk',11,-4000001,NULL,11,NULL);
INSERT INTO "cards" VALUES(22,1,'rental',11,101,NULL,6,NULL);
INSERT INTO "cards" VALUES(23,1,'desk',12,-4000001,NULL,12,NULL);
INSERT INTO "cards" VALUES(24,1,'desk',13,-4000001,NULL,13,NULL);
INSERT INTO "cards" VALUES(25,1,'rental',13,101,NULL,7,NULL);
INSERT INTO "cards" VALUES(26,1,'desk',14,-4000001,NULL,14,NULL);
INSERT INTO "cards" VALUES(27,1,'rental',14,101,NULL,8,NULL);
INSERT INTO "cards" VALUES(28,1,'desk',15,-4000001,NULL,15,NULL);
INSERT INTO "cards" VALUES(29,1,'rental',15,101,NULL,9,NULL);
INSERT INTO "cards" VALUES(30,1,'desk',16,-4000001,NULL,16,NULL);
INSERT INTO "cards" VALUES(31,1,'rental',16,101,NULL,10,NULL);
INSERT INTO "cards" VALUES(32,1,'desk',17,-4000001,NULL,17,NULL);
INSERT INTO "cards" VALUES(33,1,'rental',17,101,NULL,11,NULL);
INSERT INTO "cards" VALUES(34,1,'desk',18,-4000001,NULL,18,NULL);
INSERT INTO "cards" VALUES(35,1,'rental',18,102,NULL,5,NULL);
INSERT INTO "cards" VALUES(36,1,'desk',19,-4000001,NULL,29,NULL);
INSERT INTO "cards" VALUES(37,1,'rental',19,101,NULL,12,NULL);
INSERT INTO "cards" VALUES(38,1,'desk',20,-4000001,NULL,31,NULL);
INSERT INTO "cards" VALUES(39,1,'rental',20,101,NULL,13,NULL);
INSERT INTO "cards" VALUES(40,1,'desk',21,-4000001,NULL,21,NULL);
INSERT INTO "cards" VALUES(41,1,'rental',21,101,NULL,14,NULL);
INSERT INTO "cards" VALUES(42,1,'desk',22,-4000001,NULL,22,NULL);
INSERT INTO "cards" VALUES(43,1,'rental',22,101,NULL,15,NULL);
INSERT INTO "cards" VALUES(44,1,'desk',23,-4000001,NULL,23,NULL);
INSERT INTO "cards" VALUES(45,1,'rental',23,102,NULL,6,NULL);
INSERT INTO "cards" VALUES(46,1,'desk',24,-4000001,NULL,32,NULL);
INSERT INTO "cards" VALUES(47,1,'rental',24,101,NULL,22,NULL);
INSERT INTO "cards" VALUES(48,1,'desk',25,-4000001,NULL,34,NULL);
INSERT INTO "cards" VALUES(49,1,'rental',25,101,NULL,23,NULL);
INSERT INTO "cards" VALUES(50,1,'desk',26,-4000001,NULL,36,NULL);
INSERT INTO "cards" VALUES(51,1,'rental',26,101,NULL,24,NULL);
INSERT INTO "cards" VALUES(52,1,'desk',27,-4000001,NULL,27,NULL);
INSERT INTO "cards" VALUES(53,1,'rental',27,101,NULL,19,NULL);
INSERT INTO "cards" VALUES(54,1,'desk',28,-4000001,NULL,30,NULL);
INSERT INTO "cards" VALUES(55,1,'rental',28,101,NULL,20,NULL);
INSERT INTO "cards" VALUES(56,1,'put_away',92,-4000001,NULL,33,NULL);
INSERT INTO "cards" VALUES(57,1,'put_away',94,-4000001,NULL,35,NULL);
INSERT INTO "cards" VALUES(58,1,'put_away',96,-4000001,NULL,37,NULL);
INSERT INTO "cards" VALUES(59,1,'conversation',1,101,NULL,29,NULL);
INSERT INTO "cards" VALUES(60,1,'damage',1,-4000001,NULL,38,1);
INSERT INTO "cards" VALUES(61,1,'conversation',2,103,NULL,3,NULL);
INSERT INTO "cards" VALUES(62,1,'desk',18,103,NULL,5,NULL);
INSERT INTO "cards" VALUES(63,1,'desk_day',1,103,NULL,7,NULL);
INSERT INTO "cards" VALUES(64,1,'desk',30,-4000001,NULL,39,NULL);
INSERT INTO "cards" VALUES(65,1,'rental',30,101,NULL,30,NULL);
INSERT INTO "cards" VALUES(66,NULL,'conversation',3,301,NULL,NULL,NULL);
INSERT INTO "cards" VALUES(67,1,'admission',1,-4000001,NULL,40,NULL);
INSERT INTO "cards" VALUES(68,NULL,'conversation',4,302,NULL,NULL,NULL);
INSERT INTO "cards" VALUES(69,1,'admission',2,-4000001,NULL,41,NULL);
INSERT INTO "cards" VALUES(70,1,'rental',12,101,NULL,34,NULL);
INSERT INTO "cards" VALUES(71,1,'hand_over',1,102,NULL,21,NULL);
INSERT INTO "cards" VALUES(72,1,'item',8,103,NULL,10,NULL);
INSERT INTO "cards" VALUES(73,1,'item',12,104,NULL,11,NULL);
INSERT INTO "cards" VALUES(74,1,'item',34,104,NULL,13,NULL);
INSERT INTO "cards" VALUES(75,1,'item',18,103,NULL,12,NULL);
INSERT INTO "cards" VALUES(76,1,'conversation',5,103,NULL,14,NULL);
INSERT INTO "cards" VALUES(77,1,'conversation',6,103,NULL,16,NULL);
INSERT INTO "cards" VALUES(78,1,'item',46,103,NULL,18,NULL);
INSERT INTO "cards" VALUES(79,1,'desk',31,-4000001,NULL,48,NULL);
INSERT INTO "cards" VALUES(80,1,'desk',32,-4000001,NULL,49,NULL);
INSERT INTO "cards" VALUES(81,1,'desk',33,-4000001,NULL,50,NULL);
INSERT INTO "cards" VALUES(82,1,'pile',1,-4000001,NULL,52,NULL);
INSERT INTO "cards" VALUES(83,1,'conversation',7,2001,NULL,2,NULL);
INSERT INTO "cards" VALUES(84,1,'conversation',8,2002,NULL,2,NULL);
INSERT INTO "cards" VALUES(85,1,'conversation',9,2003,NULL,2,NULL);
INSERT INTO "cards" VALUES(86,1,'conversation',10,2004,NULL,2,NULL);
INSERT INTO "cards" VALUES(87,1,'conversation',11,2005,NULL,2,NULL);
INSERT INTO "cards" VALUES(88,1,'conversation',12,2006,NULL,2,NULL);
INSERT INTO "cards" VALUES(89,1,'conversation',13,2007,NULL,2,NULL);
INSERT INTO "cards" VALUES(90,1,'conversation',14,2008,NULL,2,NULL);
INSERT INTO "cards" VALUES(91,1,'conversation',15,2009,NULL,2,NULL);
INSERT INTO "cards" VALUES(92,1,'conversation',16,2010,NULL,2,NULL);
INSERT INTO "cards" VALUES(93,1,'conversation',17,2011,NULL,2,NULL);
INSERT INTO "cards" VALUES(94,1,'conversation',18,2012,NULL,2,NULL);
INSERT INTO "cards" VALUES(95,1,'conversation',19,2013,NULL,2,NULL);
INSERT INTO "cards" VALUES(96,NULL,'conversation',20,2014,NULL,2,NULL);
INSERT INTO "cards" VALUES(97,1,'conversation',21,2015,NULL,2,NULL);
INSERT INTO "cards" VALUES(98,1,'conversation',22,2016,NULL,2,NULL);
INSERT INTO "cards" VALUES(99,1,'conversation',23,2017,NULL,2,NULL);
INSERT INTO "cards" VALUES(100,1,'conversation',24,2018,NULL,2,NULL);
INSERT INTO "cards" VALUES(101,1,'conversation',25,2019,NULL,2,NULL);
INSERT INTO "cards" VALUES(102,1,'conversation',26,2020,NULL,2,NULL);
INSERT INTO "cards" VALUES(103,1,'conversation',27,2021,NULL,2,NULL);
INSERT INTO "cards" VALUES(104,1,'conversation',28,2022,NULL,2,NULL);
INSERT INTO "cards" VALUES(105,1,'conversation',29,2023,NULL,2,NULL);
INSERT INTO "cards" VALUES(106,1,'conversation',30,2024,NULL,2,NULL);
INSERT INTO "cards" VALUES(107,1,'conversation',31,2025,NULL,2,NULL);
INSERT INTO "cards" VALUES(108,1,'conversation',32,2026,NULL,2,NULL);
INSERT INTO "cards" VALUES(109,1,'conversation',33,2027,NULL,2,NULL);
INSERT INTO "cards" VALUES(110,1,'conversation',34,2028,NULL,2,NULL);
INSERT INTO "cards" VALUES(111,1,'conversation',35,2029,NULL,2,NULL);
INSERT INTO "cards" VALUES(112,1,'conversation',36,2030,NULL,2,NULL);
INSERT INTO "cards" VALUES(113,1,'conversation',37,2031,NULL,2,NULL);
INSERT INTO "cards" VALUES(114,1,'conversation',38,2032,NULL,2,NULL);
INSERT INTO "cards" VALUES(115,1,'conversation',39,2033,NULL,2,NULL);
INSERT INTO "cards" VALUES(116,1,'conversation',40,2034,NULL,2,NULL);
INSERT INTO "cards" VALUES(117,1,'conversation',41,2035,NULL,2,NULL);
INSERT INTO "cards" VALUES(118,1,'conversation',42,2036,NULL,2,NULL);
INSERT INTO "cards" VALUES(119,1,'conversation',43,2037,NULL,2,NULL);
INSERT INTO "cards" VALUES(120,1,'conversation',44,2038,NULL,2,NULL);
INSERT INTO "cards" VALUES(121,1,'conversation',45,2039,NULL,2,NULL);
INSERT INTO "cards" VALUES(122,1,'conversation',46,2040,NULL,2,NULL);
INSERT INTO "cards" VALUES(123,1,'conversation',47,2041,NULL,2,NULL);
INSERT INTO "cards" VALUES(124,1,'conversation',48,2042,NULL,2,NULL);
INSERT INTO "cards" VALUES(125,1,'conversation',49,2043,NULL,2,NULL);
INSERT INTO "cards" VALUES(126,1,'conversation',50,2044,NULL,2,NULL);
INSERT INTO "cards" VALUES(127,1,'conversation',51,2045,NULL,4,NULL);
INSERT INTO "cards" VALUES(128,NULL,'conversation',52,2046,NULL,2,NULL);
INSERT INTO "cards" VALUES(129,NULL,'conversation',53,2047,NULL,2,NULL);
INSERT INTO "cards" VALUES(130,1,'conversation',54,2048,NULL,2,NULL);
INSERT INTO "cards" VALUES(131,1,'conversation',55,2049,NULL,2,NULL);
INSERT INTO "cards" VALUES(132,1,'conversation',56,2050,NULL,2,NULL);
INSERT INTO "cards" VALUES(133,1,'conversation',57,2051,NULL,4,NULL);
INSERT INTO "cards" VALUES(134,1,'conversation',58,2052,NULL,2,NULL);
INSERT INTO "cards" VALUES(135,1,'conversation',59,2053,NULL,2,NULL);
INSERT INTO "cards" VALUES(136,1,'conversation',60,2054,NULL,2,NULL);
INSERT INTO "cards" VALUES(137,1,'conversation',61,2055,NULL,2,NULL);
INSERT INTO "cards" VALUES(138,1,'conversation',62,2056,NULL,2,NULL);
INSERT INTO "cards" VALUES(139,1,'conversation',63,2057,NULL,2,NULL);
INSERT INTO "cards" VALUES(140,1,'conversation',64,2058,NULL,2,NULL);
INSERT INTO "cards" VALUES(141,1,'conversation',65,2059,NULL,4,NULL);
INSERT INTO "cards" VALUES(142,1,'conversation',66,2060,NULL,6,NULL);
INSERT INTO "cards" VALUES(143,1,'conversation',67,2061,NULL,2,NULL);
INSERT INTO "cards" VALUES(144,1,'conversation',68,2062,NULL,2,NULL);
INSERT INTO "cards" VALUES(145,1,'conversation',69,2063,NULL,4,NULL);
INSERT INTO "cards" VALUES(146,1,'damage',2,-4000001,NULL,NULL,NULL);
INSERT INTO "cards" VALUES(147,1,'conversation',70,2064,NULL,4,NULL);
INSERT INTO "cards" VALUES(148,1,'damage',3,-4000001,NULL,NULL,NULL);
INSERT INTO "cards" VALUES(149,1,'conversation',71,2065,NULL,2,NULL);
INSERT INTO "cards" VALUES(150,1,'conversation',72,2066,NULL,2,NULL);
INSERT INTO "cards" VALUES(151,1,'conversation',73,2067,NULL,2,NULL);
INSERT INTO "cards" VALUES(152,1,'conversation',74,2068,NULL,2,NULL);
INSERT INTO "cards" VALUES(153,NULL,'conversation',75,2069,NULL,2,NULL);
INSERT INTO "cards" VALUES(154,NULL,'conversation',76,2070,NULL,4,NULL);
INSERT INTO "cards" VALUES(155,1,'conversation',77,2071,NULL,4,NULL);
INSERT INTO "cards" VALUES(156,1,'conversation',78,2072,NULL,2,NULL);
INSERT INTO "cards" VALUES(157,1,'conversation',79,2073,NULL,2,NULL);
INSERT INTO "cards" VALUES(158,1,'conversation',80,2074,NULL,2,NULL);
INSERT INTO "cards" VALUES(159,1,'conversation',81,2075,NULL,2,NULL);
INSERT INTO "cards" VALUES(160,1,'conversation',82,2076,NULL,2,NULL);
INSERT INTO "cards" VALUES(161,1,'conversation',83,2077,NULL,2,NULL);
INSERT INTO "cards" VALUES(162,NULL,'conversation',84,2078,NULL,4,NULL);
INSERT INTO "cards" VALUES(163,1,'conversation',85,2079,NULL,4,NULL);
INSERT INTO "cards" VALUES(164,1,'conversation',86,2080,NULL,4,NULL);
INSERT INTO "cards" VALUES(165,1,'conversation',87,2081,NULL,2,NULL);
INSERT INTO "cards" VALUES(166,1,'conversation',88,2082,NULL,2,NULL);
INSERT INTO "cards" VALUES(167,1,'conversation',89,2083,NULL,2,NULL);
INSERT INTO "cards" VALUES(168,1,'conversation',90,2084,NULL,2,NULL);
INSERT INTO "cards" VALUES(169,1,'conversation',91,2085,NULL,2,NULL);
INSERT INTO "cards" VALUES(170,1,'conversation',92,2086,NULL,2,NULL);
INSERT INTO "cards" VALUES(171,1,'conversation',93,2087,NULL,2,NULL);
INSERT INTO "cards" VALUES(172,1,'conversation',94,2088,NULL,4,NULL);
INSERT INTO "cards" VALUES(173,NULL,'conversation',95,2089,NULL,2,NULL);
INSERT INTO "cards" VALUES(174,NULL,'conversation',96,2090,NULL,2,NULL);
INSERT INTO "cards" VALUES(175,NULL,'conversation',97,401,NULL,2,NULL);
INSERT INTO "cards" VALUES(176,NULL,'conversation',98,402,NULL,2,NULL);
INSERT INTO "cards" VALUES(177,NULL,'conversation',99,403,NULL,4,NULL);
INSERT INTO "cards" VALUES(178,1,'conversation',100,404,NULL,2,NULL);
INSERT INTO "cards" VALUES(179,1,'conversation',101,2091,NULL,2,NULL);
INSERT INTO "cards" VALUES(180,1,'conversation',102,405,NULL,2,NULL);
INSERT INTO "cards" VALUES(181,1,'conversation',103,2092,NULL,2,NULL);
INSERT INTO "cards" VALUES(182,1,'conversation',104,406,NULL,NULL,NULL);
INSERT INTO "cards" VALUES(183,1,'conversation',105,2092,NULL,6,NULL);
INSERT INTO "cards" VALUES(184,1,'rental',52,2093,NULL,1,NULL);
INSERT INTO "cards" VALUES(185,1,'conversation',106,2093,NULL,2,NULL);
INSERT INTO "cards" VALUES(186,1,'rental',53,2094,NULL,1,NULL);
INSERT INTO "cards" VALUES(187,1,'conversation',107,2094,NULL,2,NULL);
INSERT INTO "cards" VALUES(188,1,'rental',54,2095,NULL,1,NULL);
INSERT INTO "cards" VALUES(189,1,'conversation',108,2095,NULL,2,NULL);
INSERT INTO "cards" VALUES(190,1,'rental',55,2096,NULL,1,NULL);
INSERT INTO "cards" VALUES(191,1,'conversation',109,2096,NULL,4,NULL);
INSERT INTO "cards" VALUES(192,1,'damage',4,-4000001,NULL,NULL,NULL);
INSERT INTO "cards" VALUES(193,1,'rental',56,2097,NULL,1,NULL);
INSERT INTO "cards" VALUES(194,1,'conversation',110,2097,NULL,4,NULL);
INSERT INTO "cards" VALUES(195,1,'damage',5,-4000001,NULL,NULL,NULL);
INSERT INTO "cards" VALUES(196,1,'conversation',111,-4000001,NULL,55,NULL);
INSERT INTO "cards" VALUES(197,1,'conversation',112,-4000001,NULL,56,NULL);
INSERT INTO "cards" VALUES(198,1,'conversation',113,2098,NULL,2,NULL);
INSERT INTO "cards" VALUES(199,1,'rental',42,101,NULL,NULL,NULL);
CREATE TABLE chat_accounts (
	id INTEGER NOT NULL, 
	first_name VARCHAR(100) NOT NULL, 
	telegram_language VARCHAR(16), 
	language VARCHAR(8), 
	organization_id INTEGER, 
	blocked_at DATETIME, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_chat_accounts PRIMARY KEY (id), 
	CONSTRAINT fk_chat_accounts_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
);
INSERT INTO "chat_accounts" VALUES(101,'Kari','en',NULL,1,NULL,'2026-12-01 08:00:00.000000');
INSERT INTO "chat_accounts" VALUES(102,'Ola','en',NULL,1,NULL,'2026-12-01 08:00:00.000000');
INSERT INTO "chat_accounts" VALUES(103,'Lars','en',NULL,1,NULL,'2026-12-01 08:00:00.000000');
INSERT INTO "chat_accounts" VALUES(104,'Anna','en',NULL,1,NULL,'2026-12-01 08:00:00.000000');
INSERT INTO "chat_accounts" VALUES(105,'Ada','en',NULL,1,NULL,'2026-12-01 08:00:00.000000');
INSERT INTO "chat_accounts" VALUES(301,'Nora','en',NULL,NULL,NULL,'2026-12-01 08:00:00.000000');
INSERT INTO "chat_accounts" VALUES(302,'Per','en',NULL,NULL,NULL,'2026-12-01 08:00:00.000000');
INSERT INTO "chat_accounts" VALUES(401,'Stranger1','en',NULL,NULL,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(402,'Stranger2','en',NULL,NULL,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(403,'Stranger3','en',NULL,NULL,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(404,'Stranger4','en',NULL,NULL,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(405,'Second','en',NULL,NULL,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(406,'Second2','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2001,'Member1','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2002,'Member2','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2003,'Member3','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2004,'Member4','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2005,'Member5','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2006,'Member6','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2007,'Member7','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2008,'Member8','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2009,'Member9','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2010,'Member10','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2011,'Member11','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2012,'Member12','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2013,'Member13','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2014,'Member14','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2015,'Member15','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2016,'Member16','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2017,'Member17','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2018,'Member18','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2019,'Member19','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2020,'Member20','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2021,'Member21','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2022,'Member22','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2023,'Member23','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2024,'Member24','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2025,'Member25','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2026,'Member26','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2027,'Member27','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2028,'Member28','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2029,'Member29','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2030,'Member30','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2031,'Member31','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2032,'Member32','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2033,'Member33','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2034,'Member34','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2035,'Member35','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2036,'Member36','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2037,'Member37','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2038,'Member38','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2039,'Member39','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2040,'Member40','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2041,'Member41','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2042,'Member42','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2043,'Member43','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2044,'Member44','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2045,'Member45','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2046,'Member46','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2047,'Member47','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2048,'Member48','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2049,'Member49','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2050,'Member50','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2051,'Member51','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2052,'Member52','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2053,'Member53','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2054,'Member54','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2055,'Member55','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2056,'Member56','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2057,'Member57','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2058,'Member58','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2059,'Member59','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2060,'Member60','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2061,'Member61','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2062,'Member62','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2063,'Member63','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2064,'Member64','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2065,'Member65','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2066,'Member66','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2067,'Member67','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2068,'Member68','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2069,'Member69','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2070,'Member70','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2071,'Member71','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2072,'Member72','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2073,'Member73','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2074,'Member74','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2075,'Member75','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2076,'Member76','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2077,'Member77','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2078,'Member78','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2079,'Member79','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2080,'Member80','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2081,'Member81','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2082,'Member82','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2083,'Member83','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2084,'Member84','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2085,'Member85','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2086,'Member86','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2087,'Member87','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2088,'Member88','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2089,'Member89','en',NULL,3,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2090,'Member90','en',NULL,4,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2091,'Member91','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2092,'Member92','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2093,'Member93','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2094,'Member94','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2095,'Member95','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2096,'Member96','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2097,'Member97','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2098,'Member98','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
INSERT INTO "chat_accounts" VALUES(2099,'Member99','en',NULL,1,NULL,'2026-12-02 21:14:00.000000');
CREATE TABLE "claims" (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	organization_id INTEGER NOT NULL, 
	item_id INTEGER NOT NULL, 
	rental_id INTEGER, 
	line_id INTEGER, 
	block_id INTEGER, 
	status VARCHAR(20) NOT NULL, 
	starts_at DATETIME NOT NULL, 
	blocked_until DATETIME NOT NULL, 
	out_at DATETIME, 
	out_by INTEGER, 
	return_claimed_at DATETIME, 
	returned_at DATETIME, 
	returned_to INTEGER, 
	problem TEXT NOT NULL, 
	returned_condition VARCHAR(20), 
	returned_photo_id INTEGER, 
	CONSTRAINT fk_claims_rental_id FOREIGN KEY(rental_id) REFERENCES rentals (id), 
	CONSTRAINT ck_claims_out_at_known CHECK (block_id IS NOT NULL OR out_at IS NOT NULL OR status NOT IN ('out', 'returned', 'lost')), 
	CONSTRAINT fk_claims_item_id FOREIGN KEY(item_id) REFERENCES items (id), 
	CONSTRAINT fk_claims_out_by FOREIGN KEY(out_by) REFERENCES users (id), 
	CONSTRAINT ck_claims_one_reason CHECK ((line_id IS NULL) <> (block_id IS NULL)), 
	CONSTRAINT fk_claims_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id), 
	CONSTRAINT ck_claims_period CHECK (starts_at < blocked_until), 
	CONSTRAINT fk_claims_block_id FOREIGN KEY(block_id) REFERENCES blocks (id), 
	CONSTRAINT fk_claims_returned_to FOREIGN KEY(returned_to) REFERENCES users (id), 
	CONSTRAINT ck_claims_status CHECK (status IN ('wanted', 'held', 'out', 'returned', 'released', 'lost')), 
	CONSTRAINT fk_claims_line_id FOREIGN KEY(line_id) REFERENCES rental_lines (id), 
	CONSTRAINT ck_claims_returned_condition CHECK (returned_condition IN ('ok', 'damaged', 'in_repair', 'lost', 'retired')), 
	CONSTRAINT fk_claims_returned_photo_id FOREIGN KEY(returned_photo_id) REFERENCES photos (id)
);
INSERT INTO "claims" VALUES(1,1,4,1,1,NULL,'out','2026-12-01 08:00:00.000000','2026-12-02 19:00:00.000000','2026-12-01 08:00:00.000000',3,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(2,1,4,2,2,NULL,'held','2026-12-02 19:00:00.000000','2026-12-04 19:00:00.000000',NULL,NULL,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(3,1,49,3,3,NULL,'out','2026-12-01 08:00:00.000000','2026-12-02 19:00:00.000000','2026-12-01 08:00:00.000000',3,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(4,1,49,4,4,NULL,'held','2026-12-02 19:00:00.000000','2026-12-05 19:00:00.000000',NULL,NULL,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(5,1,50,5,5,NULL,'held','2026-12-02 19:00:00.000000','2026-12-03 19:00:00.000000',NULL,NULL,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(6,1,47,6,6,NULL,'out','2026-12-01 08:00:00.000000','2026-12-03 19:00:00.000000','2026-12-01 08:00:00.000000',3,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(7,1,47,7,7,NULL,'held','2026-12-03 19:00:00.000000','2026-12-05 19:00:00.000000',NULL,NULL,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(8,1,52,8,8,NULL,'out','2026-12-01 08:00:00.000000','2026-12-03 19:00:00.000000','2026-12-01 08:00:00.000000',3,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(9,1,53,8,8,NULL,'out','2026-12-01 08:00:00.000000','2026-12-03 19:00:00.000000','2026-12-01 08:00:00.000000',3,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(10,1,54,8,8,NULL,'out','2026-12-01 08:00:00.000000','2026-12-03 19:00:00.000000','2026-12-01 08:00:00.000000',3,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(11,1,52,9,9,NULL,'held','2026-12-03 19:00:00.000000','2026-12-05 19:00:00.000000',NULL,NULL,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(12,1,53,9,9,NULL,'held','2026-12-03 19:00:00.000000','2026-12-05 19:00:00.000000',NULL,NULL,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(13,1,7,10,10,NULL,'released','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000',NULL,NULL,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(14,1,7,11,11,NULL,'released','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000',NULL,NULL,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(15,1,7,12,12,NULL,'released','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000',NULL,NULL,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(16,1,8,13,13,NULL,'held','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000',NULL,NULL,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(17,1,9,13,13,NULL,'held','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000',NULL,NULL,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(18,1,10,14,14,NULL,'held','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000',NULL,NULL,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(19,1,11,14,14,NULL,'held','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000',NULL,NULL,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(20,1,12,15,15,NULL,'held','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000',NULL,NULL,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(21,1,13,15,15,NULL,'held','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000',NULL,NULL,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(22,1,14,16,16,NULL,'held','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000',NULL,NULL,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(23,1,15,16,16,NULL,'held','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000',NULL,NULL,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(24,1,16,17,17,NULL,'held','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000',NULL,NULL,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(25,1,17,18,18,NULL,'out','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000','2026-12-01 08:00:00.000000',3,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(26,1,18,19,19,NULL,'out','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000','2026-12-01 08:00:00.000000',3,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(27,1,19,19,19,NULL,'out','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000','2026-12-01 08:00:00.000000',3,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(28,1,20,20,20,NULL,'out','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000','2026-12-01 08:00:00.000000',3,'2026-12-01 08:00:00.000000',NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(29,1,21,20,20,NULL,'out','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000','2026-12-01 08:00:00.000000',3,'2026-12-01 08:00:00.000000',NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(30,1,22,21,21,NULL,'out','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000','2026-12-01 08:00:00.000000',3,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(31,1,23,21,21,NULL,'out','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000','2026-12-01 08:00:00.000000',3,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(32,1,24,22,22,NULL,'out','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000','2026-12-01 08:00:00.000000',3,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(33,1,25,22,22,NULL,'out','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000','2026-12-01 08:00:00.000000',3,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(34,1,26,23,23,NULL,'out','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000','2026-12-01 08:00:00.000000',3,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(35,1,27,23,23,NULL,'out','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000','2026-12-01 08:00:00.000000',3,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(36,1,28,24,24,NULL,'returned','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000','2026-12-01 08:00:00.000000',3,'2026-12-01 08:00:00.000000','2026-12-01 08:00:00.000000',3,'',NULL,NULL);
INSERT INTO "claims" VALUES(37,1,29,25,25,NULL,'returned','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000','2026-12-01 08:00:00.000000',3,'2026-12-01 08:00:00.000000','2026-12-01 08:00:00.000000',3,'',NULL,NULL);
INSERT INTO "claims" VALUES(38,1,30,25,25,NULL,'returned','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000','2026-12-01 08:00:00.000000',3,'2026-12-01 08:00:00.000000','2026-12-01 08:00:00.000000',3,'',NULL,NULL);
INSERT INTO "claims" VALUES(39,1,31,26,26,NULL,'returned','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000','2026-12-01 08:00:00.000000',3,'2026-12-01 08:00:00.000000','2026-12-01 08:00:00.000000',3,'',NULL,NULL);
INSERT INTO "claims" VALUES(40,1,32,26,26,NULL,'returned','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000','2026-12-01 08:00:00.000000',3,'2026-12-01 08:00:00.000000','2026-12-01 08:00:00.000000',3,'',NULL,NULL);
INSERT INTO "claims" VALUES(41,1,33,27,27,NULL,'out','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000','2026-12-01 08:00:00.000000',3,NULL,NULL,NULL,'The glass is <cracked>',NULL,NULL);
INSERT INTO "claims" VALUES(42,1,34,28,28,NULL,'out','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000','2026-12-01 08:00:00.000000',3,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(43,1,35,28,28,NULL,'out','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000','2026-12-01 08:00:00.000000',3,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(44,1,48,30,30,NULL,'released','2026-12-09 19:00:00.000000','2026-12-10 19:00:00.000000',NULL,NULL,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(45,1,48,NULL,NULL,1,'held','2026-12-01 08:00:00.000000','2026-12-13 08:00:00.000000',NULL,NULL,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(46,1,7,31,31,NULL,'held','2026-12-12 19:00:00.000000','2026-12-13 19:00:00.000000',NULL,NULL,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(47,1,7,32,32,NULL,'held','2026-12-13 19:00:00.000000','2026-12-14 19:00:00.000000',NULL,NULL,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(48,1,7,33,33,NULL,'held','2026-12-14 19:00:00.000000','2026-12-15 19:00:00.000000',NULL,NULL,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(49,1,7,34,34,NULL,'held','2026-12-15 19:00:00.000000','2026-12-16 19:00:00.000000',NULL,NULL,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(50,1,7,35,35,NULL,'held','2026-12-16 19:00:00.000000','2026-12-17 19:00:00.000000',NULL,NULL,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(51,1,7,36,36,NULL,'held','2026-12-17 19:00:00.000000','2026-12-18 19:00:00.000000',NULL,NULL,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(52,1,7,37,37,NULL,'held','2026-12-18 19:00:00.000000','2026-12-19 19:00:00.000000',NULL,NULL,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(53,1,7,38,38,NULL,'held','2026-12-19 19:00:00.000000','2026-12-20 19:00:00.000000',NULL,NULL,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(54,1,7,39,39,NULL,'held','2026-12-20 19:00:00.000000','2026-12-21 19:00:00.000000',NULL,NULL,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(55,1,7,40,40,NULL,'held','2026-12-21 19:00:00.000000','2026-12-22 19:00:00.000000',NULL,NULL,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(56,1,7,41,41,NULL,'held','2026-12-22 19:00:00.000000','2026-12-23 19:00:00.000000',NULL,NULL,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(57,1,7,42,42,NULL,'held','2026-12-23 19:00:00.000000','2026-12-24 19:00:00.000000',NULL,NULL,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(58,1,1,52,49,NULL,'out','2026-12-02 21:14:00.000000','2026-12-06 19:00:00.000000','2026-12-02 21:14:00.000000',3,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(59,1,5,53,50,NULL,'out','2026-12-02 21:14:00.000000','2026-12-06 19:00:00.000000','2026-12-02 21:14:00.000000',3,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(60,1,2,54,51,NULL,'out','2026-12-02 21:14:00.000000','2026-12-06 19:00:00.000000','2026-12-02 21:14:00.000000',3,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(61,1,3,54,51,NULL,'out','2026-12-02 21:14:00.000000','2026-12-06 19:00:00.000000','2026-12-02 21:14:00.000000',3,NULL,NULL,NULL,'',NULL,NULL);
INSERT INTO "claims" VALUES(62,1,6,55,52,NULL,'out','2026-12-02 21:14:00.000000','2026-12-06 19:00:00.000000','2026-12-02 21:14:00.000000',3,NULL,NULL,NULL,'A hole',NULL,NULL);
INSERT INTO "claims" VALUES(63,1,51,56,53,NULL,'out','2026-12-02 21:14:00.000000','2026-12-06 19:00:00.000000','2026-12-02 21:14:00.000000',3,NULL,NULL,NULL,'Photo only',NULL,NULL);
CREATE TABLE closed_days (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	organization_id INTEGER NOT NULL, 
	location_id INTEGER, 
	first DATE NOT NULL, 
	last DATE NOT NULL, 
	reason VARCHAR(200) NOT NULL, 
	CONSTRAINT ck_closed_days_days CHECK (first <= last), 
	CONSTRAINT fk_closed_days_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id), 
	CONSTRAINT fk_closed_days_location_id FOREIGN KEY(location_id) REFERENCES locations (id)
);
CREATE TABLE conversations (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	chat_id INTEGER NOT NULL, 
	account_id INTEGER NOT NULL, 
	organization_id INTEGER, 
	name VARCHAR(40) NOT NULL, 
	state VARCHAR(40) NOT NULL, 
	data JSON NOT NULL, 
	version INTEGER NOT NULL, 
	updated_at DATETIME NOT NULL, 
	CONSTRAINT fk_conversations_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id), 
	CONSTRAINT uq_conversations_chat_id_account_id UNIQUE (chat_id, account_id)
);
INSERT INTO "conversations" VALUES(1,101,101,1,'problem','over','{"rental_id": 27, "claim_id": 41, "note_id": 1, "outcome": "noted"}',4,'2026-12-01 08:00:00.000000');
INSERT INTO "conversations" VALUES(3,301,301,1,'join','over','{"first": "Nora", "last": "Dahl", "field": "city", "told": {"city": "Bod\u00f8"}, "outcome": "asked"}',6,'2026-12-01 08:00:00.000000');
INSERT INTO "conversations" VALUES(4,302,302,1,'join','over','{"first": "Per", "last": "Dahl", "field": "city", "told": {"city": "Bod\u00f8"}, "outcome": "asked"}',6,'2026-12-01 08:00:00.000000');
INSERT INTO "conversations" VALUES(6,103,103,1,'rent','first','{"rental_id": 29}',2,'2026-12-02 21:10:00.000000');
INSERT INTO "conversations" VALUES(7,2001,2001,1,'rent','pick','{"rental_id": 43}',1,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(8,2002,2002,1,'rent','first','{"rental_id": 44}',2,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(9,2003,2003,1,'rent','basket','{"rental_id": 45}',4,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(10,2004,2004,1,'export','what','{}',1,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(11,2005,2005,1,'members','list','{}',1,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(12,2006,2006,1,'members','card','{"user_id": 1}',3,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(13,2007,2007,1,'me','home','{}',1,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(14,2008,2008,1,'inventory','list','{}',1,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(15,2009,2009,1,'inventory','equipment','{"equipment_id": 4, "about": "equipment"}',3,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(16,2010,2010,1,'inventory','item','{"item_id": 34, "equipment_id": 4, "about": "item"}',2,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(17,2011,2011,1,'labels','labels','{}',1,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(18,2012,2012,1,'policy','policy','{}',1,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(19,2013,2013,1,'audit','list','{}',1,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(20,2014,2014,NULL,'organizations','organizations','{}',1,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(21,2015,2015,1,'rent','whom','{"rental_id": 46, "whom_page": 0, "whom_back": "pick"}',2,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(22,2016,2016,1,'rent','types','{"rental_id": 47, "types_page": 0}',2,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(23,2017,2017,1,'rent','last','{"rental_id": 48, "first": "2026-12-03"}',3,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(24,2018,2018,1,'rent','purpose','{"rental_id": 49}',5,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(25,2019,2019,1,'rent','detail','{"rental_id": 50, "field_id": 1, "several": true}',6,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(26,2020,2020,1,'export','how','{"what": "inventory"}',2,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(27,2021,2021,1,'members','role','{"user_id": 1}',4,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(28,2022,2022,1,'members','fields','{"user_id": 1, "fields_page": 0}',4,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(29,2023,2023,1,'members','why','{"user_id": 1}',4,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(30,2024,2024,1,'me','accounts','{}',2,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(31,2025,2025,1,'me','leave','{"seen": []}',2,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(32,2026,2026,1,'me','forget','{"seen": []}',2,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(33,2027,2027,1,'inventory','name','{}',2,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(34,2028,2028,1,'block','blocks','{}',2,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(35,2029,2029,1,'kits','kits','{}',2,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(36,2030,2030,1,'places','places','{}',2,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(37,2031,2031,1,'tags','tags','{}',2,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(38,2032,2032,1,'fields','fields','{}',2,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(39,2033,2033,1,'inventory','items','{"equipment_id": 4, "about": "equipment", "items_page": 0}',4,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(40,2034,2034,1,'inventory','more','{"equipment_id": 4, "about": "equipment"}',4,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(41,2035,2035,1,'inventory','fields','{"equipment_id": 4, "about": "equipment"}',4,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(42,2036,2036,1,'inventory','photo','{"equipment_id": 4, "about": "equipment", "version": 1}',4,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(43,2037,2037,1,'block','pieces','{"equipment_id": 4}',4,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(44,2038,2038,1,'rules','rules','{"equipment_id": 4}',4,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(45,2039,2039,1,'problem','ask','{"item_id": 34, "lender": true}',3,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(46,2040,2040,1,'labels','choose','{"lists": "type"}',2,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(47,2041,2041,1,'labels','sheet','{"by": "equipment", "value": 4, "name": "Lamp"}',4,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(48,2042,2042,1,'labels','first','{"by": "equipment", "value": 4, "name": "Lamp"}',4,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(49,2043,2043,1,'policy','group','{"group": "approval"}',2,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(50,2044,2044,1,'opening','opening','{}',2,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(51,2045,2045,1,'audit','choice','{"words": "9.12."}',2,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(52,2046,2046,NULL,'organizations','card','{"organization_id": 1}',2,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(53,2047,2047,NULL,'organizations','new_name','{}',2,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(54,2048,2048,1,'members','value','{"user_id": 1, "fields_page": 0, "field": "first_name", "seen": "Kari"}',5,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(55,2049,2049,1,'members','until','{"user_id": 1, "reason": "Things were not brought back"}',5,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(56,2050,2050,1,'me','surely','{"seen": []}',3,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(57,2051,2051,1,'inventory','picture','{"new": "Lamp", "place": 1}',4,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(58,2052,2052,1,'kits','kit','{"id": 1, "seen": 2}',4,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(59,2053,2053,1,'kits','new','{}',3,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(60,2054,2054,1,'places','one','{"id": 1}',3,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(61,2055,2055,1,'places','new','{}',3,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(62,2056,2056,1,'tags','one','{"id": 1}',3,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(63,2057,2057,1,'tags','new','{}',3,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(64,2058,2058,1,'fields','of','{"describes": "equipment"}',3,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(65,2059,2059,1,'block','last','{"equipment_id": 4, "pieces": 2, "first": "2026-12-09"}',6,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(66,2060,2060,1,'block','check','{"equipment_id": 4, "pieces": 2, "first": "2026-12-09", "last": "2026-12-12", "seen": []}',9,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(67,2061,2061,1,'inventory','value','{"item_id": 34, "equipment_id": 4, "about": "item", "field": "code", "version": 1}',4,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(68,2062,2062,1,'inventory','choice','{"item_id": 34, "equipment_id": 4, "about": "item", "field": "location", "version": 1}',4,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(69,2063,2063,1,'problem','photo','{"item_id": 34, "lender": true, "note_id": 2, "outcome": "noted"}',4,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(70,2064,2064,1,'problem','words','{"item_id": 34, "lender": true, "note_id": 3, "outcome": "noted"}',4,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(71,2065,2065,1,'policy','rule','{"group": "approval", "rule": "approval", "seen": true}',3,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(72,2066,2066,1,'opening','day','{"weekday": 0, "seen": ["08:00-20:00", "08:00-20:00"]}',4,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(73,2067,2067,1,'opening','closed','{"page": 0}',3,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(74,2068,2068,1,'opening','places','{"page": 0}',3,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(75,2069,2069,NULL,'organizations','edit','{"organization_id": 1, "detail": "name", "seen": "Fjellklubben"}',3,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(76,2070,2070,NULL,'organizations','new_zone','{"name": "Lamp", "zones": ["Europe/Oslo"]}',3,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(77,2071,2071,1,'inventory','new','{"new": "Lamp", "place": 1}',5,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(78,2072,2072,1,'kits','pieces','{"id": 1, "seen": 2, "equipment_id": 4}',5,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(79,2073,2073,1,'kits','search','{"id": 1, "seen": 2}',5,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(80,2074,2074,1,'kits','name','{"id": 1, "seen": 2}',5,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(81,2075,2075,1,'places','name','{"id": 1}',4,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(82,2076,2076,1,'tags','name','{"id": 1}',4,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(83,2077,2077,1,'fields','new','{"describes": "equipment"}',4,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(84,2078,2078,NULL,'organizations','new_language','{"name": "Lamp", "timezone": "Europe/Oslo"}',4,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(85,2079,2079,1,'inventory','new_place','{"new": "Lamp", "place": 1, "choices_page": 0}',6,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(86,2080,2080,1,'fields','one','{"describes": "equipment", "id": 6}',5,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(87,2081,2081,1,'rent','details','{"rental_id": 51}',5,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(88,2082,2082,1,'export','when','{"what": "rentals"}',2,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(89,2083,2083,1,'block','choose','{"equipment_id": 4, "page": 0}',5,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(90,2084,2084,1,'block','first','{"equipment_id": 4, "pieces": 2}',5,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(91,2085,2085,1,'fields','name','{"describes": "user", "id": 5}',5,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(92,2086,2086,1,'rules','rule','{"equipment_id": 4, "rule": "longest_days", "seen": 1}',5,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(93,2087,2087,1,'inventory','surely','{"item_id": 7, "equipment_id": 4, "about": "item", "condition": "retired", "version": 1, "giving_up": []}',4,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(94,2088,2088,1,'inventory','new_type','{"new": "Gadget 77", "choices_page": 0}',6,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(95,2089,2089,NULL,'organizations','surely','{"organization_id": 3}',3,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(96,2090,2090,NULL,'organizations','really','{"organization_id": 4}',4,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(97,401,401,NULL,'join','where','{}',1,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(98,402,402,1,'join','ask','{}',2,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(99,403,403,1,'join','question','{"first": "Siv", "last": "Moe", "field": "city"}',4,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(100,404,404,1,'join','ask','{"invite_id": 2}',1,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(101,2091,2091,1,'me','accounts','{}',2,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(102,405,405,1,'join','confirm','{"invite_id": 3}',2,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(104,406,406,1,'join','over','{"invite_id": 4, "outcome": "joined"}',3,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(105,2092,2092,1,'me','unlink','{"unlink": 2092}',3,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(106,2093,2093,1,'extend','ask','{"rental_id": 52}',1,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(107,2094,2094,1,'problem','ask','{"rental_id": 53, "claim_id": 59}',2,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(108,2095,2095,1,'problem','which','{"rental_id": 54}',1,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(109,2096,2096,1,'problem','photo','{"rental_id": 55, "claim_id": 62, "note_id": 4, "outcome": "noted"}',3,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(110,2097,2097,1,'problem','words','{"rental_id": 56, "claim_id": 63, "note_id": 5, "outcome": "noted"}',3,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(111,-4000001,104,1,'decline','ask','{"rental_id": 33}',1,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(112,-4000001,105,1,'turn_away','ask','{"request_id": 2}',1,'2026-12-02 21:14:00.000000');
INSERT INTO "conversations" VALUES(113,2098,2098,1,'inventory','item','{"item_id": 34, "equipment_id": 4, "about": "item"}',2,'2026-12-02 21:14:00.000000');
CREATE TABLE custom_fields (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	organization_id INTEGER NOT NULL, 
	describes VARCHAR(20) NOT NULL, 
	label VARCHAR(100) NOT NULL, 
	position INTEGER NOT NULL, 
	disabled_at DATETIME, 
	CONSTRAINT fk_custom_fields_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id), 
	CONSTRAINT uq_custom_fields_organization_id_describes_label UNIQUE (organization_id, describes, label), 
	CONSTRAINT ck_custom_fields_describes CHECK (describes IN ('equipment', 'item', 'user', 'rental'))
);
INSERT INTO "custom_fields" VALUES(1,1,'rental','People',1,NULL);
INSERT INTO "custom_fields" VALUES(2,1,'rental','Where to',2,NULL);
INSERT INTO "custom_fields" VALUES(3,1,'rental','Leader',3,NULL);
INSERT INTO "custom_fields" VALUES(4,1,'rental','Phone',4,NULL);
INSERT INTO "custom_fields" VALUES(5,1,'user','Licence',1,NULL);
INSERT INTO "custom_fields" VALUES(6,1,'equipment','Lamp',1,NULL);
CREATE TABLE damage_notes (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	organization_id INTEGER NOT NULL, 
	item_id INTEGER NOT NULL, 
	claim_id INTEGER, 
	note TEXT NOT NULL, 
	photo_id INTEGER, 
	reported_by INTEGER, 
	created_at DATETIME NOT NULL, 
	closed_at DATETIME, 
	closed_by INTEGER, 
	CONSTRAINT fk_damage_notes_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id), 
	CONSTRAINT fk_damage_notes_item_id FOREIGN KEY(item_id) REFERENCES items (id), 
	CONSTRAINT fk_damage_notes_claim_id FOREIGN KEY(claim_id) REFERENCES claims (id), 
	CONSTRAINT fk_damage_notes_photo_id FOREIGN KEY(photo_id) REFERENCES photos (id), 
	CONSTRAINT fk_damage_notes_reported_by FOREIGN KEY(reported_by) REFERENCES users (id), 
	CONSTRAINT fk_damage_notes_closed_by FOREIGN KEY(closed_by) REFERENCES users (id)
);
INSERT INTO "damage_notes" VALUES(1,1,33,41,'The glass is <cracked>',1,1,'2026-12-01 08:00:00.000000',NULL,NULL);
INSERT INTO "damage_notes" VALUES(2,1,34,NULL,'Lamp',NULL,71,'2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "damage_notes" VALUES(3,1,34,NULL,'Photo only',2,72,'2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "damage_notes" VALUES(4,1,6,62,'A hole',NULL,104,'2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "damage_notes" VALUES(5,1,51,63,'Photo only',3,105,'2026-12-02 21:14:00.000000',NULL,NULL);
CREATE TABLE equipment (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	organization_id INTEGER NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	brand VARCHAR(100) NOT NULL, 
	model VARCHAR(100) NOT NULL, 
	type VARCHAR(100) NOT NULL, 
	description TEXT NOT NULL, 
	photo_id INTEGER, 
	custom JSON NOT NULL, 
	policy JSON NOT NULL, 
	search_text TEXT NOT NULL, 
	retired_at DATETIME, 
	created_at DATETIME NOT NULL, 
	version INTEGER NOT NULL, 
	CONSTRAINT fk_equipment_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id), 
	CONSTRAINT fk_equipment_photo_id FOREIGN KEY(photo_id) REFERENCES photos (id), 
	CONSTRAINT uq_equipment_organization_id_name UNIQUE (organization_id, name)
);
INSERT INTO "equipment" VALUES(1,1,'Tent','','','','',NULL,'{}','{}','tent',NULL,'2026-12-01 08:00:00.000000',1);
INSERT INTO "equipment" VALUES(2,1,'Stove','','','Cooking','',NULL,'{}','{}','stove',NULL,'2026-12-01 08:00:00.000000',1);
INSERT INTO "equipment" VALUES(3,1,'Tarpaulin 3×4','','','','',NULL,'{}','{}','tarpaulin 3×4',NULL,'2026-12-01 08:00:00.000000',1);
INSERT INTO "equipment" VALUES(4,1,'Lamp','','','Light','',NULL,'{}','{}','lamp light',NULL,'2026-12-01 08:00:00.000000',1);
INSERT INTO "equipment" VALUES(5,1,'Canoe','','','Boat','',NULL,'{}','{}','canoe boat',NULL,'2026-12-01 08:00:00.000000',1);
INSERT INTO "equipment" VALUES(6,1,'Dinghy','','','Boat','',NULL,'{}','{}','dinghy boat',NULL,'2026-12-01 08:00:00.000000',1);
INSERT INTO "equipment" VALUES(7,1,'Sledge','','','Snow','',NULL,'{}','{}','sledge snow',NULL,'2026-12-01 08:00:00.000000',1);
INSERT INTO "equipment" VALUES(8,1,'Burner','','','Cooking','',NULL,'{}','{}','burner cooking',NULL,'2026-12-01 08:00:00.000000',1);
INSERT INTO "equipment" VALUES(9,1,'Kayak','','','Boat','',NULL,'{}','{}','kayak boat',NULL,'2026-12-01 08:00:00.000000',1);
INSERT INTO "equipment" VALUES(10,2,'Raft','','','','',NULL,'{}','{}','raft',NULL,'2026-12-01 08:00:00.000000',1);
CREATE TABLE equipment_tags (
	equipment_id INTEGER NOT NULL, 
	tag_id INTEGER NOT NULL, 
	CONSTRAINT pk_equipment_tags PRIMARY KEY (equipment_id, tag_id), 
	CONSTRAINT fk_equipment_tags_equipment_id FOREIGN KEY(equipment_id) REFERENCES equipment (id) ON DELETE CASCADE, 
	CONSTRAINT fk_equipment_tags_tag_id FOREIGN KEY(tag_id) REFERENCES tags (id) ON DELETE CASCADE
);
CREATE TABLE extensions (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	rental_id INTEGER NOT NULL, 
	due_at DATETIME NOT NULL, 
	status VARCHAR(20) NOT NULL, 
	asked_at DATETIME NOT NULL, 
	decided_at DATETIME, 
	decided_by INTEGER, 
	CONSTRAINT fk_extensions_decided_by FOREIGN KEY(decided_by) REFERENCES users (id), 
	CONSTRAINT fk_extensions_rental_id FOREIGN KEY(rental_id) REFERENCES rentals (id), 
	CONSTRAINT ck_extensions_status CHECK (status IN ('asked', 'granted', 'declined', 'withdrawn'))
);
INSERT INTO "extensions" VALUES(1,19,'2026-12-07 19:00:00.000000','asked','2026-12-01 08:00:00.000000',NULL,NULL);
INSERT INTO "extensions" VALUES(2,28,'2026-12-07 19:00:00.000000','declined','2026-12-01 08:00:00.000000','2026-12-01 08:00:00.000000',4);
CREATE TABLE former_links (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	account_id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	left_at DATETIME NOT NULL, 
	CONSTRAINT fk_former_links_account_id FOREIGN KEY(account_id) REFERENCES chat_accounts (id), 
	CONSTRAINT fk_former_links_user_id FOREIGN KEY(user_id) REFERENCES users (id), 
	CONSTRAINT uq_former_links_account_id_user_id UNIQUE (account_id, user_id)
);
CREATE TABLE hand_overs (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	organization_id INTEGER NOT NULL, 
	claim_id INTEGER NOT NULL, 
	to_claim_id INTEGER NOT NULL, 
	status VARCHAR(20) NOT NULL, 
	offered_at DATETIME NOT NULL, 
	decided_at DATETIME, 
	CONSTRAINT fk_hand_overs_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id), 
	CONSTRAINT fk_hand_overs_claim_id FOREIGN KEY(claim_id) REFERENCES claims (id), 
	CONSTRAINT fk_hand_overs_to_claim_id FOREIGN KEY(to_claim_id) REFERENCES claims (id), 
	CONSTRAINT ck_hand_overs_status CHECK (status IN ('offered', 'done', 'declined', 'withdrawn'))
);
INSERT INTO "hand_overs" VALUES(1,1,6,7,'offered','2026-12-02 19:30:00.000000',NULL);
CREATE TABLE inbox (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	update_id INTEGER NOT NULL, 
	chat_key INTEGER NOT NULL, 
	payload JSON NOT NULL, 
	status VARCHAR(20) NOT NULL, 
	attempts INTEGER NOT NULL, 
	error TEXT NOT NULL, 
	received_at DATETIME NOT NULL, 
	done_at DATETIME, 
	CONSTRAINT uq_inbox_update_id UNIQUE (update_id), 
	CONSTRAINT ck_inbox_status CHECK (status IN ('waiting', 'done', 'set_aside'))
);
INSERT INTO "inbox" VALUES(321,700000321,101,'{"update_id": 700000321, "message": {"message_id": 40, "chat": {"id": 101, "type": "private", "first_name": "Kari"}, "from": {"id": 101, "is_bot": false, "first_name": "Kari", "language_code": "en"}, "date": 1796246040, "text": "/rentals", "entities": [{"type": "bot_command", "offset": 0, "length": 8}]}}','waiting',0,'','2026-12-02 21:14:00.000000',NULL);
INSERT INTO "inbox" VALUES(322,700000322,104,'{"update_id": 700000322, "message": {"message_id": 14, "chat": {"id": 104, "type": "private", "first_name": "Anna"}, "from": {"id": 104, "is_bot": false, "first_name": "Anna", "language_code": "en"}, "date": 1796246040, "text": "/help", "entities": [{"type": "bot_command", "offset": 0, "length": 5}]}}','waiting',0,'','2026-12-02 21:14:00.000000',NULL);
INSERT INTO "inbox" VALUES(323,700000323,101,'{"update_id": 700000323, "callback_query": {"id": "10100000168", "from": {"id": 101, "is_bot": false, "first_name": "Kari", "language_code": "en"}, "message": {"message_id": 12, "chat": {"id": 101, "type": "private", "first_name": "Kari"}, "from": {"id": 7000000001, "is_bot": true, "first_name": "Equiplib", "username": "equiplib_demo_bot"}, "date": 1796112000, "edit_date": 1796112000, "reply_markup": {"inline_keyboard": [[{"text": "Return", "callback_data": "1:re:19:"}, {"text": "Only some", "callback_data": "1:sb:19:"}], [{"text": "Extend", "callback_data": "1:ex:19:"}, {"text": "Problem", "callback_data": "1:pr:19:"}]]}, "text": "Rental 19\n\ud83d\udce6 Out, due Sun 6 Dec 20:00\nTue 1 Dec 09:00 \u2013 Sun 6 Dec 20:00\n\u2022 2 \u00d7 Lamp\nCodes: L12, L13\nMore time asked for: until Mon 7 Dec 20:00", "entities": [{"type": "bold", "offset": 0, "length": 9}]}, "chat_instance": "101", "data": "1:re:19:"}}','waiting',0,'','2026-12-02 21:14:00.000000',NULL);
CREATE TABLE "invites" (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	organization_id INTEGER NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	role VARCHAR(20) NOT NULL, 
	first_name VARCHAR(100), 
	last_name VARCHAR(100), 
	uses_left INTEGER NOT NULL, 
	expires_at DATETIME NOT NULL, 
	created_by INTEGER, 
	created_at DATETIME NOT NULL, 
	user_id INTEGER, 
	CONSTRAINT fk_invites_created_by FOREIGN KEY(created_by) REFERENCES users (id), 
	CONSTRAINT ck_invites_role CHECK (role IN ('user', 'lender', 'admin', 'leader')), 
	CONSTRAINT fk_invites_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id), 
	CONSTRAINT uq_invites_token_hash UNIQUE (token_hash), 
	CONSTRAINT fk_invites_user_id FOREIGN KEY(user_id) REFERENCES users (id)
);
INSERT INTO "invites" VALUES(1,1,'92a6d2488f93d2e4628b567b0a1a446c04881fb18195de17b5ace6c5529fb07b','user',NULL,NULL,1,'2026-12-31 08:00:00.000000',4,'2026-12-01 08:00:00.000000',8);
INSERT INTO "invites" VALUES(2,1,'1a67327577e4209f688713409af8acf748a7e9a1dc228876e4b45a6fef8e5943','lender',NULL,NULL,1,'2026-12-16 21:14:00.000000',5,'2026-12-02 21:14:00.000000',NULL);
INSERT INTO "invites" VALUES(3,1,'36324bb97302e4633f9a65804720392ed88fe9f402ce7b22717434c0355e5868','user',NULL,NULL,1,'2026-12-03 21:14:00.000000',99,'2026-12-02 21:14:00.000000',99);
INSERT INTO "invites" VALUES(4,1,'41dfbbe33ef0cce8bb3a0b8636c8630a290afb3995866ecf70cb0b809062b8f4','user',NULL,NULL,0,'2026-12-03 21:14:00.000000',100,'2026-12-02 21:14:00.000000',100);
CREATE TABLE items (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	organization_id INTEGER NOT NULL, 
	equipment_id INTEGER NOT NULL, 
	code VARCHAR(100) NOT NULL, 
	label VARCHAR(200) NOT NULL, 
	serial_number VARCHAR(200), 
	location_id INTEGER, 
	condition VARCHAR(20) NOT NULL, 
	comment TEXT NOT NULL, 
	custom JSON NOT NULL, 
	label_token VARCHAR(32) NOT NULL, 
	created_at DATETIME NOT NULL, 
	version INTEGER NOT NULL, 
	CONSTRAINT fk_items_equipment_id FOREIGN KEY(equipment_id) REFERENCES equipment (id), 
	CONSTRAINT fk_items_location_id FOREIGN KEY(location_id) REFERENCES locations (id), 
	CONSTRAINT fk_items_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id), 
	CONSTRAINT uq_items_label_token UNIQUE (label_token), 
	CONSTRAINT uq_items_organization_id_code UNIQUE (organization_id, code), 
	CONSTRAINT ck_items_condition CHECK (condition IN ('ok', 'damaged', 'in_repair', 'lost', 'retired'))
);
INSERT INTO "items" VALUES(1,1,1,'T1','',NULL,NULL,'ok','','{}','1-T1','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(2,1,1,'T2','',NULL,NULL,'ok','','{}','1-T2','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(3,1,1,'T3','',NULL,NULL,'ok','','{}','1-T3','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(4,1,2,'S1','',NULL,NULL,'ok','','{}','1-S1','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(5,1,3,'P1','',NULL,NULL,'ok','','{}','1-P1','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(6,1,3,'P2','',NULL,NULL,'ok','','{}','1-P2','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(7,1,4,'L01','',NULL,1,'ok','','{}','1-L01','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(8,1,4,'L02','',NULL,1,'ok','','{}','1-L02','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(9,1,4,'L03','',NULL,1,'ok','','{}','1-L03','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(10,1,4,'L04','',NULL,1,'ok','','{}','1-L04','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(11,1,4,'L05','',NULL,1,'ok','','{}','1-L05','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(12,1,4,'L06','',NULL,1,'ok','','{}','1-L06','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(13,1,4,'L07','',NULL,1,'ok','','{}','1-L07','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(14,1,4,'L08','',NULL,1,'ok','','{}','1-L08','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(15,1,4,'L09','',NULL,1,'ok','','{}','1-L09','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(16,1,4,'L10','',NULL,1,'ok','','{}','1-L10','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(17,1,4,'L11','',NULL,1,'ok','','{}','1-L11','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(18,1,4,'L12','',NULL,1,'ok','','{}','1-L12','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(19,1,4,'L13','',NULL,1,'ok','','{}','1-L13','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(20,1,4,'L14','',NULL,1,'ok','','{}','1-L14','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(21,1,4,'L15','',NULL,1,'ok','','{}','1-L15','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(22,1,4,'L16','',NULL,1,'ok','','{}','1-L16','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(23,1,4,'L17','',NULL,1,'ok','','{}','1-L17','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(24,1,4,'L18','',NULL,1,'ok','','{}','1-L18','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(25,1,4,'L19','',NULL,1,'ok','','{}','1-L19','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(26,1,4,'L20','',NULL,1,'ok','','{}','1-L20','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(27,1,4,'L21','',NULL,1,'ok','','{}','1-L21','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(28,1,4,'L22','',NULL,1,'ok','','{}','1-L22','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(29,1,4,'L23','',NULL,1,'ok','','{}','1-L23','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(30,1,4,'L24','',NULL,1,'ok','','{}','1-L24','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(31,1,4,'L25','',NULL,1,'ok','','{}','1-L25','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(32,1,4,'L26','',NULL,1,'ok','','{}','1-L26','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(33,1,4,'L27','',NULL,1,'ok','','{}','1-L27','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(34,1,4,'L28','',NULL,1,'ok','','{}','1-L28','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(35,1,4,'L29','',NULL,1,'ok','','{}','1-L29','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(36,1,4,'L30','',NULL,1,'ok','','{}','1-L30','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(37,1,4,'L31','',NULL,1,'ok','','{}','1-L31','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(38,1,4,'L32','',NULL,1,'ok','','{}','1-L32','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(39,1,4,'L33','',NULL,1,'ok','','{}','1-L33','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(40,1,4,'L34','',NULL,1,'ok','','{}','1-L34','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(41,1,4,'L35','',NULL,1,'ok','','{}','1-L35','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(42,1,4,'L36','',NULL,1,'ok','','{}','1-L36','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(43,1,4,'L37','',NULL,1,'ok','','{}','1-L37','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(44,1,4,'L38','',NULL,1,'ok','','{}','1-L38','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(45,1,4,'L39','',NULL,1,'ok','','{}','1-L39','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(46,1,4,'L40','',NULL,1,'lost','','{}','1-L40','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(47,1,5,'C1','',NULL,NULL,'ok','','{}','1-C1','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(48,1,6,'D1','',NULL,NULL,'ok','','{}','1-D1','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(49,1,7,'X1','',NULL,NULL,'ok','','{}','1-X1','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(50,1,7,'X2','',NULL,NULL,'ok','','{}','1-X2','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(51,1,8,'B1','',NULL,NULL,'ok','','{}','1-B1','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(52,1,9,'K1','',NULL,NULL,'ok','','{}','1-K1','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(53,1,9,'K2','',NULL,NULL,'ok','','{}','1-K2','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(54,1,9,'K3','',NULL,NULL,'ok','','{}','1-K3','2026-12-01 08:00:00.000000',1);
INSERT INTO "items" VALUES(55,2,10,'R1','',NULL,NULL,'ok','','{}','2-R1','2026-12-01 08:00:00.000000',1);
CREATE TABLE join_requests (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	organization_id INTEGER NOT NULL, 
	account_id INTEGER NOT NULL, 
	first_name VARCHAR(100) NOT NULL, 
	last_name VARCHAR(100) NOT NULL, 
	told JSON NOT NULL, 
	status VARCHAR(20) NOT NULL, 
	asked_at DATETIME NOT NULL, 
	decided_at DATETIME, 
	decided_by INTEGER, 
	CONSTRAINT fk_join_requests_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id), 
	CONSTRAINT fk_join_requests_account_id FOREIGN KEY(account_id) REFERENCES chat_accounts (id), 
	CONSTRAINT fk_join_requests_decided_by FOREIGN KEY(decided_by) REFERENCES users (id), 
	CONSTRAINT ck_join_requests_status CHECK (status IN ('asked', 'approved', 'declined'))
);
INSERT INTO "join_requests" VALUES(1,1,301,'Nora','Dahl','{"city": "Bod\u00f8"}','asked','2026-12-01 08:00:00.000000',NULL,NULL);
INSERT INTO "join_requests" VALUES(2,1,302,'Per','Dahl','{"city": "Bod\u00f8"}','asked','2026-12-01 08:00:00.000000',NULL,NULL);
CREATE TABLE kit_parts (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	kit_id INTEGER NOT NULL, 
	equipment_id INTEGER NOT NULL, 
	quantity INTEGER NOT NULL, 
	CONSTRAINT ck_kit_parts_quantity CHECK (quantity > 0), 
	CONSTRAINT fk_kit_parts_equipment_id FOREIGN KEY(equipment_id) REFERENCES equipment (id), 
	CONSTRAINT fk_kit_parts_kit_id FOREIGN KEY(kit_id) REFERENCES kits (id) ON DELETE CASCADE, 
	CONSTRAINT uq_kit_parts_kit_id_equipment_id UNIQUE (kit_id, equipment_id)
);
INSERT INTO "kit_parts" VALUES(1,1,4,2);
CREATE TABLE kits (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	organization_id INTEGER NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	search_text TEXT NOT NULL, 
	retired_at DATETIME, 
	created_at DATETIME NOT NULL, 
	version INTEGER NOT NULL, 
	CONSTRAINT fk_kits_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id), 
	CONSTRAINT uq_kits_organization_id_name UNIQUE (organization_id, name)
);
INSERT INTO "kits" VALUES(1,1,'Night kit','night kit',NULL,'2026-12-01 08:00:00.000000',2);
CREATE TABLE locations (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	organization_id INTEGER NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	disabled_at DATETIME, 
	CONSTRAINT fk_locations_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id), 
	CONSTRAINT uq_locations_organization_id_name UNIQUE (organization_id, name)
);
INSERT INTO "locations" VALUES(1,1,'Attic',NULL);
INSERT INTO "locations" VALUES(2,1,'Boat house',NULL);
INSERT INTO "locations" VALUES(3,1,'Cellar',NULL);
INSERT INTO "locations" VALUES(4,1,'Garage',NULL);
INSERT INTO "locations" VALUES(5,1,'Hall',NULL);
INSERT INTO "locations" VALUES(6,1,'Loft',NULL);
INSERT INTO "locations" VALUES(7,1,'Shelf',NULL);
INSERT INTO "locations" VALUES(8,1,'Shop',NULL);
INSERT INTO "locations" VALUES(9,1,'Stage',NULL);
INSERT INTO "locations" VALUES(10,1,'Tower',NULL);
INSERT INTO "locations" VALUES(11,1,'Vault',NULL);
INSERT INTO "locations" VALUES(12,1,'Yard',NULL);
CREATE TABLE opening_hours (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	organization_id INTEGER NOT NULL, 
	location_id INTEGER, 
	weekday INTEGER NOT NULL, 
	opens TIME NOT NULL, 
	closes TIME NOT NULL, 
	hands_out BOOLEAN NOT NULL, 
	takes_back BOOLEAN NOT NULL, 
	CONSTRAINT ck_opening_hours_weekday CHECK (weekday BETWEEN 0 AND 6), 
	CONSTRAINT ck_opening_hours_hours CHECK (opens < closes), 
	CONSTRAINT fk_opening_hours_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id), 
	CONSTRAINT fk_opening_hours_location_id FOREIGN KEY(location_id) REFERENCES locations (id)
);
CREATE TABLE organizations (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	name VARCHAR(200) NOT NULL, 
	timezone VARCHAR(64) NOT NULL, 
	language VARCHAR(8) NOT NULL, 
	policy JSON NOT NULL, 
	group_chat_id INTEGER, 
	group_thread_id INTEGER, 
	group_title VARCHAR(255), 
	created_at DATETIME NOT NULL, 
	closed_at DATETIME, number VARCHAR(100), email VARCHAR(254), phone VARCHAR(40), address TEXT, 
	CONSTRAINT uq_organizations_group_chat_id UNIQUE (group_chat_id), 
	CONSTRAINT uq_organizations_name UNIQUE (name)
);
INSERT INTO "organizations" VALUES(1,'Fjellklubben','Europe/Oslo','en','{"join_requests": true, "most_items": 100, "fetch_hours": 100, "ask": ["city"]}',-4000001,NULL,'Utstyr','2026-12-01 08:00:00.000000',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "organizations" VALUES(2,'Turlaget','Europe/Oslo','en','{}',NULL,NULL,NULL,'2026-12-01 08:00:00.000000',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "organizations" VALUES(3,'Skiklubben surely','Europe/Oslo','en','{}',NULL,NULL,NULL,'2026-12-02 21:14:00.000000',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "organizations" VALUES(4,'Skiklubben really','Europe/Oslo','en','{}',NULL,NULL,NULL,'2026-12-02 21:14:00.000000',NULL,NULL,NULL,NULL,NULL);
CREATE TABLE outbox (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	organization_id INTEGER, 
	chat_id INTEGER NOT NULL, 
	thread_id INTEGER, 
	lane VARCHAR(20) NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	params JSON NOT NULL, 
	card_id INTEGER, 
	renew BOOLEAN NOT NULL, 
	bundle VARCHAR(100), 
	dedup_key VARCHAR(200), 
	status VARCHAR(20) NOT NULL, 
	not_before DATETIME NOT NULL, 
	leased_until DATETIME, 
	attempts INTEGER NOT NULL, 
	error TEXT NOT NULL, 
	created_at DATETIME NOT NULL, 
	sent_at DATETIME, 
	message_id INTEGER, 
	CONSTRAINT fk_outbox_card_id FOREIGN KEY(card_id) REFERENCES cards (id), 
	CONSTRAINT fk_outbox_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id), 
	CONSTRAINT uq_outbox_dedup_key UNIQUE (dedup_key), 
	CONSTRAINT ck_outbox_lane CHECK (lane IN ('reply', 'notice')), 
	CONSTRAINT ck_outbox_status CHECK (status IN ('pending', 'sending', 'sent', 'dropped', 'failed'))
);
INSERT INTO "outbox" VALUES(117,1,101,NULL,'notice','reminder','{"rental_id": 6, "moment": "due_soon", "promise": "due_soon:6:2026-12-03T19:00:00+00:00"}',NULL,0,'reminder:1:101','due_soon:6:2026-12-03T19:00:00+00:00:101','sent','2026-12-02 08:00:00.000000',NULL,0,'','2026-12-02 08:00:00.000000','2026-12-02 08:00:00.000000',35);
INSERT INTO "outbox" VALUES(118,1,101,NULL,'notice','reminder','{"rental_id": 8, "moment": "due_soon", "promise": "due_soon:8:2026-12-03T19:00:00+00:00"}',NULL,0,'reminder:1:101','due_soon:8:2026-12-03T19:00:00+00:00:101','sent','2026-12-02 08:00:00.000000',NULL,0,'','2026-12-02 08:00:00.000000','2026-12-02 08:00:00.000000',35);
INSERT INTO "outbox" VALUES(119,1,102,NULL,'notice','late_and_waiting','{"rental_id": 2}',NULL,0,'late_and_waiting:2:102','late_and_waiting:1:2:102','sent','2026-12-02 19:30:00.000000',NULL,0,'','2026-12-02 19:30:00.000000','2026-12-02 19:30:00.000000',19);
INSERT INTO "outbox" VALUES(120,1,-4000001,NULL,'notice','late_and_waiting_desk','{"rental_id": 2}',NULL,0,'late_and_waiting_desk:2:-4000001','late_and_waiting_desk:1:2:-4000001','sent','2026-12-02 19:30:00.000000',NULL,0,'','2026-12-02 19:30:00.000000','2026-12-02 19:30:00.000000',46);
INSERT INTO "outbox" VALUES(121,1,103,NULL,'notice','late_and_waiting','{"rental_id": 4}',NULL,0,'late_and_waiting:4:103','late_and_waiting:3:4:103','sent','2026-12-02 19:30:00.000000',NULL,0,'','2026-12-02 19:30:00.000000','2026-12-02 19:30:00.000000',8);
INSERT INTO "outbox" VALUES(122,1,-4000001,NULL,'notice','late_and_waiting_desk','{"rental_id": 4}',NULL,0,'late_and_waiting_desk:4:-4000001','late_and_waiting_desk:3:4:-4000001','sent','2026-12-02 19:30:00.000000',NULL,0,'','2026-12-02 19:30:00.000000','2026-12-02 19:30:00.000000',47);
INSERT INTO "outbox" VALUES(123,1,101,NULL,'notice','reminder','{"rental_id": 1, "moment": "due", "promise": "due:1:2026-12-02T19:00:00+00:00"}',NULL,0,'reminder:1:101','due:1:2026-12-02T19:00:00+00:00:101','sent','2026-12-02 19:30:00.000000',NULL,0,'','2026-12-02 19:30:00.000000','2026-12-02 19:30:00.000000',36);
INSERT INTO "outbox" VALUES(124,1,101,NULL,'notice','reminder','{"rental_id": 3, "moment": "due", "promise": "due:3:2026-12-02T19:00:00+00:00"}',NULL,0,'reminder:1:101','due:3:2026-12-02T19:00:00+00:00:101','sent','2026-12-02 19:30:00.000000',NULL,0,'','2026-12-02 19:30:00.000000','2026-12-02 19:30:00.000000',36);
INSERT INTO "outbox" VALUES(125,1,102,NULL,'notice','reminder','{"rental_id": 5, "moment": "pick_up", "promise": "pick_up:5:2026-12-02T19:00:00+00:00"}',NULL,0,'reminder:1:102','pick_up:5:2026-12-02T19:00:00+00:00:102','sent','2026-12-02 19:30:00.000000',NULL,0,'','2026-12-02 19:30:00.000000','2026-12-02 19:30:00.000000',20);
INSERT INTO "outbox" VALUES(271,1,-4000001,NULL,'notice','damage','{}',146,1,NULL,NULL,'pending','2026-12-02 21:17:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(275,1,-4000001,NULL,'notice','damage','{}',148,1,NULL,NULL,'pending','2026-12-02 21:17:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(378,NULL,2091,NULL,'reply','said','{"what": "another_account", "hours": 24}',NULL,0,NULL,'own_account:101:1','sent','2026-12-02 21:14:00.000000',NULL,0,'','2026-12-02 21:14:00.000000','2026-12-02 21:14:00.000000',3);
INSERT INTO "outbox" VALUES(383,NULL,2092,NULL,'reply','said','{"what": "another_account", "hours": 24}',NULL,0,NULL,'own_account:103:1','sent','2026-12-02 21:14:00.000000',NULL,0,'','2026-12-02 21:14:00.000000','2026-12-02 21:14:00.000000',3);
INSERT INTO "outbox" VALUES(392,1,-4000001,NULL,'reply','pile','{}',82,1,NULL,NULL,'pending','2026-12-02 21:16:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(402,1,-4000001,NULL,'notice','damage','{}',192,1,NULL,NULL,'pending','2026-12-02 21:17:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(407,1,-4000001,NULL,'notice','damage','{}',195,1,NULL,NULL,'pending','2026-12-02 21:17:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(413,1,101,NULL,'reply','rental','{}',199,1,NULL,NULL,'pending','2026-12-02 21:14:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(414,NULL,-4000002,NULL,'reply','said','{"what": "greeting"}',NULL,0,NULL,'queued:0','pending','2026-12-02 21:14:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(415,1,101,NULL,'reply','extension_declined','{"rental_id": 28, "due_at": "2026-12-07T19:00:00+00:00"}',NULL,0,NULL,'queued:1','pending','2026-12-03 07:14:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(416,NULL,102,NULL,'reply','said','{"what": "help", "role": "user", "organization": "Fjellklubben", "choices": [[1, "\u2713 Fjellklubben"], [2, "Turlaget"]]}',NULL,0,NULL,'queued:2','pending','2026-12-02 21:14:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(417,NULL,105,NULL,'reply','said','{"what": "invite_roles", "roles": ["user", "lender", "admin", "leader"], "organization": "Fjellklubben"}',NULL,0,NULL,'queued:3','pending','2026-12-03 07:14:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(418,1,101,NULL,'reply','withdrawn','{"rental_id": 30, "things": [[6, "Dinghy", 1]], "reason": "Own use", "cancelled": true}',NULL,0,NULL,'queued:4','pending','2026-12-02 21:14:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(419,NULL,301,NULL,'reply','said','{"what": "asked_to_join", "organization": "Fjellklubben"}',NULL,0,NULL,'queued:5','pending','2026-12-03 07:14:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(420,1,102,NULL,'reply','list','{"which": "return", "account_id": 102, "first_name": "Ola"}',NULL,0,NULL,'queued:6','pending','2026-12-02 21:14:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(421,1,101,NULL,'notice','reminder','{"rental_id": 6, "moment": "due_soon", "promise": "due_soon:6:2026-12-03T19:00:00+00:00"}',NULL,0,NULL,'queued:7','pending','2026-12-03 07:14:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(422,1,102,NULL,'notice','late_and_waiting','{"rental_id": 2}',NULL,0,NULL,'queued:8','pending','2026-12-02 21:14:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(423,1,-4000001,NULL,'notice','late_and_waiting_desk','{"rental_id": 2}',NULL,0,NULL,'queued:9','pending','2026-12-03 07:14:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(424,NULL,2091,NULL,'reply','said','{"what": "another_account", "hours": 24, "link": "https://t.me/equiplib_demo_bot?start=j_of-before"}',NULL,0,NULL,'queued:10','pending','2026-12-02 21:14:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(425,1,2092,NULL,'reply','account_linked','{"user_id": 100}',NULL,0,NULL,'queued:11','pending','2026-12-03 07:14:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(426,NULL,406,NULL,'reply','said','{"what": "welcome", "organization": "Fjellklubben", "name": "Member92 Moe", "role": "user", "bot": "equiplib_demo_bot", "begins": false}',NULL,0,NULL,'queued:12','pending','2026-12-02 21:14:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(427,1,2001,NULL,'reply','role_changed','{"user_id": 9, "role": "admin", "by": "Ada Berg"}',NULL,0,NULL,NULL,'pending','2026-12-02 21:14:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(428,1,2002,NULL,'reply','suspended','{"user_id": 10, "by": "Ada Berg", "until": "2026-12-07T21:14:00+00:00", "reason": "Late"}',NULL,0,NULL,NULL,'pending','2026-12-02 21:14:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(429,1,2003,NULL,'reply','suspended','{"user_id": 11, "by": "Ada Berg", "until": null, "reason": ""}',NULL,0,NULL,NULL,'pending','2026-12-02 21:14:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(430,1,2003,NULL,'reply','reactivated','{"user_id": 11, "by": "Ada Berg"}',NULL,0,NULL,NULL,'pending','2026-12-02 21:14:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(431,1,104,NULL,'notice','group_lost','{"title": "Utstyr"}',NULL,0,NULL,'queued:group_lost:','pending','2026-12-03 07:14:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(432,1,104,NULL,'notice','unreachable','{"account_id": 101}',NULL,0,NULL,'queued:unreachable:','pending','2026-12-03 07:14:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(433,1,104,NULL,'notice','fault','{}',NULL,0,NULL,'queued:fault:','pending','2026-12-03 07:14:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(434,1,104,NULL,'notice','operator_fault','{"update": 1, "error": "Boom"}',NULL,0,NULL,'queued:operator_fault:','pending','2026-12-03 07:14:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(435,1,104,NULL,'notice','extension_declined','{"rental_id": 19, "due_at": "2026-12-07T21:14:00+00:00"}',NULL,0,NULL,'queued:extension_declined:','pending','2026-12-03 07:14:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(436,1,104,NULL,'notice','overdue_digest','{"organization_id": 1}',NULL,0,NULL,'queued:overdue_digest:','pending','2026-12-03 07:14:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(437,1,104,NULL,'notice','organization_closed','{"organization": "Gamleklubben", "now_in": "Fjellklubben"}',NULL,0,NULL,'queued:organization_closed:','pending','2026-12-03 07:14:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(438,1,104,NULL,'notice','switched','{}',NULL,0,NULL,'queued:switched:','pending','2026-12-03 07:14:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(439,1,101,NULL,'notice','own_file','{"user_id": 1}',NULL,0,NULL,'queued:own_file:','pending','2026-12-03 07:14:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(440,1,104,NULL,'notice','left','{"organization": "Gamleklubben", "forgotten": false, "language": "en"}',NULL,0,NULL,'queued:left:','pending','2026-12-03 07:14:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(441,1,104,NULL,'notice','account_unlinked','{}',NULL,0,NULL,'queued:account_unlinked:','pending','2026-12-03 07:14:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(442,1,104,NULL,'notice','hand_over_declined','{"rental_id": 6, "taker_id": 2, "hand_over_id": 1, "things": [["Canoe", "C1"]]}',NULL,0,NULL,'queued:hand_over_declined:','pending','2026-12-03 07:14:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(443,1,104,NULL,'notice','hand_over_off','{"rental_id": 6, "taker_id": 2, "things": [["Canoe", "C1"]]}',NULL,0,NULL,'queued:hand_over_off:','pending','2026-12-03 07:14:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(444,1,104,NULL,'notice','membership_changed','{"user_id": 1}',NULL,0,NULL,'queued:membership_changed:','pending','2026-12-03 07:14:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(445,1,104,NULL,'notice','admitted','{"user_id": 1}',NULL,0,NULL,'queued:admitted:','pending','2026-12-03 07:14:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(446,1,104,NULL,'notice','turned_away','{"reason": "Full"}',NULL,0,NULL,'queued:turned_away:','pending','2026-12-03 07:14:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(447,1,104,NULL,'notice','said','{"what": "group_bound", "organization": "Fjellklubben"}',NULL,0,NULL,'queued:said:group_bound','pending','2026-12-03 07:14:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(448,1,104,NULL,'notice','said','{"what": "all_approved", "name": "Anna Berg", "approved": 2, "refused": [], "more": 0, "left": 0}',NULL,0,NULL,'queued:said:all_approved','pending','2026-12-03 07:14:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(449,1,104,NULL,'notice','said','{"what": "invite", "once": "1", "role": "user", "link": "https://t.me/equiplib_demo_bot?start=j_of-before", "uses": 1, "days": 14, "organization": "Fjellklubben"}',NULL,0,NULL,'queued:said:invite','pending','2026-12-03 07:14:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(450,1,104,NULL,'notice','said','{"what": "own_invite", "link": "https://t.me/equiplib_demo_bot?start=j_of-before", "name": "Kari Berg"}',NULL,0,NULL,'queued:said:own_invite','pending','2026-12-03 07:14:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(451,1,104,NULL,'notice','said','{"what": "linked_inactive", "organization": "Fjellklubben", "name": "Kari Berg"}',NULL,0,NULL,'queued:said:linked_inactive','pending','2026-12-03 07:14:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(452,1,104,NULL,'notice','said','{"what": "withdrawn", "organization": "Fjellklubben"}',NULL,0,NULL,'queued:said:withdrawn','pending','2026-12-03 07:14:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(453,1,104,NULL,'notice','said','{"what": "language_set"}',NULL,0,NULL,'queued:said:language_set','pending','2026-12-03 07:14:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(454,1,104,NULL,'notice','said','{"what": "cancelled"}',NULL,0,NULL,'queued:said:cancelled','pending','2026-12-03 07:14:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(455,1,104,NULL,'notice','said','{"what": "saved_stays"}',NULL,0,NULL,'queued:said:saved_stays','pending','2026-12-03 07:14:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(456,1,104,NULL,'notice','said','{"what": "closed"}',NULL,0,NULL,'queued:said:closed','pending','2026-12-03 07:14:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(457,1,104,NULL,'notice','said','{"what": "surely", "rental_id": 13}',NULL,0,NULL,'queued:said:surely','pending','2026-12-03 07:14:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
INSERT INTO "outbox" VALUES(458,1,104,NULL,'notice','said','{"what": "hello", "name": "Kari"}',NULL,0,NULL,'queued:said:hello','pending','2026-12-03 07:14:00.000000',NULL,0,'','2026-12-02 21:14:00.000000',NULL,NULL);
CREATE TABLE photos (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	organization_id INTEGER NOT NULL, 
	content BLOB, 
	telegram_file_id VARCHAR(200), 
	CONSTRAINT fk_photos_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id)
);
INSERT INTO "photos" VALUES(1,1,NULL,'AgACAgQAAxkrVWVzz5LPQlsA_EsePeMXKYYYWz-n7FQaGRaV6G7_noT9Uu13_dgI2wXaQS8k');
INSERT INTO "photos" VALUES(2,1,NULL,'AgACAgQAAxkG2xdNLFLUg907IXxQrKhFu340qNAtRGfkD1LEhCFVIEHQBxMbr6tAwcTGgPBk');
INSERT INTO "photos" VALUES(3,1,NULL,'AgACAgQAAxkhP2uyf73tm__0X3tKvtyqTFnJ8HChsM1MQys9RMU67YpEWRkKMz9LHZsJtCtN');
CREATE TABLE "rental_lines" (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	rental_id INTEGER NOT NULL, 
	equipment_id INTEGER NOT NULL, 
	item_id INTEGER, 
	quantity INTEGER NOT NULL, 
	kit_id INTEGER, 
	kit_pieces INTEGER, 
	CONSTRAINT fk_rental_lines_item_id FOREIGN KEY(item_id) REFERENCES items (id), 
	CONSTRAINT fk_rental_lines_rental_id FOREIGN KEY(rental_id) REFERENCES rentals (id) ON DELETE CASCADE, 
	CONSTRAINT fk_rental_lines_equipment_id FOREIGN KEY(equipment_id) REFERENCES equipment (id), 
	CONSTRAINT ck_rental_lines_quantity CHECK (quantity > 0), 
	CONSTRAINT fk_rental_lines_kit_id FOREIGN KEY(kit_id) REFERENCES kits (id), 
	CONSTRAINT ck_rental_lines_kit CHECK ((kit_id IS NULL) = (kit_pieces IS NULL))
);
INSERT INTO "rental_lines" VALUES(1,1,2,NULL,1,NULL,NULL);
INSERT INTO "rental_lines" VALUES(2,2,2,NULL,1,NULL,NULL);
INSERT INTO "rental_lines" VALUES(3,3,7,NULL,1,NULL,NULL);
INSERT INTO "rental_lines" VALUES(4,4,7,NULL,1,NULL,NULL);
INSERT INTO "rental_lines" VALUES(5,5,7,NULL,1,NULL,NULL);
INSERT INTO "rental_lines" VALUES(6,6,5,NULL,1,NULL,NULL);
INSERT INTO "rental_lines" VALUES(7,7,5,NULL,1,NULL,NULL);
INSERT INTO "rental_lines" VALUES(8,8,9,NULL,3,NULL,NULL);
INSERT INTO "rental_lines" VALUES(9,9,9,NULL,2,NULL,NULL);
INSERT INTO "rental_lines" VALUES(10,10,4,NULL,1,NULL,NULL);
INSERT INTO "rental_lines" VALUES(11,11,4,NULL,1,NULL,NULL);
INSERT INTO "rental_lines" VALUES(12,12,4,NULL,1,NULL,NULL);
INSERT INTO "rental_lines" VALUES(13,13,4,NULL,2,NULL,NULL);
INSERT INTO "rental_lines" VALUES(14,14,4,NULL,2,NULL,NULL);
INSERT INTO "rental_lines" VALUES(15,15,4,NULL,2,NULL,NULL);
INSERT INTO "rental_lines" VALUES(16,16,4,NULL,2,NULL,NULL);
INSERT INTO "rental_lines" VALUES(17,17,4,NULL,1,NULL,NULL);
INSERT INTO "rental_lines" VALUES(18,18,4,NULL,1,NULL,NULL);
INSERT INTO "rental_lines" VALUES(19,19,4,NULL,2,NULL,NULL);
INSERT INTO "rental_lines" VALUES(20,20,4,NULL,2,NULL,NULL);
INSERT INTO "rental_lines" VALUES(21,21,4,NULL,2,NULL,NULL);
INSERT INTO "rental_lines" VALUES(22,22,4,NULL,2,NULL,NULL);
INSERT INTO "rental_lines" VALUES(23,23,4,NULL,2,NULL,NULL);
INSERT INTO "rental_lines" VALUES(24,24,4,NULL,1,NULL,NULL);
INSERT INTO "rental_lines" VALUES(25,25,4,NULL,2,NULL,NULL);
INSERT INTO "rental_lines" VALUES(26,26,4,NULL,2,NULL,NULL);
INSERT INTO "rental_lines" VALUES(27,27,4,NULL,1,NULL,NULL);
INSERT INTO "rental_lines" VALUES(28,28,4,NULL,2,NULL,NULL);
INSERT INTO "rental_lines" VALUES(29,29,4,36,1,NULL,NULL);
INSERT INTO "rental_lines" VALUES(30,30,6,NULL,1,NULL,NULL);
INSERT INTO "rental_lines" VALUES(31,31,4,NULL,1,NULL,NULL);
INSERT INTO "rental_lines" VALUES(32,32,4,NULL,1,NULL,NULL);
INSERT INTO "rental_lines" VALUES(33,33,4,NULL,1,NULL,NULL);
INSERT INTO "rental_lines" VALUES(34,34,4,NULL,1,NULL,NULL);
INSERT INTO "rental_lines" VALUES(35,35,4,NULL,1,NULL,NULL);
INSERT INTO "rental_lines" VALUES(36,36,4,NULL,1,NULL,NULL);
INSERT INTO "rental_lines" VALUES(37,37,4,NULL,1,NULL,NULL);
INSERT INTO "rental_lines" VALUES(38,38,4,NULL,1,NULL,NULL);
INSERT INTO "rental_lines" VALUES(39,39,4,NULL,1,NULL,NULL);
INSERT INTO "rental_lines" VALUES(40,40,4,NULL,1,NULL,NULL);
INSERT INTO "rental_lines" VALUES(41,41,4,NULL,1,NULL,NULL);
INSERT INTO "rental_lines" VALUES(42,42,4,NULL,1,NULL,NULL);
INSERT INTO "rental_lines" VALUES(43,44,4,NULL,1,NULL,NULL);
INSERT INTO "rental_lines" VALUES(44,45,4,NULL,1,NULL,NULL);
INSERT INTO "rental_lines" VALUES(45,48,4,NULL,1,NULL,NULL);
INSERT INTO "rental_lines" VALUES(46,49,4,NULL,1,NULL,NULL);
INSERT INTO "rental_lines" VALUES(47,50,4,NULL,1,NULL,NULL);
INSERT INTO "rental_lines" VALUES(48,51,4,NULL,1,NULL,NULL);
INSERT INTO "rental_lines" VALUES(49,52,1,NULL,1,NULL,NULL);
INSERT INTO "rental_lines" VALUES(50,53,3,NULL,1,NULL,NULL);
INSERT INTO "rental_lines" VALUES(51,54,1,NULL,2,NULL,NULL);
INSERT INTO "rental_lines" VALUES(52,55,3,NULL,1,NULL,NULL);
INSERT INTO "rental_lines" VALUES(53,56,8,NULL,1,NULL,NULL);
CREATE TABLE "rentals" (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	organization_id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	request_key VARCHAR(64), 
	status VARCHAR(20) NOT NULL, 
	starts_at DATETIME, 
	due_at DATETIME, 
	purpose TEXT NOT NULL, 
	comment TEXT NOT NULL, 
	created_at DATETIME NOT NULL, 
	requested_at DATETIME, 
	expires_at DATETIME, 
	decided_at DATETIME, 
	decided_by INTEGER, 
	reason TEXT NOT NULL, 
	ended_at DATETIME, 
	custom JSON DEFAULT '{}' NOT NULL, 
	entered_by INTEGER, 
	CONSTRAINT fk_rentals_user_id FOREIGN KEY(user_id) REFERENCES users (id), 
	CONSTRAINT ck_rentals_period CHECK (starts_at < due_at), 
	CONSTRAINT ck_rentals_status CHECK (status IN ('draft', 'requested', 'approved', 'out', 'returned', 'declined', 'cancelled', 'expired')), 
	CONSTRAINT uq_rentals_request_key UNIQUE (request_key), 
	CONSTRAINT ck_rentals_dated CHECK (status = 'draft' OR (starts_at IS NOT NULL AND due_at IS NOT NULL)), 
	CONSTRAINT fk_rentals_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id), 
	CONSTRAINT fk_rentals_decided_by FOREIGN KEY(decided_by) REFERENCES users (id), 
	CONSTRAINT fk_rentals_entered_by FOREIGN KEY(entered_by) REFERENCES users (id)
);
INSERT INTO "rentals" VALUES(1,1,1,NULL,'out','2026-12-01 08:00:00.000000','2026-12-02 19:00:00.000000','','','2026-12-01 08:00:00.000000','2026-12-01 08:00:00.000000',NULL,'2026-12-01 08:00:00.000000',4,'',NULL,'{}',NULL);
INSERT INTO "rentals" VALUES(2,1,2,NULL,'approved','2026-12-02 19:00:00.000000','2026-12-04 19:00:00.000000','','','2026-12-01 08:00:00.000000','2026-12-01 08:00:00.000000','2026-12-04 19:00:00.000000','2026-12-01 08:00:00.000000',4,'',NULL,'{}',NULL);
INSERT INTO "rentals" VALUES(3,1,1,NULL,'out','2026-12-01 08:00:00.000000','2026-12-02 19:00:00.000000','','','2026-12-01 08:00:00.000000','2026-12-01 08:00:00.000000',NULL,'2026-12-01 08:00:00.000000',4,'',NULL,'{}',NULL);
INSERT INTO "rentals" VALUES(4,1,3,NULL,'approved','2026-12-02 19:00:00.000000','2026-12-05 19:00:00.000000','','','2026-12-01 08:00:00.000000','2026-12-01 08:00:00.000000','2026-12-05 19:00:00.000000','2026-12-01 08:00:00.000000',4,'',NULL,'{}',NULL);
INSERT INTO "rentals" VALUES(5,1,2,NULL,'approved','2026-12-02 19:00:00.000000','2026-12-03 19:00:00.000000','','','2026-12-01 08:00:00.000000','2026-12-01 08:00:00.000000','2026-12-03 19:00:00.000000','2026-12-01 08:00:00.000000',4,'',NULL,'{}',NULL);
INSERT INTO "rentals" VALUES(6,1,1,NULL,'out','2026-12-01 08:00:00.000000','2026-12-03 19:00:00.000000','','','2026-12-01 08:00:00.000000','2026-12-01 08:00:00.000000',NULL,'2026-12-01 08:00:00.000000',4,'',NULL,'{}',NULL);
INSERT INTO "rentals" VALUES(7,1,2,NULL,'approved','2026-12-03 19:00:00.000000','2026-12-05 19:00:00.000000','','','2026-12-01 08:00:00.000000','2026-12-01 08:00:00.000000','2026-12-05 19:00:00.000000','2026-12-01 08:00:00.000000',4,'',NULL,'{}',NULL);
INSERT INTO "rentals" VALUES(8,1,1,NULL,'out','2026-12-01 08:00:00.000000','2026-12-03 19:00:00.000000','','','2026-12-01 08:00:00.000000','2026-12-01 08:00:00.000000',NULL,'2026-12-01 08:00:00.000000',4,'',NULL,'{}',NULL);
INSERT INTO "rentals" VALUES(9,1,2,NULL,'approved','2026-12-03 19:00:00.000000','2026-12-05 19:00:00.000000','','','2026-12-01 08:00:00.000000','2026-12-01 08:00:00.000000','2026-12-05 19:00:00.000000','2026-12-01 08:00:00.000000',4,'',NULL,'{}',NULL);
INSERT INTO "rentals" VALUES(10,1,1,NULL,'declined','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000','','','2026-12-01 08:00:00.000000','2026-12-01 08:00:00.000000','2026-12-04 08:00:00.000000','2026-12-01 08:00:00.000000',4,'Under repair','2026-12-01 08:00:00.000000','{}',NULL);
INSERT INTO "rentals" VALUES(11,1,1,NULL,'cancelled','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000','','','2026-12-01 08:00:00.000000','2026-12-01 08:00:00.000000','2026-12-05 12:00:00.000000','2026-12-01 08:00:00.000000',1,'','2026-12-01 08:00:00.000000','{}',NULL);
INSERT INTO "rentals" VALUES(12,1,1,NULL,'expired','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000','','','2026-12-01 08:00:00.000000','2026-12-01 08:00:00.000000','2026-12-01 08:00:00.000000',NULL,NULL,'','2026-12-02 08:00:00.000000','{}',NULL);
INSERT INTO "rentals" VALUES(13,1,1,NULL,'approved','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000','','','2026-12-01 08:00:00.000000','2026-12-01 08:00:00.000000','2026-12-05 12:00:00.000000','2026-12-01 08:00:00.000000',4,'',NULL,'{}',NULL);
INSERT INTO "rentals" VALUES(14,1,1,NULL,'approved','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000','','','2026-12-01 08:00:00.000000','2026-12-01 08:00:00.000000','2026-12-05 12:00:00.000000','2026-12-01 08:00:00.000000',4,'',NULL,'{}',NULL);
INSERT INTO "rentals" VALUES(15,1,1,NULL,'approved','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000','','','2026-12-01 08:00:00.000000','2026-12-01 08:00:00.000000','2026-12-05 12:00:00.000000','2026-12-01 08:00:00.000000',4,'',NULL,'{}',NULL);
INSERT INTO "rentals" VALUES(16,1,1,NULL,'approved','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000','','','2026-12-01 08:00:00.000000','2026-12-01 08:00:00.000000','2026-12-05 12:00:00.000000','2026-12-01 08:00:00.000000',4,'',NULL,'{}',NULL);
INSERT INTO "rentals" VALUES(17,1,1,NULL,'approved','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000','','','2026-12-01 08:00:00.000000','2026-12-01 08:00:00.000000','2026-12-05 12:00:00.000000','2026-12-01 08:00:00.000000',4,'',NULL,'{}',NULL);
INSERT INTO "rentals" VALUES(18,1,2,NULL,'out','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000','','','2026-12-01 08:00:00.000000','2026-12-01 08:00:00.000000',NULL,'2026-12-01 08:00:00.000000',4,'',NULL,'{}',NULL);
INSERT INTO "rentals" VALUES(19,1,1,NULL,'out','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000','','','2026-12-01 08:00:00.000000','2026-12-01 08:00:00.000000',NULL,'2026-12-01 08:00:00.000000',4,'',NULL,'{}',NULL);
INSERT INTO "rentals" VALUES(20,1,1,NULL,'out','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000','','','2026-12-01 08:00:00.000000','2026-12-01 08:00:00.000000',NULL,'2026-12-01 08:00:00.000000',4,'',NULL,'{}',NULL);
INSERT INTO "rentals" VALUES(21,1,1,NULL,'out','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000','','','2026-12-01 08:00:00.000000','2026-12-01 08:00:00.000000',NULL,'2026-12-01 08:00:00.000000',4,'',NULL,'{}',NULL);
INSERT INTO "rentals" VALUES(22,1,1,NULL,'out','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000','','','2026-12-01 08:00:00.000000','2026-12-01 08:00:00.000000',NULL,'2026-12-01 08:00:00.000000',4,'',NULL,'{}',NULL);
INSERT INTO "rentals" VALUES(23,1,2,NULL,'out','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000','','','2026-12-01 08:00:00.000000','2026-12-01 08:00:00.000000',NULL,'2026-12-01 08:00:00.000000',4,'',NULL,'{}',NULL);
INSERT INTO "rentals" VALUES(24,1,1,NULL,'returned','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000','','','2026-12-01 08:00:00.000000','2026-12-01 08:00:00.000000',NULL,'2026-12-01 08:00:00.000000',4,'','2026-12-01 08:00:00.000000','{}',NULL);
INSERT INTO "rentals" VALUES(25,1,1,NULL,'returned','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000','','','2026-12-01 08:00:00.000000','2026-12-01 08:00:00.000000',NULL,'2026-12-01 08:00:00.000000',4,'','2026-12-01 08:00:00.000000','{}',NULL);
INSERT INTO "rentals" VALUES(26,1,1,NULL,'returned','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000','','','2026-12-01 08:00:00.000000','2026-12-01 08:00:00.000000',NULL,'2026-12-01 08:00:00.000000',4,'','2026-12-01 08:00:00.000000','{}',NULL);
INSERT INTO "rentals" VALUES(27,1,1,NULL,'out','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000','','','2026-12-01 08:00:00.000000','2026-12-01 08:00:00.000000',NULL,'2026-12-01 08:00:00.000000',4,'',NULL,'{}',NULL);
INSERT INTO "rentals" VALUES(28,1,1,NULL,'out','2026-12-01 08:00:00.000000','2026-12-06 19:00:00.000000','','','2026-12-01 08:00:00.000000','2026-12-01 08:00:00.000000',NULL,'2026-12-01 08:00:00.000000',4,'',NULL,'{}',NULL);
INSERT INTO "rentals" VALUES(29,1,3,'103:2','draft',NULL,NULL,'','','2026-12-01 08:00:00.000000',NULL,NULL,NULL,NULL,'',NULL,'{}',NULL);
INSERT INTO "rentals" VALUES(30,1,1,NULL,'cancelled','2026-12-09 19:00:00.000000','2026-12-10 19:00:00.000000','','','2026-12-01 08:00:00.000000','2026-12-01 08:00:00.000000','2026-12-10 19:00:00.000000','2026-12-01 08:00:00.000000',4,'Own use','2026-12-01 08:00:00.000000','{}',NULL);
INSERT INTO "rentals" VALUES(31,1,1,NULL,'requested','2026-12-12 19:00:00.000000','2026-12-13 19:00:00.000000','','','2026-12-02 21:10:00.000000','2026-12-02 21:10:00.000000','2026-12-05 21:10:00.000000',NULL,NULL,'',NULL,'{}',NULL);
INSERT INTO "rentals" VALUES(32,1,1,NULL,'requested','2026-12-13 19:00:00.000000','2026-12-14 19:00:00.000000','','','2026-12-02 21:10:00.000000','2026-12-02 21:10:00.000000','2026-12-05 21:10:00.000000',NULL,NULL,'',NULL,'{}',NULL);
INSERT INTO "rentals" VALUES(33,1,1,NULL,'requested','2026-12-14 19:00:00.000000','2026-12-15 19:00:00.000000','','','2026-12-02 21:10:00.000000','2026-12-02 21:10:00.000000','2026-12-05 21:10:00.000000',NULL,NULL,'',NULL,'{}',NULL);
INSERT INTO "rentals" VALUES(34,1,1,NULL,'requested','2026-12-15 19:00:00.000000','2026-12-16 19:00:00.000000','','','2026-12-02 21:10:00.000000','2026-12-02 21:10:00.000000','2026-12-05 21:10:00.000000',NULL,NULL,'',NULL,'{}',NULL);
INSERT INTO "rentals" VALUES(35,1,1,NULL,'requested','2026-12-16 19:00:00.000000','2026-12-17 19:00:00.000000','','','2026-12-02 21:10:00.000000','2026-12-02 21:10:00.000000','2026-12-05 21:10:00.000000',NULL,NULL,'',NULL,'{}',NULL);
INSERT INTO "rentals" VALUES(36,1,1,NULL,'requested','2026-12-17 19:00:00.000000','2026-12-18 19:00:00.000000','','','2026-12-02 21:10:00.000000','2026-12-02 21:10:00.000000','2026-12-05 21:10:00.000000',NULL,NULL,'',NULL,'{}',NULL);
INSERT INTO "rentals" VALUES(37,1,1,NULL,'requested','2026-12-18 19:00:00.000000','2026-12-19 19:00:00.000000','','','2026-12-02 21:10:00.000000','2026-12-02 21:10:00.000000','2026-12-05 21:10:00.000000',NULL,NULL,'',NULL,'{}',NULL);
INSERT INTO "rentals" VALUES(38,1,1,NULL,'requested','2026-12-19 19:00:00.000000','2026-12-20 19:00:00.000000','','','2026-12-02 21:10:00.000000','2026-12-02 21:10:00.000000','2026-12-05 21:10:00.000000',NULL,NULL,'',NULL,'{}',NULL);
INSERT INTO "rentals" VALUES(39,1,1,NULL,'requested','2026-12-20 19:00:00.000000','2026-12-21 19:00:00.000000','','','2026-12-02 21:10:00.000000','2026-12-02 21:10:00.000000','2026-12-05 21:10:00.000000',NULL,NULL,'',NULL,'{}',NULL);
INSERT INTO "rentals" VALUES(40,1,1,NULL,'requested','2026-12-21 19:00:00.000000','2026-12-22 19:00:00.000000','','','2026-12-02 21:10:00.000000','2026-12-02 21:10:00.000000','2026-12-05 21:10:00.000000',NULL,NULL,'',NULL,'{}',NULL);
INSERT INTO "rentals" VALUES(41,1,1,NULL,'requested','2026-12-22 19:00:00.000000','2026-12-23 19:00:00.000000','','','2026-12-02 21:10:00.000000','2026-12-02 21:10:00.000000','2026-12-05 21:10:00.000000',NULL,NULL,'',NULL,'{}',NULL);
INSERT INTO "rentals" VALUES(42,1,1,NULL,'approved','2026-12-23 19:00:00.000000','2026-12-24 19:00:00.000000','','','2026-12-02 21:10:00.000000','2026-12-02 21:10:00.000000','2026-12-24 19:00:00.000000','2026-12-02 21:14:00.000000',4,'',NULL,'{}',NULL);
INSERT INTO "rentals" VALUES(43,1,9,'2001:1','draft',NULL,NULL,'','','2026-12-02 21:14:00.000000',NULL,NULL,NULL,NULL,'',NULL,'{}',NULL);
INSERT INTO "rentals" VALUES(44,1,10,'2002:1','draft',NULL,NULL,'','','2026-12-02 21:14:00.000000',NULL,NULL,NULL,NULL,'',NULL,'{}',NULL);
INSERT INTO "rentals" VALUES(45,1,11,'2003:1','draft','2026-12-09 07:00:00.000000','2026-12-12 19:00:00.000000','','','2026-12-02 21:14:00.000000',NULL,NULL,NULL,NULL,'',NULL,'{}',NULL);
INSERT INTO "rentals" VALUES(46,1,23,'2015:1','draft',NULL,NULL,'','','2026-12-02 21:14:00.000000',NULL,NULL,NULL,NULL,'',NULL,'{}',NULL);
INSERT INTO "rentals" VALUES(47,1,24,'2016:1','draft',NULL,NULL,'','','2026-12-02 21:14:00.000000',NULL,NULL,NULL,NULL,'',NULL,'{}',NULL);
INSERT INTO "rentals" VALUES(48,1,25,'2017:1','draft',NULL,NULL,'','','2026-12-02 21:14:00.000000',NULL,NULL,NULL,NULL,'',NULL,'{}',NULL);
INSERT INTO "rentals" VALUES(49,1,26,'2018:1','draft','2026-12-09 07:00:00.000000','2026-12-12 19:00:00.000000','','','2026-12-02 21:14:00.000000',NULL,NULL,NULL,NULL,'',NULL,'{}',NULL);
INSERT INTO "rentals" VALUES(50,1,27,'2019:1','draft','2026-12-09 07:00:00.000000','2026-12-12 19:00:00.000000','','','2026-12-02 21:14:00.000000',NULL,NULL,NULL,NULL,'',NULL,'{}',NULL);
INSERT INTO "rentals" VALUES(51,1,89,'2081:1','draft','2026-12-09 07:00:00.000000','2026-12-12 19:00:00.000000','','','2026-12-02 21:14:00.000000',NULL,NULL,NULL,NULL,'',NULL,'{}',NULL);
INSERT INTO "rentals" VALUES(52,1,101,NULL,'out','2026-12-02 21:14:00.000000','2026-12-06 19:00:00.000000','','','2026-12-02 21:14:00.000000','2026-12-02 21:14:00.000000',NULL,'2026-12-02 21:14:00.000000',4,'',NULL,'{}',NULL);
INSERT INTO "rentals" VALUES(53,1,102,NULL,'out','2026-12-02 21:14:00.000000','2026-12-06 19:00:00.000000','','','2026-12-02 21:14:00.000000','2026-12-02 21:14:00.000000',NULL,'2026-12-02 21:14:00.000000',4,'',NULL,'{}',NULL);
INSERT INTO "rentals" VALUES(54,1,103,NULL,'out','2026-12-02 21:14:00.000000','2026-12-06 19:00:00.000000','','','2026-12-02 21:14:00.000000','2026-12-02 21:14:00.000000',NULL,'2026-12-02 21:14:00.000000',4,'',NULL,'{}',NULL);
INSERT INTO "rentals" VALUES(55,1,104,NULL,'out','2026-12-02 21:14:00.000000','2026-12-06 19:00:00.000000','','','2026-12-02 21:14:00.000000','2026-12-02 21:14:00.000000',NULL,'2026-12-02 21:14:00.000000',4,'',NULL,'{}',NULL);
INSERT INTO "rentals" VALUES(56,1,105,NULL,'out','2026-12-02 21:14:00.000000','2026-12-06 19:00:00.000000','','','2026-12-02 21:14:00.000000','2026-12-02 21:14:00.000000',NULL,'2026-12-02 21:14:00.000000',4,'',NULL,'{}',NULL);
CREATE TABLE tags (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	organization_id INTEGER NOT NULL, 
	name VARCHAR(100) NOT NULL, 
	color VARCHAR(16), 
	disabled_at DATETIME, 
	CONSTRAINT fk_tags_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id), 
	CONSTRAINT uq_tags_organization_id_name UNIQUE (organization_id, name)
);
INSERT INTO "tags" VALUES(1,1,'Winter',NULL,NULL);
CREATE TABLE "users" (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	organization_id INTEGER NOT NULL, 
	first_name VARCHAR(100) NOT NULL, 
	last_name VARCHAR(100) NOT NULL, 
	username VARCHAR(100), 
	email VARCHAR(254), 
	phone VARCHAR(40), 
	role VARCHAR(20) NOT NULL, 
	active_from DATETIME, 
	active_until DATETIME, 
	custom JSON NOT NULL, 
	created_at DATETIME NOT NULL, 
	membership_id VARCHAR(100), 
	city VARCHAR(100), 
	born_on DATE, 
	other_id VARCHAR(100), 
	suspended_at DATETIME, 
	suspended_until DATETIME, 
	forgotten_at DATETIME, 
	suspended_by INTEGER, 
	suspended_reason TEXT, 
	CONSTRAINT uq_users_organization_id_email UNIQUE (organization_id, email), 
	CONSTRAINT ck_users_role CHECK (role IN ('user', 'lender', 'admin', 'leader')), 
	CONSTRAINT uq_users_organization_id_username UNIQUE (organization_id, username), 
	CONSTRAINT fk_users_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (id), 
	CONSTRAINT fk_users_suspended_by FOREIGN KEY(suspended_by) REFERENCES users (id)
);
INSERT INTO "users" VALUES(1,1,'Kari','Berg',NULL,NULL,NULL,'user',NULL,NULL,'{}','2026-12-01 08:00:00.000000',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(2,1,'Ola','Berg',NULL,NULL,NULL,'user',NULL,NULL,'{}','2026-12-01 08:00:00.000000',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(3,1,'Lars','Berg',NULL,NULL,NULL,'lender',NULL,NULL,'{}','2026-12-01 08:00:00.000000',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(4,1,'Anna','Berg',NULL,NULL,NULL,'admin',NULL,NULL,'{}','2026-12-01 08:00:00.000000',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(5,1,'Ada','Berg',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-01 08:00:00.000000',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(6,2,'Ada','Berg',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-01 08:00:00.000000',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(7,2,'Ola','Berg',NULL,NULL,NULL,'user',NULL,NULL,'{}','2026-12-01 08:00:00.000000',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(8,1,'Siri','Dahl',NULL,'siri@x.no',NULL,'user',NULL,NULL,'{}','2026-12-01 08:00:00.000000',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(9,1,'Member1','Moe',NULL,NULL,NULL,'admin',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(10,1,'Member2','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,'2026-12-02 21:14:00.000000','2026-12-07 21:14:00.000000',NULL,5,'Late');
INSERT INTO "users" VALUES(11,1,'Member3','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(12,1,'Member4','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(13,1,'Member5','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(14,1,'Member6','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(15,1,'Member7','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(16,1,'Member8','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(17,1,'Member9','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(18,1,'Member10','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(19,1,'Member11','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(20,1,'Member12','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(21,1,'Member13','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(22,1,'Member14','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(23,1,'Member15','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(24,1,'Member16','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(25,1,'Member17','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(26,1,'Member18','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(27,1,'Member19','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(28,1,'Member20','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(29,1,'Member21','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(30,1,'Member22','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(31,1,'Member23','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(32,1,'Member24','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(33,1,'Member25','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(34,1,'Member26','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(35,1,'Member27','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(36,1,'Member28','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(37,1,'Member29','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(38,1,'Member30','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(39,1,'Member31','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(40,1,'Member32','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(41,1,'Member33','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(42,1,'Member34','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(43,1,'Member35','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(44,1,'Member36','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(45,1,'Member37','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(46,1,'Member38','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(47,1,'Member39','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(48,1,'Member40','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(49,1,'Member41','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(50,1,'Member42','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(51,1,'Member43','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(52,1,'Member44','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(53,1,'Member45','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(54,1,'Member46','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(55,1,'Member47','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(56,1,'Member48','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(57,1,'Member49','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(58,1,'Member50','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(59,1,'Member51','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(60,1,'Member52','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(61,1,'Member53','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(62,1,'Member54','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(63,1,'Member55','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(64,1,'Member56','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(65,1,'Member57','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(66,1,'Member58','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(67,1,'Member59','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(68,1,'Member60','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(69,1,'Member61','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(70,1,'Member62','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(71,1,'Member63','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(72,1,'Member64','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(73,1,'Member65','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(74,1,'Member66','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(75,1,'Member67','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(76,1,'Member68','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(77,1,'Member69','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(78,1,'Member70','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(79,1,'Member71','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(80,1,'Member72','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(81,1,'Member73','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(82,1,'Member74','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(83,1,'Member75','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(84,1,'Member76','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(85,1,'Member77','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(86,1,'Member78','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(87,1,'Member79','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(88,1,'Member80','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(89,1,'Member81','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(90,1,'Member82','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(91,1,'Member83','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(92,1,'Member84','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(93,1,'Member85','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(94,1,'Member86','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(95,1,'Member87','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(96,1,'Member88','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(97,3,'Member89','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(98,4,'Member90','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(99,1,'Member91','Moe',NULL,NULL,NULL,'user',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(100,1,'Member92','Moe',NULL,NULL,NULL,'user',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(101,1,'Member93','Moe',NULL,NULL,NULL,'user',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(102,1,'Member94','Moe',NULL,NULL,NULL,'user',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(103,1,'Member95','Moe',NULL,NULL,NULL,'user',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(104,1,'Member96','Moe',NULL,NULL,NULL,'user',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(105,1,'Member97','Moe',NULL,NULL,NULL,'user',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(106,1,'Member98','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "users" VALUES(107,1,'Member99','Moe',NULL,NULL,NULL,'leader',NULL,NULL,'{}','2026-12-02 21:14:00.000000',NULL,'Bodø',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE INDEX ix_inbox_status ON inbox (status, chat_key, id);
CREATE INDEX ix_account_links_user_id ON account_links (user_id);
CREATE INDEX ix_equipment_type ON equipment (organization_id, type);
CREATE INDEX ix_outbox_bundle ON outbox (bundle, status);
CREATE INDEX ix_outbox_status ON outbox (status, lane, not_before, id);
CREATE UNIQUE INDEX uq_outbox_one_pending_per_card ON outbox (card_id) WHERE status = 'pending';
CREATE INDEX ix_equipment_tags_tag_id ON equipment_tags (tag_id);
CREATE UNIQUE INDEX uq_extensions_one_asked ON extensions (rental_id) WHERE status = 'asked';
CREATE INDEX ix_items_equipment_id ON items (equipment_id);
CREATE INDEX ix_audit_subject ON audit (organization_id, subject, subject_id);
CREATE INDEX ix_kit_parts_equipment_id ON kit_parts (equipment_id);
CREATE INDEX ix_rental_lines_equipment_id ON rental_lines (equipment_id);
CREATE INDEX ix_rental_lines_rental_id ON rental_lines (rental_id);
CREATE UNIQUE INDEX uq_join_requests_one_asked ON join_requests (organization_id, account_id) WHERE status = 'asked';
CREATE INDEX ix_opening_hours_organization_id ON opening_hours (organization_id, weekday);
CREATE INDEX ix_closed_days_organization_id ON closed_days (organization_id, last);
CREATE INDEX ix_rentals_status ON rentals (organization_id, status, due_at);
CREATE INDEX ix_rentals_user_id ON rentals (user_id, status);
CREATE INDEX ix_claims_item ON claims (item_id, status, blocked_until);
CREATE INDEX ix_claims_block_id ON claims (block_id);
CREATE INDEX ix_claims_line_id ON claims (line_id);
CREATE INDEX ix_claims_rental_id ON claims (rental_id);
CREATE UNIQUE INDEX uq_claims_one_out ON claims (item_id) WHERE status = 'out';
CREATE INDEX ix_damage_notes_item_id ON damage_notes (item_id, closed_at);
CREATE INDEX ix_hand_overs_to_claim_id ON hand_overs (to_claim_id);
CREATE UNIQUE INDEX uq_hand_overs_one_offered ON hand_overs (claim_id) WHERE status = 'offered';
CREATE INDEX ix_audit_at ON audit (organization_id, at);
CREATE INDEX ix_audit_user_id ON audit (user_id, at);
CREATE UNIQUE INDEX uq_rentals_one_draft ON rentals (user_id) WHERE status = 'draft' AND entered_by IS NULL;
CREATE UNIQUE INDEX uq_rentals_one_draft_for_others ON rentals (entered_by) WHERE status = 'draft' AND entered_by IS NOT NULL;
CREATE INDEX ix_former_links_user_id ON former_links (user_id);
CREATE TRIGGER claims_no_overlap_insert BEFORE INSERT ON claims
WHEN NEW.status IN ('held', 'out') AND EXISTS (
    SELECT 1 FROM claims AS other
    WHERE other.item_id = NEW.item_id
      AND other.status IN ('held', 'out')
      AND other.starts_at < NEW.blocked_until
      AND NEW.starts_at < other.blocked_until
      
)
BEGIN
    SELECT RAISE(ABORT, 'claims_no_overlap');
END;
CREATE TRIGGER claims_no_overlap_update BEFORE UPDATE OF item_id, starts_at, blocked_until, status ON claims
WHEN NEW.status IN ('held', 'out') AND EXISTS (
    SELECT 1 FROM claims AS other
    WHERE other.item_id = NEW.item_id
      AND other.status IN ('held', 'out')
      AND other.starts_at < NEW.blocked_until
      AND NEW.starts_at < other.blocked_until
      AND other.id <> NEW.id
)
BEGIN
    SELECT RAISE(ABORT, 'claims_no_overlap');
END;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('audit',153);
INSERT INTO "sqlite_sequence" VALUES('rental_lines',53);
INSERT INTO "sqlite_sequence" VALUES('blocks',1);
INSERT INTO "sqlite_sequence" VALUES('users',107);
INSERT INTO "sqlite_sequence" VALUES('invites',4);
INSERT INTO "sqlite_sequence" VALUES('rentals',56);
INSERT INTO "sqlite_sequence" VALUES('claims',63);
INSERT INTO "sqlite_sequence" VALUES('organizations',4);
INSERT INTO "sqlite_sequence" VALUES('account_links',107);
INSERT INTO "sqlite_sequence" VALUES('equipment',10);
INSERT INTO "sqlite_sequence" VALUES('items',55);
INSERT INTO "sqlite_sequence" VALUES('locations',12);
INSERT INTO "sqlite_sequence" VALUES('tags',1);
INSERT INTO "sqlite_sequence" VALUES('custom_fields',6);
INSERT INTO "sqlite_sequence" VALUES('kits',1);
INSERT INTO "sqlite_sequence" VALUES('kit_parts',1);
INSERT INTO "sqlite_sequence" VALUES('inbox',323);
INSERT INTO "sqlite_sequence" VALUES('outbox',458);
INSERT INTO "sqlite_sequence" VALUES('cards',199);
INSERT INTO "sqlite_sequence" VALUES('extensions',2);
INSERT INTO "sqlite_sequence" VALUES('conversations',113);
INSERT INTO "sqlite_sequence" VALUES('damage_notes',5);
INSERT INTO "sqlite_sequence" VALUES('photos',3);
INSERT INTO "sqlite_sequence" VALUES('join_requests',2);
INSERT INTO "sqlite_sequence" VALUES('hand_overs',1);
COMMIT;
