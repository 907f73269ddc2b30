BEGIN TRANSACTION;
CREATE TABLE assessment (
	id VARCHAR NOT NULL, 
	recorded_at VARCHAR NOT NULL, 
	withdrawn VARCHAR, 
	method_id VARCHAR NOT NULL, 
	date DATE NOT NULL, 
	verdict VARCHAR NOT NULL, 
	text VARCHAR NOT NULL, 
	broker VARCHAR, 
	PRIMARY KEY (id), 
	CONSTRAINT date_is_a_day CHECK (date IS date(date, '+0 days')), 
	FOREIGN KEY(method_id) REFERENCES method (id)
);
INSERT INTO "assessment" VALUES('vf1x0nxpn8v','2011-06-30T13:44:37.554521Z',NULL,'mbbh2912amm','2011-06-30','adapt','kort \n, ikke linjeskift','JH');
CREATE TABLE broker (
	id VARCHAR NOT NULL, 
	recorded_at VARCHAR NOT NULL, 
	withdrawn VARCHAR, 
	initials VARCHAR NOT NULL, 
	council VARCHAR, 
	PRIMARY KEY (id)
);
INSERT INTO "broker" VALUES('JH','2011-06-30T13:44:28.516843Z',NULL,'JH','Viborg Erhvervsråd');
INSERT INTO "broker" VALUES('KP','2011-06-30T13:44:29.268316Z',NULL,'KP','Silkeborg Erhverv');
CREATE TABLE collaboration (
	id VARCHAR NOT NULL, 
	recorded_at VARCHAR NOT NULL, 
	withdrawn VARCHAR, 
	agreed DATE, 
	start DATE, 
	"end" DATE, 
	institution VARCHAR, 
	broker VARCHAR, 
	note VARCHAR, 
	kind VARCHAR NOT NULL, 
	title VARCHAR, 
	students INTEGER, 
	company_id VARCHAR NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT agreed_is_a_day CHECK (agreed IS date(agreed, '+0 days')), 
	CONSTRAINT start_is_a_day CHECK (start IS date(start, '+0 days')), 
	CONSTRAINT end_is_a_day CHECK (end IS date(end, '+0 days')), 
	FOREIGN KEY(company_id) REFERENCES company (id)
);
INSERT INTO "collaboration" VALUES('s163vbg6050','2011-06-30T13:44:35.970024Z',NULL,'2011-05-02','2011-08-15','2011-12-16','VIA "Horsens"','JH',NULL,'project','Måling & vægt',2,'cf95eekezcc');
CREATE TABLE command (
	number INTEGER NOT NULL, 
	token VARCHAR NOT NULL, 
	recorded_at VARCHAR NOT NULL, 
	recorded_by VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	reason VARCHAR, 
	previous VARCHAR NOT NULL, 
	arrived_at VARCHAR, 
	PRIMARY KEY (number), 
	UNIQUE (token)
);
INSERT INTO "command" VALUES(1,'4a7dc72a5fa85705e7e697e1e255bc8d','2011-06-30T13:44:28.516843Z','JH','init',NULL,'',NULL);
INSERT INTO "command" VALUES(2,'a14a2d5b312ae4a63f19b583d8540d9d','2011-06-30T13:44:29.268316Z','JH','broker add',NULL,'83a5500e84212ace30183fa6672f396463ddccaf145d88addb961a5cc86be2f4',NULL);
INSERT INTO "command" VALUES(3,'d46e2b923b83630d2943531fa5c5a39a','2011-06-30T13:44:29.762126Z','JH','company add',NULL,'e0b3a98cbc4bb3aa2eecd41c8207b2b86c799b69413335045ccaa6a3e74e823c',NULL);
INSERT INTO "command" VALUES(4,'fd9d2dfb35a70791dfcc20eb1d653b6b','2011-06-30T13:44:30.344764Z','JH','company add',NULL,'78fa18d65cc2f8b3ecc6857889a27bb2fd2ad2551d0371188128bc0d0cfe5d75',NULL);
INSERT INTO "command" VALUES(5,'d668ce6a58df881b5ef283344f968973','2011-06-30T13:44:30.834666Z','JH','company add',NULL,'c6e21d750af3bda69b766b1a0d4f77e0c74a7fcbaadbc44dbaada2f127403cb8',NULL);
INSERT INTO "command" VALUES(6,'cb6b7eb4d2ad60c8333d9924dc4e7b67','2011-06-30T13:44:31.253185Z','JH','company edit',NULL,'904049bbc1db40e262f1222f5602fcd41f0566942e760a48d0f212fdfd09ec87',NULL);
INSERT INTO "command" VALUES(7,'a61bbb07ff1e2afc42a0f3dc7e1d7910','2011-06-30T13:44:31.720628Z','JH','company edit',NULL,'3b9d2a7c39c1e40526410cb471a7e3f015f7b981d79385fc184387264fd64efe',NULL);
INSERT INTO "command" VALUES(8,'1db419b7db51b8516cb615e5bd9366de','2011-06-30T13:44:32.335235Z','JH','company edit',NULL,'d4825a2b77373f8fc9fb425e1335b406939b4d75e62945d7efe94abaa551df41',NULL);
INSERT INTO "command" VALUES(9,'1a7aa0f25d815d99ea57a6f58c068b42','2011-06-30T13:44:32.894582Z','JH','contact add',NULL,'7be4d5671f5551e7b6f8eaf6134e8f3df72df76be7002d9f5d7410ebec208bbb',NULL);
INSERT INTO "command" VALUES(10,'c3959d3c205655836b76758660e43bed','2011-06-30T13:44:33.382481Z','JH','contact add',NULL,'3281323701908949244ef977cf7450f7eaf59a45cb75e8f7d8972fdf3192aab4',NULL);
INSERT INTO "command" VALUES(11,'d4fb7340f6e426305ff7517709c3c785','2011-06-30T13:44:33.997047Z','JH','followup add',NULL,'71158a647476e1d79a3f56ee41c5d04f4f96aa9d28cb178361a9c72eb0e305d1',NULL);
INSERT INTO "command" VALUES(12,'20525c3d1ab1db078da09979e3f1113a','2011-06-30T13:44:34.579343Z','JH','contact edit',NULL,'af7b2216f58835afe31aa84af1684fd27de33db1623db1042b053afcf06765b3',NULL);
INSERT INTO "command" VALUES(13,'5ea16c228bb19c4442d788e3ccf5068a','2011-06-30T13:44:35.091460Z','JH','contact edit',NULL,'a44e5a06f715c1cb037fe9186d2ff65e0bce6980b71eabdac4f830b8183b48cf',NULL);
INSERT INTO "command" VALUES(14,'dee3d1195a538b0c7af8ac53b431a909','2011-06-30T13:44:35.559825Z','JH','contact withdraw','tastefejl: "dobbelt"','8a490ecbaa6f11a36c60a7797a1cd9cb6e166e28cc6f5ba9b0a3cb056b54debc',NULL);
INSERT INTO "command" VALUES(15,'924ab98ccdfcefe4e1411b6d85af4deb','2011-06-30T13:44:35.970024Z','JH','collaboration add',NULL,'99035a7bed6a31b9d221c321c27610071be68c45a664f085d72dd973275bde27',NULL);
INSERT INTO "command" VALUES(16,'e8825b74a4d257c119152e98a7675728','2011-06-30T13:44:36.501395Z','JH','hire add',NULL,'8c90800d73e1b7d8f4e27f157979cce121e4760f6d770547138fa909ac7c9c5a',NULL);
INSERT INTO "command" VALUES(17,'585645cefa5f40b49afbaf7452a3ff07','2011-06-30T13:44:36.833743Z','JH','hire edit',NULL,'2411161322755049e9d7f4ded5d878c45a4265ac313e0680480981f8f978de6a',NULL);
INSERT INTO "command" VALUES(18,'d152dcfc774ccb05267c501e65fa2017','2011-06-30T13:44:37.124860Z','JH','method add',NULL,'6ecc7a7300b052ad5e0da92888765610c204070313c3292a0b8d95fc98891ad1',NULL);
INSERT INTO "command" VALUES(19,'345a526af46f75ed451551f77c62e18b','2011-06-30T13:44:37.554521Z','JH','method assess',NULL,'bc5d75b89f3fd599d87e552c7f97f54ec1bf74ffb03c78d1e367d421c9d556b1',NULL);
INSERT INTO "command" VALUES(20,'d907fc2c77f43162c41a7bfc418e61ce','2011-06-30T13:44:37.936767Z','JH','method disseminate',NULL,'68131bb42558716dc50993adff226c825e67202424471e055c7ea8f0ff0e675d',NULL);
INSERT INTO "command" VALUES(21,'a9f5ba86954e7d96fedd724a87dba616','2011-06-30T13:44:38.310543Z','JH','method used',NULL,'1a0036a17c54bcfca855150f59751cddfe4e5987dd40c4497d46b7234f577f49',NULL);
INSERT INTO "command" VALUES(22,'3ae1b4559529fe521d13fe58ff102b96','2011-06-30T13:44:39.319099Z','JH','deliverable log',NULL,'2ac3c1af63082ca119c966947c2654c1f8a46ef85a09b9ccbc0df3ecc0cf4577',NULL);
INSERT INTO "command" VALUES(23,'92752bbdee9e69664704e949d540e379','2011-06-30T13:44:40.515467Z','JH','person erase',NULL,'2f76463cff8a1c6acf1027c206ec7c9be17ac337d6eb2c9d7c66d8c42ba2167b',NULL);
INSERT INTO "command" VALUES(24,'afc9ae7befbb202c4f53eefb7b6a68ac','2011-06-30T13:44:41.139539Z','JH','broker edit',NULL,'56f2e0d7666fede66bd4887e2fa23ba9cafc4afab6b31cc8aa203dfe193b89ab',NULL);
INSERT INTO "command" VALUES(25,'d159198993dea106ac2eeaac143593db','2011-06-30T13:44:41.763567Z','JH','survey answer',NULL,'73306039569813b814cec3aa68f15b74dc72a27b3a6e67e1029b8e332bdaf225',NULL);
INSERT INTO "command" VALUES(26,'d47e837d573a632b215fa1adb932b6f7','2011-06-30T13:44:42.430446Z','JH','contract amend','besked fra regionen, æøå "2013"','d030b3373cf6be060d8b5da7636c0b50773f97abb62c1c451d6c3246ab078b22',NULL);
INSERT INTO "command" VALUES(27,'7ebf2b266a8d4434ba8e9f6b13513bfd','2011-06-30T13:44:42.777448Z','JH','company add',NULL,'7570f166cd49364de466edb58fed4fb5aa85a84ed99d8aa08c970b40d5ea842b',NULL);
INSERT INTO "command" VALUES(28,'f7d626ef7dc239f57e03ad51c22b1c3c','2011-06-30T13:44:44.299643Z','JH','undo','company add','11cba6d0e5a88baf312cc58814477790b65da77bdeb94cf02cec230f91c21409',NULL);
INSERT INTO "command" VALUES(29,'127ddfd411927724c8e230c2d9daead5','2011-06-30T13:44:45.047192Z','JH','company add',NULL,'5b9eba0f59b700c0f8b34ac758d013ecc242c0f7dfe60352ae378d9ac80e6c5d',NULL);
INSERT INTO "command" VALUES(30,'aa6cc6769d1e76776235fbd9ecd05a15','2011-06-30T13:44:45.799421Z','JH','company join',NULL,'2d3a461b6a346518768c35a68a116f21caf7575acf03a51d13713d290280961c',NULL);
CREATE TABLE company (
	id VARCHAR NOT NULL, 
	recorded_at VARCHAR NOT NULL, 
	withdrawn VARCHAR, 
	name VARCHAR NOT NULL, 
	cvr VARCHAR, 
	municipality VARCHAR, 
	employees VARCHAR, 
	turnover FLOAT, 
	balance FLOAT, 
	sme BOOLEAN, 
	basis VARCHAR, 
	kind VARCHAR NOT NULL, 
	visited_before DATE, 
	later VARCHAR, 
	name_key VARCHAR NOT NULL, 
	joined VARCHAR, 
	part_of VARCHAR, 
	PRIMARY KEY (id), 
	CONSTRAINT visited_before_is_a_day CHECK (visited_before IS date(visited_before, '+0 days'))
);
INSERT INTO "company" VALUES('cdzfpvd9x3q','2011-06-30T13:44:29.762126Z',NULL,'Ærø "Smørrebrød" & Søn A/S','10001595','791','10-19',1.0e-07,NULL,1,'en linje/skråstreg','company','0001-01-01',NULL,'aeroe smoerrebroed soen as',NULL,NULL);
INSERT INTO "company" VALUES('cf95eekezcc','2011-06-30T13:44:30.344764Z',NULL,'Tall Aps Filial',NULL,'740','40',1000000.0,999999.9999999,NULL,NULL,'company',NULL,'{"2011-03-01":{"turnover":1.5e-6},"2011-04-01":{"employees":null}}','tall aps filial',NULL,NULL);
INSERT INTO "company" VALUES('cr8wvpf22sg','2011-06-30T13:44:30.834666Z',NULL,'Éclair 😀 I/S',NULL,'791',NULL,1.25e-08,12.5,NULL,NULL,'public',NULL,NULL,'eclair is',NULL,NULL);
INSERT INTO "company" VALUES('cctpf32myzx','2011-06-30T13:44:42.777448Z','undone','Fortrudt ApS',NULL,NULL,NULL,2.0e-17,NULL,NULL,NULL,'company',NULL,NULL,'fortrudt aps',NULL,NULL);
INSERT INTO "company" VALUES('c70adrgga4a','2011-06-30T13:44:45.047192Z','→ cf95eekezcc','Tall Aps Filial',NULL,NULL,NULL,NULL,999999.9999999,NULL,NULL,'company',NULL,NULL,'tall aps filial','cf95eekezcc','cf95eekezcc');
CREATE TABLE contact (
	id VARCHAR NOT NULL, 
	recorded_at VARCHAR NOT NULL, 
	withdrawn VARCHAR, 
	date DATE NOT NULL, 
	channel VARCHAR NOT NULL, 
	broker VARCHAR, 
	others VARCHAR, 
	note VARCHAR, 
	next DATE, 
	company_id VARCHAR NOT NULL, 
	person_id VARCHAR, 
	PRIMARY KEY (id), 
	CONSTRAINT date_is_a_day CHECK (date IS date(date, '+0 days')), 
	CONSTRAINT next_is_a_day CHECK (next IS date(next, '+0 days')), 
	FOREIGN KEY(company_id) REFERENCES company (id), 
	FOREIGN KEY(person_id) REFERENCES person (id)
);
INSERT INTO "contact" VALUES('ksz5tz77yy7','2011-06-30T13:44:32.894582Z',NULL,'2011-03-01','visit','JH','KP ÅØ','talte med *** om {"json": [1e-07, null]}',NULL,'cdzfpvd9x3q','pss5hmvzp3a');
INSERT INTO "contact" VALUES('krvnq1pmhmw','2011-06-30T13:44:33.382481Z','tastefejl: "dobbelt"','2011-03-02','phone','JH',NULL,NULL,NULL,'cf95eekezcc',NULL);
INSERT INTO "contact" VALUES('ks9xs4yzp45','2011-06-30T13:44:33.997047Z',NULL,'2011-06-20','visit','JH',NULL,'igen 🚀',NULL,'cdzfpvd9x3q',NULL);
CREATE TABLE contract (
	id VARCHAR NOT NULL, 
	recorded_at VARCHAR NOT NULL, 
	withdrawn VARCHAR, 
	document VARCHAR NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "contract" VALUES('contract','2011-06-30T13:44:28.516843Z',NULL,'{"participation":[{"municipality":"791"},{"municipality":"740"},{"municipality":"615"}],"format":1,"id":"kontaktmaegler-2011-12","name":{"da":"Udstationering af kontaktmæglere ved lokale erhvervsråd","en":"Contact brokers stationed at local business councils"},"parties":{"region":"Region Midtjylland, Regional Udvikling, Skottenborg 26, 8800 Viborg","operator":""},"period":{"first_day":"2011-01-01","last_day":"2013-12-31"},"counting":{"channels":["visit","meeting","phone","online"],"highly_educated":["master","phd"],"paid_terms":["ordinary","subsidised"]},"sme":{"employees_below":250,"turnover_at_most":50.0,"balance_at_most":43.0},"target":[{"id":"new-contacts","counts":"contact","select":{"history":"first"},"minimum":1000,"due":"2013-12-31","name":{"da":"Nye kontakter","en":"New contacts"},"words":{"da":"Gennemføre min. 1000 nye kontakter til små og mellemstore virksomheder i de deltagende kommuner","en":"Carry out at least 1000 new contacts to small and medium-sized enterprises in the participating municipalities"},"requires":{"identified":{"da":"nye kontakter til (…) virksomheder","en":"new contacts to (…) enterprises"},"in_period":{"da":"i projektperioden 2011-12","en":"in the project period 2011-12"},"countable_channel":{"da":"Gennemføre (…) kontakter","en":"Carry out (…) contacts"},"one_per_day":{"da":"nye kontakter","en":"new contacts"},"participating":{"da":"i de deltagende kommuner","en":"in the participating municipalities"},"sme":{"da":"små og mellemstore virksomheder","en":"small and medium-sized enterprises"}}},{"id":"follow-ups","counts":"contact","select":{"history":"later"},"minimum":500,"due":"2013-12-31","name":{"da":"Opfølgende kontakter","en":"Follow-up contacts"},"words":{"da":"Gennemføre min. 500 opfølgende kontakter til tidligere besøgte virksomheder","en":"Carry out at least 500 follow-up contacts to previously visited enterprises"},"requires":{"identified":{"da":"til tidligere besøgte virksomheder","en":"to previously visited enterprises"},"in_period":{"da":"i projektperioden 2011-12","en":"in the project period 2011-12"},"countable_channel":{"da":"Gennemføre (…) opfølgende kontakter","en":"Carry out (…) follow-up contacts"},"one_per_day":{"da":"opfølgende kontakter","en":"follow-up contacts"}}},{"id":"collaborations","counts":"collaboration","minimum":300,"due":"2013-12-31","name":{"da":"Forpligtende samarbejder","en":"Committing collaborations"},"words":{"da":"Formidle min. 300 forpligtende samarbejder i form af projektarbejder og ansættelser af studerende og praktikanter","en":"Broker at least 300 committing collaborations in the form of project work and the employment of students and interns"},"requires":{"identified":{"da":"forpligtende samarbejder","en":"committing collaborations"},"binding":{"da":"forpligtende samarbejder","en":"committing collaborations"},"in_period":{"da":"i projektperioden 2011-12","en":"in the project period 2011-12"},"brokered":{"da":"Formidle","en":"Broker"}}},{"id":"hires","counts":"hire","minimum":75,"due":"2013-12-31","name":{"da":"Ansættelser af højtuddannede","en":"Hires of highly educated"},"words":{"da":"Formidle min. 50 ansættelser af højtuddannede","en":"Broker at least 50 hires of highly educated"},"requires":{"identified":{"da":"ansættelser af højtuddannede","en":"hires of highly educated"},"binding":{"da":"ansættelser","en":"hires"},"in_period":{"da":"i projektperioden 2011-12","en":"in the project period 2011-12"},"brokered":{"da":"Formidle","en":"Broker"},"highly_educated":{"da":"højtuddannede","en":"highly educated"},"paid":{"da":"ansættelser","en":"hires"},"participating":{"da":"virksomheder i de deltagende kommuner ansætter højtuddannede medarbejdere","en":"enterprises in the participating municipalities hire highly educated staff"},"sme":{"da":"flere små og mellemstore virksomheder (…) ansætter højtuddannede medarbejdere","en":"more small and medium-sized enterprises (…) hire highly educated staff"}}},{"id":"project-management","counts":"deliverable","logged_every_days":92,"name":{"da":"Projektledelse","en":"Project management"},"words":{"da":"Etablere og drifte projektledelse","en":"Set up and run the project management"}},{"id":"continuation-model","counts":"deliverable","due":"2011-06-30","name":{"da":"Model for videreførelse","en":"Continuation model"},"words":{"da":"Der foreligger en model for videreførelse inden 1.7.2011","en":"A model for the continuation is at hand before 1 July 2011"},"point":[{"id":"co-financing","name":{"da":"Større kommunal medfinansiering i 2012","en":"Larger municipal co-financing in 2012"},"words":{"da":"en større kommunal medfinansiering af initiativet allerede i 2012","en":"a larger municipal co-financing of the initiative already in 2012"}},{"id":"resources","instead_of":"co-financing","name":{"da":"Ressourcetilpasning","en":"Adaptation of resources"},"words":{"da":"eller alternativt hertil en ressourcetilpasning af initiativet","en":"or alternatively an adaptation of the initiative''s resources"}},{"id":"anchoring","name":{"da":"Modeller for permanent forankring","en":"Models for a permanent anchoring"},"words":{"da":"mulige modeller for en permanent forankring af kontaktmægleropgaverne hos kommunerne/ i erhvervsservicesystemet efter projektperioden","en":"possible models for a permanent anchoring of the contact broker tasks with the municipalities/ in the business service system after the project period"}},{"id":"with-municipalities","name":{"da":"Med de deltagende kommuner","en":"With the participating municipalities"},"words":{"da":"i tæt samarbejde med de deltagende kommuner","en":"in close cooperation with the participating municipalities"}},{"id":"with-institutions","name":{"da":"Med uddannelsesinstitutionerne","en":"With the institutions of higher education"},"words":{"da":"i tæt samarbejde med (…) videregående uddannelsesinstitutioner","en":"in close cooperation with (…) institutions of higher education"}},{"id":"with-business-service","name":{"da":"Med erhvervsservicesystemet","en":"With the business service system"},"words":{"da":"i tæt samarbejde med (…) erhvervsservicesystemet","en":"in close cooperation with (…) the business service system"}}]},{"id":"methods","counts":"method","name":{"da":"Metoder og værktøjer","en":"Methods and tools"},"words":{"da":"en opsamling, vurdering og formidling af initiativets metoder og værktøjer","en":"a collection, assessment and dissemination of the initiative''s methods and tools"}},{"id":"growth","counts":"survey","name":{"da":"Flere højtuddannede","en":"Growth in highly educated"},"words":{"da":"en markant stigning i antallet af højtuddannede i virksomhederne i de deltagende kommuner","en":"a marked rise in the number of highly educated in the enterprises of the participating municipalities"}}]}');
CREATE TABLE delivery (
	id VARCHAR NOT NULL, 
	recorded_at VARCHAR NOT NULL, 
	withdrawn VARCHAR, 
	target VARCHAR NOT NULL, 
	step VARCHAR NOT NULL, 
	date DATE NOT NULL, 
	text VARCHAR, 
	point VARCHAR, 
	file VARCHAR, 
	digest VARCHAR, 
	broker VARCHAR, 
	PRIMARY KEY (id), 
	CONSTRAINT date_is_a_day CHECK (date IS date(date, '+0 days'))
);
INSERT INTO "delivery" VALUES('dvjvtx7kad6','2011-06-30T13:44:39.319099Z',NULL,'project-management','log','2011-06-30','skrevet «udkast»',NULL,NULL,NULL,'JH');
CREATE TABLE dissemination (
	id VARCHAR NOT NULL, 
	recorded_at VARCHAR NOT NULL, 
	withdrawn VARCHAR, 
	method_id VARCHAR NOT NULL, 
	date DATE NOT NULL, 
	audience VARCHAR NOT NULL, 
	how VARCHAR NOT NULL, 
	institution VARCHAR, 
	broker VARCHAR, 
	PRIMARY KEY (id), 
	CONSTRAINT date_is_a_day CHECK (date IS date(date, '+0 days')), 
	FOREIGN KEY(method_id) REFERENCES method (id)
);
INSERT INTO "dissemination" VALUES('f6wv5tcrg3e','2011-06-30T13:44:37.936767Z',NULL,'mbbh2912amm','2011-06-30','region','møde, æøå',NULL,'JH');
CREATE TABLE entry (
	number INTEGER NOT NULL, 
	command INTEGER NOT NULL, 
	noun VARCHAR NOT NULL, 
	record_id VARCHAR NOT NULL, 
	action VARCHAR NOT NULL, 
	facts VARCHAR NOT NULL, 
	secret VARCHAR, 
	digest VARCHAR NOT NULL, 
	PRIMARY KEY (number), 
	FOREIGN KEY(command) REFERENCES command (number)
);
INSERT INTO "entry" VALUES(1,1,'contract','contract','add','{"participation":[{"municipality":"791"},{"municipality":"740"}],"format":1,"id":"kontaktmaegler-2011-12","name":{"da":"Udstationering af kontaktmæglere ved lokale erhvervsråd","en":"Contact brokers stationed at local business councils"},"parties":{"region":"Region Midtjylland, Regional Udvikling, Skottenborg 26, 8800 Viborg","operator":""},"period":{"first_day":"2011-01-01","last_day":"2012-12-31"},"counting":{"channels":["visit","meeting","phone","online"],"highly_educated":["master","phd"],"paid_terms":["ordinary","subsidised"]},"sme":{"employees_below":250,"turnover_at_most":50.0,"balance_at_most":43.0},"target":[{"id":"new-contacts","counts":"contact","select":{"history":"first"},"minimum":1000,"due":"2012-12-31","name":{"da":"Nye kontakter","en":"New contacts"},"words":{"da":"Gennemføre min. 1000 nye kontakter til små og mellemstore virksomheder i de deltagende kommuner","en":"Carry out at least 1000 new contacts to small and medium-sized enterprises in the participating municipalities"},"requires":{"identified":{"da":"nye kontakter til (…) virksomheder","en":"new contacts to (…) enterprises"},"in_period":{"da":"i projektperioden 2011-12","en":"in the project period 2011-12"},"countable_channel":{"da":"Gennemføre (…) kontakter","en":"Carry out (…) contacts"},"one_per_day":{"da":"nye kontakter","en":"new contacts"},"participating":{"da":"i de deltagende kommuner","en":"in the participating municipalities"},"sme":{"da":"små og mellemstore virksomheder","en":"small and medium-sized enterprises"}}},{"id":"follow-ups","counts":"contact","select":{"history":"later"},"minimum":500,"due":"2012-12-31","name":{"da":"Opfølgende kontakter","en":"Follow-up contacts"},"words":{"da":"Gennemføre min. 500 opfølgende kontakter til tidligere besøgte virksomheder","en":"Carry out at least 500 follow-up contacts to previously visited enterprises"},"requires":{"identified":{"da":"til tidligere besøgte virksomheder","en":"to previously visited enterprises"},"in_period":{"da":"i projektperioden 2011-12","en":"in the project period 2011-12"},"countable_channel":{"da":"Gennemføre (…) opfølgende kontakter","en":"Carry out (…) follow-up contacts"},"one_per_day":{"da":"opfølgende kontakter","en":"follow-up contacts"}}},{"id":"collaborations","counts":"collaboration","minimum":300,"due":"2012-12-31","name":{"da":"Forpligtende samarbejder","en":"Committing collaborations"},"words":{"da":"Formidle min. 300 forpligtende samarbejder i form af projektarbejder og ansættelser af studerende og praktikanter","en":"Broker at least 300 committing collaborations in the form of project work and the employment of students and interns"},"requires":{"identified":{"da":"forpligtende samarbejder","en":"committing collaborations"},"binding":{"da":"forpligtende samarbejder","en":"committing collaborations"},"in_period":{"da":"i projektperioden 2011-12","en":"in the project period 2011-12"},"brokered":{"da":"Formidle","en":"Broker"}}},{"id":"hires","counts":"hire","minimum":50,"due":"2012-12-31","name":{"da":"Ansættelser af højtuddannede","en":"Hires of highly educated"},"words":{"da":"Formidle min. 50 ansættelser af højtuddannede","en":"Broker at least 50 hires of highly educated"},"requires":{"identified":{"da":"ansættelser af højtuddannede","en":"hires of highly educated"},"binding":{"da":"ansættelser","en":"hires"},"in_period":{"da":"i projektperioden 2011-12","en":"in the project period 2011-12"},"brokered":{"da":"Formidle","en":"Broker"},"highly_educated":{"da":"højtuddannede","en":"highly educated"},"paid":{"da":"ansættelser","en":"hires"},"participating":{"da":"virksomheder i de deltagende kommuner ansætter højtuddannede medarbejdere","en":"enterprises in the participating municipalities hire highly educated staff"},"sme":{"da":"flere små og mellemstore virksomheder (…) ansætter højtuddannede medarbejdere","en":"more small and medium-sized enterprises (…) hire highly educated staff"}}},{"id":"project-management","counts":"deliverable","logged_every_days":92,"name":{"da":"Projektledelse","en":"Project management"},"words":{"da":"Etablere og drifte projektledelse","en":"Set up and run the project management"}},{"id":"continuation-model","counts":"deliverable","due":"2011-06-30","name":{"da":"Model for videreførelse","en":"Continuation model"},"words":{"da":"Der foreligger en model for videreførelse inden 1.7.2011","en":"A model for the continuation is at hand before 1 July 2011"},"point":[{"id":"co-financing","name":{"da":"Større kommunal medfinansiering i 2012","en":"Larger municipal co-financing in 2012"},"words":{"da":"en større kommunal medfinansiering af initiativet allerede i 2012","en":"a larger municipal co-financing of the initiative already in 2012"}},{"id":"resources","instead_of":"co-financing","name":{"da":"Ressourcetilpasning","en":"Adaptation of resources"},"words":{"da":"eller alternativt hertil en ressourcetilpasning af initiativet","en":"or alternatively an adaptation of the initiative''s resources"}},{"id":"anchoring","name":{"da":"Modeller for permanent forankring","en":"Models for a permanent anchoring"},"words":{"da":"mulige modeller for en permanent forankring af kontaktmægleropgaverne hos kommunerne/ i erhvervsservicesystemet efter projektperioden","en":"possible models for a permanent anchoring of the contact broker tasks with the municipalities/ in the business service system after the project period"}},{"id":"with-municipalities","name":{"da":"Med de deltagende kommuner","en":"With the participating municipalities"},"words":{"da":"i tæt samarbejde med de deltagende kommuner","en":"in close cooperation with the participating municipalities"}},{"id":"with-institutions","name":{"da":"Med uddannelsesinstitutionerne","en":"With the institutions of higher education"},"words":{"da":"i tæt samarbejde med (…) videregående uddannelsesinstitutioner","en":"in close cooperation with (…) institutions of higher education"}},{"id":"with-business-service","name":{"da":"Med erhvervsservicesystemet","en":"With the business service system"},"words":{"da":"i tæt samarbejde med (…) erhvervsservicesystemet","en":"in close cooperation with (…) the business service system"}}]},{"id":"methods","counts":"method","name":{"da":"Metoder og værktøjer","en":"Methods and tools"},"words":{"da":"en opsamling, vurdering og formidling af initiativets metoder og værktøjer","en":"a collection, assessment and dissemination of the initiative''s methods and tools"}},{"id":"growth","counts":"survey","name":{"da":"Flere højtuddannede","en":"Growth in highly educated"},"words":{"da":"en markant stigning i antallet af højtuddannede i virksomhederne i de deltagende kommuner","en":"a marked rise in the number of highly educated in the enterprises of the participating municipalities"}}]}',NULL,'b7600bd83199172949da002c1d94f5d5c75851c7db19648a934659f3a13f745d');
INSERT INTO "entry" VALUES(2,1,'broker','JH','add','{"initials":"JH","council":"Viborg Erhvervsråd"}','03d07200ff44b98244d25e89d9222646','83a5500e84212ace30183fa6672f396463ddccaf145d88addb961a5cc86be2f4');
INSERT INTO "entry" VALUES(3,2,'broker','KP','add','{"initials":"KP"}',NULL,'e0b3a98cbc4bb3aa2eecd41c8207b2b86c799b69413335045ccaa6a3e74e823c');
INSERT INTO "entry" VALUES(4,3,'company','cdzfpvd9x3q','add','{"name":"Ærø \"Smørrebrød\" & Søn A/S","cvr":"10001595","municipality":"791","employees":"10-19","turnover":1e-7,"balance":0.00001,"sme":true,"basis":"erklæring \\ ''underskrevet''","kind":"company","visited_before":"0001-01-01"}','9d8ff0fc3d01601644a9c4ce1abf083c','78fa18d65cc2f8b3ecc6857889a27bb2fd2ad2551d0371188128bc0d0cfe5d75');
INSERT INTO "entry" VALUES(5,4,'company','cf95eekezcc','add','{"name":"Tall ApS","municipality":"740","employees":"40","turnover":1000000.0,"balance":0.000123456789,"kind":"company"}','62e3a69a0763393a13c4a8ff51735cc9','c6e21d750af3bda69b766b1a0d4f77e0c74a7fcbaadbc44dbaada2f127403cb8');
INSERT INTO "entry" VALUES(6,5,'company','cr8wvpf22sg','add','{"name":"Éclair 😀 I/S","municipality":"791","turnover":1.25e-8,"balance":12.5,"kind":"public"}','8b2856271af47063492bcb1ee40ce0ce','904049bbc1db40e262f1222f5602fcd41f0566942e760a48d0f212fdfd09ec87');
INSERT INTO "entry" VALUES(7,6,'company','cf95eekezcc','edit','{"from":"2011-03-01","turnover":1.5e-6}',NULL,'3b9d2a7c39c1e40526410cb471a7e3f015f7b981d79385fc184387264fd64efe');
INSERT INTO "entry" VALUES(8,7,'company','cf95eekezcc','edit','{"from":"2011-04-01","employees":null}',NULL,'d4825a2b77373f8fc9fb425e1335b406939b4d75e62945d7efe94abaa551df41');
INSERT INTO "entry" VALUES(9,8,'company','cdzfpvd9x3q','edit','{"balance":null,"basis":"en linje/skråstreg"}','b9d286f348fe2e2f5e5bacd6c8dd7210','7be4d5671f5551e7b6f8eaf6134e8f3df72df76be7002d9f5d7410ebec208bbb');
INSERT INTO "entry" VALUES(10,9,'person','pss5hmvzp3a','add','{"company_id":"cdzfpvd9x3q","name":"1d6c787f603eebffbdf85934f864f89f387053dfb0b72aa4a8d3fad132d8dd2e"}','45b2c75401640a8a31a9a95892faa5ff','4e4609cfaf6fd64b073b854e5f4343bf098182fe1213bc77eeaea9d30189a2c3');
INSERT INTO "entry" VALUES(11,9,'contact','ksz5tz77yy7','add','{"company_id":"cdzfpvd9x3q","date":"2011-03-01","channel":"visit","broker":"JH","others":"KP ÅØ","person_id":"pss5hmvzp3a","note":"line one\nline \"two\" \\ back\nx\n/slash <tag> & ''","next":"2011-07-01"}','02e99a96f3b1c2cd6e1427a3a6ff5ae3','3281323701908949244ef977cf7450f7eaf59a45cb75e8f7d8972fdf3192aab4');
INSERT INTO "entry" VALUES(12,10,'contact','krvnq1pmhmw','add','{"company_id":"cf95eekezcc","date":"2011-03-02","channel":"phone","broker":"JH"}',NULL,'71158a647476e1d79a3f56ee41c5d04f4f96aa9d28cb178361a9c72eb0e305d1');
INSERT INTO "entry" VALUES(13,11,'contact','ks9xs4yzp45','add','{"company_id":"cdzfpvd9x3q","date":"2011-06-20","channel":"visit","broker":"JH","note":"igen 🚀"}','843c97b0c39d27e015409190d6b5fc1e','af7b2216f58835afe31aa84af1684fd27de33db1623db1042b053afcf06765b3');
INSERT INTO "entry" VALUES(14,12,'contact','ksz5tz77yy7','edit','{"note":null,"next":null}','e02b327ca2df5c10dc3590a4b632b41e','a44e5a06f715c1cb037fe9186d2ff65e0bce6980b71eabdac4f830b8183b48cf');
INSERT INTO "entry" VALUES(15,13,'contact','ksz5tz77yy7','edit','{"note":{"erased":"c33b2cd5583ecf2e497fb37a875b49421d6706cfbdb6fd73011606d5fdbc663d","left":"talte med *** om {\"json\": [1e-07, null]}"}}',NULL,'8a490ecbaa6f11a36c60a7797a1cd9cb6e166e28cc6f5ba9b0a3cb056b54debc');
INSERT INTO "entry" VALUES(16,14,'contact','krvnq1pmhmw','withdraw','{"reason":"tastefejl: \"dobbelt\""}','ddcd4767aafc6c8cdd8e08038af76c5a','99035a7bed6a31b9d221c321c27610071be68c45a664f085d72dd973275bde27');
INSERT INTO "entry" VALUES(17,15,'collaboration','s163vbg6050','add','{"company_id":"cf95eekezcc","agreed":"2011-05-02","start":"2011-08-15","end":"2011-12-16","institution":"VIA \"Horsens\"","broker":"JH","kind":"project","title":"Måling & vægt","students":2}','b3d43d19116e905403e56cf023af979b','8c90800d73e1b7d8f4e27f157979cce121e4760f6d770547138fa909ac7c9c5a');
INSERT INTO "entry" VALUES(18,16,'hire','hzb1qcsj79h','add','{"company_id":"cdzfpvd9x3q","agreed":"2011-05-02","broker":"JH","level":"master","field":"økonomi","terms":"subsidised","hours":37}','a997e9f3b17e89e7a21d2c9bb8e34a8b','2411161322755049e9d7f4ded5d878c45a4265ac313e0680480981f8f978de6a');
INSERT INTO "entry" VALUES(19,17,'hire','hzb1qcsj79h','edit','{"hours":30}',NULL,'6ecc7a7300b052ad5e0da92888765610c204070313c3292a0b8d95fc98891ad1');
INSERT INTO "entry" VALUES(20,18,'method','mbbh2912amm','add','{"name":"Øl & \"kompetencehjul\"","kind":"tool","audience":"companies","date":"2011-06-30","description":"to\nlinjer","broker":"JH"}','7aea0f3e6365b652d1f147a23202c65a','bc5d75b89f3fd599d87e552c7f97f54ec1bf74ffb03c78d1e367d421c9d556b1');
INSERT INTO "entry" VALUES(21,19,'assessment','vf1x0nxpn8v','add','{"method_id":"mbbh2912amm","date":"2011-06-30","verdict":"adapt","text":"kort \\n, ikke linjeskift","broker":"JH"}','e73747c360dbf650fff42334bece150d','68131bb42558716dc50993adff226c825e67202424471e055c7ea8f0ff0e675d');
INSERT INTO "entry" VALUES(22,20,'dissemination','f6wv5tcrg3e','add','{"method_id":"mbbh2912amm","date":"2011-06-30","audience":"region","how":"møde, æøå","broker":"JH"}','263304c1ea061455e198c475efc9509f','1a0036a17c54bcfca855150f59751cddfe4e5987dd40c4497d46b7234f577f49');
INSERT INTO "entry" VALUES(23,21,'usage','b5h9gffh36j','add','{"method_id":"mbbh2912amm","contact_id":"ksz5tz77yy7"}',NULL,'2ac3c1af63082ca119c966947c2654c1f8a46ef85a09b9ccbc0df3ecc0cf4577');
INSERT INTO "entry" VALUES(24,22,'delivery','dvjvtx7kad6','add','{"target":"project-management","step":"log","date":"2011-06-30","text":"skrevet «udkast»","broker":"JH"}','0f0ee6c54a05fc37e6b6b4374740feb1','2f76463cff8a1c6acf1027c206ec7c9be17ac337d6eb2c9d7c66d8c42ba2167b');
INSERT INTO "entry" VALUES(25,23,'person','pss5hmvzp3a','erase','{}',NULL,'797de9a88ba00f6eea51bea2320d4de66a0fc398e1e8319d5cced67f43ee606b');
INSERT INTO "entry" VALUES(26,23,'contact','ksz5tz77yy7','redact','{"entry":"8a490ecbaa6f11a36c60a7797a1cd9cb6e166e28cc6f5ba9b0a3cb056b54debc","field":"note","left":"talte med *** om {\"json\": [1e-07, null]}"}','502fd96d97be61e3c4b435d1c40e015b','56f2e0d7666fede66bd4887e2fa23ba9cafc4afab6b31cc8aa203dfe193b89ab');
INSERT INTO "entry" VALUES(27,24,'broker','KP','edit','{"council":"Silkeborg Erhverv"}','40f9b6f17001523b13ea9c772a6d9b57','73306039569813b814cec3aa68f15b74dc72a27b3a6e67e1029b8e332bdaf225');
INSERT INTO "entry" VALUES(28,25,'survey','qgx9pj4xq7f','add','{"questionnaire":"kontaktmaegler-2011-12/1","asks":"company","wave":"before","date":"2011-06-30","hire_id":"hzb1qcsj79h","answers":"{\"employees\": 12, \"expectation\": \"sælge \\\"mere\\\" i Ålborg\", \"highly-educated\": 3}","broker":"JH","company_id":"cdzfpvd9x3q"}','215ea9b33e7c274f7184baa4ce2a61dd','d030b3373cf6be060d8b5da7636c0b50773f97abb62c1c451d6c3246ab078b22');
INSERT INTO "entry" VALUES(29,26,'contract','contract','edit','{"last_day":"2013-12-31","participation":[{"municipality":"615"}],"minimums":{"hires":75}}',NULL,'7570f166cd49364de466edb58fed4fb5aa85a84ed99d8aa08c970b40d5ea842b');
INSERT INTO "entry" VALUES(30,27,'company','cctpf32myzx','add','{"name":"Fortrudt ApS","turnover":2e-17,"kind":"company"}','dc9d33e30fce71840be97e3dff3847df','11cba6d0e5a88baf312cc58814477790b65da77bdeb94cf02cec230f91c21409');
INSERT INTO "entry" VALUES(31,28,'company','cctpf32myzx','undo','{"withdrawn":"undone"}','be05cea1ab6babe1567e8977ac758684','5b9eba0f59b700c0f8b34ac758d013ecc242c0f7dfe60352ae378d9ac80e6c5d');
INSERT INTO "entry" VALUES(32,29,'company','c70adrgga4a','add','{"name":"Tall Aps Filial","balance":999999.9999999,"kind":"company"}','3ca09ff0a21114ccffd79959096ef8a5','2d3a461b6a346518768c35a68a116f21caf7575acf03a51d13713d290280961c');
INSERT INTO "entry" VALUES(33,30,'company','c70adrgga4a','join','{"with":"cf95eekezcc"}',NULL,'2c3dbafa65f583669003bd179d1cf766568f4db0ee7ce4a1924b4e1d9b6a730c');
CREATE TABLE hire (
	id VARCHAR NOT NULL, 
	recorded_at VARCHAR NOT NULL, 
	withdrawn VARCHAR, 
	agreed DATE, 
	start DATE, 
	"end" DATE, 
	institution VARCHAR, 
	broker VARCHAR, 
	note VARCHAR, 
	level VARCHAR, 
	field VARCHAR, 
	terms VARCHAR NOT NULL, 
	hours INTEGER, 
	company_id VARCHAR NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT agreed_is_a_day CHECK (agreed IS date(agreed, '+0 days')), 
	CONSTRAINT start_is_a_day CHECK (start IS date(start, '+0 days')), 
	CONSTRAINT end_is_a_day CHECK (end IS date(end, '+0 days')), 
	FOREIGN KEY(company_id) REFERENCES company (id)
);
INSERT INTO "hire" VALUES('hzb1qcsj79h','2011-06-30T13:44:36.501395Z',NULL,'2011-05-02',NULL,NULL,NULL,'JH',NULL,'master','økonomi','subsidised',30,'cdzfpvd9x3q');
CREATE TABLE method (
	id VARCHAR NOT NULL, 
	recorded_at VARCHAR NOT NULL, 
	withdrawn VARCHAR, 
	name VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	audience VARCHAR NOT NULL, 
	date DATE NOT NULL, 
	description VARCHAR, 
	broker VARCHAR, 
	PRIMARY KEY (id), 
	CONSTRAINT date_is_a_day CHECK (date IS date(date, '+0 days'))
);
INSERT INTO "method" VALUES('mbbh2912amm','2011-06-30T13:44:37.124860Z',NULL,'Øl & "kompetencehjul"','tool','companies','2011-06-30','to
linjer','JH');
CREATE TABLE person (
	id VARCHAR NOT NULL, 
	recorded_at VARCHAR NOT NULL, 
	withdrawn VARCHAR, 
	company_id VARCHAR NOT NULL, 
	name VARCHAR, 
	secret VARCHAR, 
	PRIMARY KEY (id), 
	FOREIGN KEY(company_id) REFERENCES company (id)
);
INSERT INTO "person" VALUES('pss5hmvzp3a','2011-06-30T13:44:32.894582Z','erased','cdzfpvd9x3q',NULL,NULL);
CREATE TABLE setting (
	name VARCHAR NOT NULL, 
	value VARCHAR NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "setting" VALUES('broker','JH');
INSERT INTO "setting" VALUES('erased:pss5hmvzp3a','');
CREATE TABLE survey (
	id VARCHAR NOT NULL, 
	recorded_at VARCHAR NOT NULL, 
	withdrawn VARCHAR, 
	questionnaire VARCHAR NOT NULL, 
	asks VARCHAR NOT NULL, 
	wave VARCHAR NOT NULL, 
	date DATE NOT NULL, 
	municipality VARCHAR, 
	answers VARCHAR NOT NULL, 
	broker VARCHAR, 
	company_id VARCHAR, 
	hire_id VARCHAR, 
	PRIMARY KEY (id), 
	CONSTRAINT date_is_a_day CHECK (date IS date(date, '+0 days')), 
	FOREIGN KEY(company_id) REFERENCES company (id), 
	FOREIGN KEY(hire_id) REFERENCES hire (id)
);
INSERT INTO "survey" VALUES('qgx9pj4xq7f','2011-06-30T13:44:41.763567Z',NULL,'kontaktmaegler-2011-12/1','company','before','2011-06-30',NULL,'{"employees": 12, "expectation": "sælge \"mere\" i Ålborg", "highly-educated": 3}','JH','cdzfpvd9x3q','hzb1qcsj79h');
CREATE TABLE tally (
	target VARCHAR NOT NULL, 
	outcome VARCHAR NOT NULL, 
	day VARCHAR NOT NULL, 
	number INTEGER NOT NULL, 
	PRIMARY KEY (target, outcome, day)
)
 WITHOUT ROWID

;
INSERT INTO "tally" VALUES('collaborations','excluded','2011-05-02',1);
INSERT INTO "tally" VALUES('follow-ups','counted','2011-03-01',1);
INSERT INTO "tally" VALUES('follow-ups','counted','2011-06-20',1);
INSERT INTO "tally" VALUES('hires','counted','2011-05-02',1);
INSERT INTO "tally" VALUES('new-contacts','waiting','2011-03-02',0);
CREATE TABLE usage (
	id VARCHAR NOT NULL, 
	recorded_at VARCHAR NOT NULL, 
	withdrawn VARCHAR, 
	method_id VARCHAR NOT NULL, 
	contact_id VARCHAR NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(method_id) REFERENCES method (id), 
	FOREIGN KEY(contact_id) REFERENCES contact (id)
);
INSERT INTO "usage" VALUES('b5h9gffh36j','2011-06-30T13:44:38.310543Z',NULL,'mbbh2912amm','ksz5tz77yy7');
CREATE TABLE verdict (
	company_id VARCHAR NOT NULL, 
	record_id VARCHAR NOT NULL, 
	target VARCHAR NOT NULL, 
	noun VARCHAR NOT NULL, 
	day VARCHAR NOT NULL, 
	outcome VARCHAR NOT NULL, 
	reasons VARCHAR NOT NULL, 
	municipality VARCHAR, 
	brokers VARCHAR NOT NULL, 
	PRIMARY KEY (company_id, record_id, target), 
	FOREIGN KEY(company_id) REFERENCES company (id)
)
 WITHOUT ROWID

;
INSERT INTO "verdict" VALUES('cdzfpvd9x3q','hzb1qcsj79h','hires','hire','2011-05-02','counted','[]','791','JH');
INSERT INTO "verdict" VALUES('cdzfpvd9x3q','ks9xs4yzp45','follow-ups','contact','2011-06-20','counted','[]','791','JH');
INSERT INTO "verdict" VALUES('cdzfpvd9x3q','ksz5tz77yy7','follow-ups','contact','2011-03-01','counted','[]','791','JH KP ÅØ');
INSERT INTO "verdict" VALUES('cf95eekezcc','s163vbg6050','collaborations','collaboration','2011-05-02','excluded','[["brokered","never_met"]]','740','JH');
CREATE INDEX command_recorded_at ON command (recorded_at);
CREATE INDEX command_recorded_by ON command (recorded_by, number);
CREATE UNIQUE INDEX company_cvr ON company (cvr) WHERE withdrawn IS NULL;
CREATE INDEX company_name_key ON company (name_key);
CREATE INDEX ix_assessment_method_id ON assessment (method_id);
CREATE INDEX ix_collaboration_company_id ON collaboration (company_id);
CREATE INDEX ix_dissemination_method_id ON dissemination (method_id);
CREATE INDEX ix_entry_command ON entry (command);
CREATE INDEX ix_entry_record_id ON entry (record_id);
CREATE INDEX ix_hire_company_id ON hire (company_id);
CREATE INDEX ix_person_company_id ON person (company_id);
CREATE INDEX verdict_hired ON verdict (company_id, day) WHERE noun = 'hire' AND outcome = 'counted';
CREATE INDEX contact_date ON contact (date);
CREATE INDEX ix_contact_company_id ON contact (company_id);
CREATE INDEX ix_survey_company_id ON survey (company_id);
CREATE INDEX ix_usage_method_id ON usage (method_id);
COMMIT;
