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
INSERT INTO "assessment" VALUES('vkn2e2701gj','2011-06-30T02:37:18.976482Z',NULL,'maj8q38t7zz','2011-06-30','keep','god','JH');
CREATE TABLE broker (
	id VARCHAR NOT NULL, 
	recorded_at VARCHAR NOT NULL, 
	withdrawn VARCHAR, 
	initials VARCHAR NOT NULL, 
	council VARCHAR, 
	PRIMARY KEY (id)
);
INSERT INTO "broker" VALUES('JH','2011-06-30T02:37:15.349906Z',NULL,'JH','Viborg Erhvervsråd');
INSERT INTO "broker" VALUES('KP','2011-06-30T02:37:18.051107Z',NULL,'KP','Silkeborg Erhverv');
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
	municipality VARCHAR, 
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
INSERT INTO "collaboration" VALUES('svf7ygfpsr1','2011-06-30T02:37:17.374458Z',NULL,'2011-05-10',NULL,NULL,'VIA University College','JH',NULL,NULL,'internship',NULL,NULL,'cnf94f96p2q');
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
INSERT INTO "command" VALUES(1,'f8fcb1f93fd894cf597d5dc09ea7b727','2011-06-30T02:37:15.349906Z','JH','init',NULL,'',NULL);
INSERT INTO "command" VALUES(2,'4d71e61cdfc554b31d21b6d7608b3da5','2011-06-30T02:37:15.872201Z','JH','company add',NULL,'660a26a60e694285149fc1a0103fe8c38fda872a42ed8d7c9b07faa31d2ffe3a',NULL);
INSERT INTO "command" VALUES(3,'45adb9a5d8d9010251539e7118a3a650','2011-06-30T02:37:16.177111Z','JH','company add',NULL,'b7e6d3cdaf45a2dc53fabf94a721d38594cb4580dcc1d45687a710215ed00291',NULL);
INSERT INTO "command" VALUES(4,'2c237327f0ae8988d7edda1d387c805a','2011-06-30T02:37:16.407300Z','JH','contact add',NULL,'817b8865d6c750af3b4c9ede99d23e14ab0857d9ec02665fe1418af134a90f5d',NULL);
INSERT INTO "command" VALUES(5,'a5938c4adc989d79a9c9436a73eb6a2a','2011-06-30T02:37:16.662526Z','JH','contact add',NULL,'1971e4403a294d10e94a793fadc521d12c47323f3692d5eecfd14195e94dc76b',NULL);
INSERT INTO "command" VALUES(6,'d0f42c4e3b6f09f4cc79028c5373c53c','2011-06-30T02:37:16.918877Z','JH','contact add',NULL,'c4c7d5674cc62c0e6914bd8820902f2fc68b0569123ba8e3ffc3f75acaa55198',NULL);
INSERT INTO "command" VALUES(7,'0eeac16369f0d7a1e383d1e4a49e6fa9','2011-06-30T02:37:17.134005Z','JH','company edit',NULL,'e94d7f130c3f0a245733c27403faaa7736e800fddee3d8cb57edea07d32094a2',NULL);
INSERT INTO "command" VALUES(8,'136cb29738805f3154849936725fad3f','2011-06-30T02:37:17.374458Z','JH','collaboration add',NULL,'753bdf4ac2a69bae26c955ce6ab94aeee3e59eec494f516c84b034b770ff70f2',NULL);
INSERT INTO "command" VALUES(9,'1aadae22e16a4a8e29802f0028831645','2011-06-30T02:37:17.706837Z','JH','hire add',NULL,'521dea0f3123ec8c7792f0a87753f41fd80c22ad486f6a2e5b37189096b896f7',NULL);
INSERT INTO "command" VALUES(10,'bd7a7d13ec26b09753677b37ff1b2a9e','2011-06-30T02:37:18.051107Z','JH','broker add',NULL,'da32929de6dec51068a0612c8c2fcd8437f6a0a0002e13eec32097305bf358b3',NULL);
INSERT INTO "command" VALUES(11,'a33f2418ee2cb7b05e0b95f2dedbb119','2011-06-30T02:37:18.379447Z','KP','contact add',NULL,'',NULL);
INSERT INTO "command" VALUES(12,'6ad13bfd3cf4154e361152278d3d8680','2011-06-30T02:37:18.735655Z','JH','method add',NULL,'09ffdbde396299a41f878fa2132ce037bd395213b0b712253a12d44d7acc5f45',NULL);
INSERT INTO "command" VALUES(13,'db73b787eb6c2277990c2bb496531e5a','2011-06-30T02:37:18.976482Z','JH','method assess',NULL,'0596086dae5a66db8f6b78bce89f50c5877205041972a6d7c7a8581a94b4392d',NULL);
INSERT INTO "command" VALUES(14,'37b97f1fd96d3973ce5ecc94231d442d','2011-06-30T02:37:19.287806Z','JH','method disseminate',NULL,'e4065b044f599cfc767b5db6a258c3397571af05e9b7db913f9be96a478573f4',NULL);
INSERT INTO "command" VALUES(15,'df9fa7b264e40c43322c87ad929e7ed3','2011-06-30T02:37:19.626879Z','JH','contact add',NULL,'76f35fb83059e91a5c62b0e215ed70114c4cf9e6a964d07cc3e48ab3ea11a1da',NULL);
INSERT INTO "command" VALUES(16,'91b785ccc748afcaff3a2955e2621cb8','2011-06-30T02:37:19.939584Z','JH','deliverable log',NULL,'c8f0083580c744b2413a1b158addf30efc6e4ef7ed73ec072acaede49d9599eb',NULL);
INSERT INTO "command" VALUES(17,'f4593ee3ddef3e363e8bd3a36387499f','2011-06-30T02:37:20.305162Z','JH','survey answer',NULL,'8c272db93b8ce2fa0925eb806ca0970bc140e1ab30e7d05a118d51abb10c8b9c',NULL);
INSERT INTO "command" VALUES(18,'1ec9b7886fb559e66d0f15286b85a29d','2011-06-30T02:37:20.567683Z','JH','contract amend','brev fra regionen','df6602ffc65aaef25d8d3e6cf0f4de4682abdc184c9ed0c26b25c20619cbf894',NULL);
INSERT INTO "command" VALUES(19,'f2fd92d32ceb69f1b7d88883e09cc8d9','2011-06-30T02:37:21.026728Z','JH','contact withdraw','dobbelt','a4f473e070c2283293349f003c44901fcf190f21c905654808ca9c24f122ff34',NULL);
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
	other_names VARCHAR, 
	PRIMARY KEY (id), 
	CONSTRAINT visited_before_is_a_day CHECK (visited_before IS date(visited_before, '+0 days'))
);
INSERT INTO "company" VALUES('cdbp2pg8jfk','2011-06-30T02:37:16.177111Z',NULL,'Mols Bogtryk',NULL,'740',NULL,NULL,NULL,NULL,NULL,'company',NULL,NULL,'mols bogtryk',NULL,NULL,NULL);
INSERT INTO "company" VALUES('cnf94f96p2q','2011-06-30T02:37:15.872201Z',NULL,'Hedelunds Maskinfabrik ApS','13748136','791','40',NULL,NULL,NULL,NULL,'company',NULL,'{"2011-06-01":{"employees":"60"}}','hedelunds maskinfabrik aps',NULL,NULL,NULL);
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
	municipality VARCHAR, 
	company_id VARCHAR NOT NULL, 
	person_id VARCHAR, 
	PRIMARY KEY (id), 
	CONSTRAINT date_is_a_day CHECK (date IS date(date, '+0 days')), 
	CONSTRAINT next_is_a_day CHECK (next IS date(next, '+0 days')), 
	FOREIGN KEY(company_id) REFERENCES company (id), 
	FOREIGN KEY(person_id) REFERENCES person (id)
);
INSERT INTO "contact" VALUES('k0ysyfv1ng4','2011-06-30T02:37:16.918877Z','dobbelt','2011-05-02','visit','JH',NULL,NULL,NULL,NULL,'cdbp2pg8jfk',NULL);
INSERT INTO "contact" VALUES('k9610hf6rzp','2011-06-30T02:37:16.407300Z',NULL,'2011-03-02','visit','JH',NULL,'talte om praktik','2011-09-01',NULL,'cnf94f96p2q','p80qy9dray4');
INSERT INTO "contact" VALUES('khkg09ack5f','2011-06-30T02:37:19.626879Z',NULL,'2011-06-20','visit','JH',NULL,NULL,NULL,NULL,'cnf94f96p2q',NULL);
INSERT INTO "contact" VALUES('km06ma7m5be','2011-06-30T02:37:18.379447Z',NULL,'2011-06-02','visit','KP',NULL,NULL,NULL,NULL,'cdbp2pg8jfk',NULL);
INSERT INTO "contact" VALUES('ks9495cx23m','2011-06-30T02:37:16.662526Z',NULL,'2011-05-01','visit','JH','KP',NULL,NULL,NULL,'cnf94f96p2q',NULL);
CREATE TABLE contract (
	id VARCHAR NOT NULL, 
	recorded_at VARCHAR NOT NULL, 
	withdrawn VARCHAR, 
	document VARCHAR NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "contract" VALUES('contract','2011-06-30T02:37:15.349906Z',NULL,'{"participation":[{"municipality":"791"},{"municipality":"740"}],"format":1,"id":"kontaktmaegler-2011-12","name":{"da":"Udstationering af kontaktmæglere ved lokale erhvervsråd","en":"Contact brokers stationed at local business councils"},"parties":{"region":"Region Midtjylland, Regional Udvikling, Skottenborg 26, 8800 Viborg","operator":""},"period":{"first_day":"2011-01-01","last_day":"2012-12-31"},"counting":{"channels":["visit","meeting","phone","online"],"highly_educated":["master","phd"],"paid_terms":["ordinary","subsidised"]},"sme":{"employees_below":250,"turnover_at_most":50.0,"balance_at_most":43.0},"target":[{"id":"new-contacts","counts":"contact","select":{"history":"first"},"minimum":1000,"due":"2012-12-31","name":{"da":"Nye kontakter","en":"New contacts"},"words":{"da":"Gennemføre min. 1000 nye kontakter til små og mellemstore virksomheder i de deltagende kommuner","en":"Carry out at least 1000 new contacts to small and medium-sized enterprises in the participating municipalities"},"requires":{"identified":{"da":"nye kontakter til (…) virksomheder","en":"new contacts to (…) enterprises"},"in_period":{"da":"i projektperioden 2011-12","en":"in the project period 2011-12"},"countable_channel":{"da":"Gennemføre (…) kontakter","en":"Carry out (…) contacts"},"one_per_day":{"da":"nye kontakter","en":"new contacts"},"participating":{"da":"i de deltagende kommuner","en":"in the participating municipalities"},"sme":{"da":"små og mellemstore virksomheder","en":"small and medium-sized enterprises"}}},{"id":"follow-ups","counts":"contact","select":{"history":"later"},"minimum":500,"due":"2012-12-31","name":{"da":"Opfølgende kontakter","en":"Follow-up contacts"},"words":{"da":"Gennemføre min. 500 opfølgende kontakter til tidligere besøgte virksomheder","en":"Carry out at least 500 follow-up contacts to previously visited enterprises"},"requires":{"identified":{"da":"til tidligere besøgte virksomheder","en":"to previously visited enterprises"},"in_period":{"da":"i projektperioden 2011-12","en":"in the project period 2011-12"},"countable_channel":{"da":"Gennemføre (…) opfølgende kontakter","en":"Carry out (…) follow-up contacts"},"one_per_day":{"da":"opfølgende kontakter","en":"follow-up contacts"}}},{"id":"collaborations","counts":"collaboration","minimum":300,"due":"2012-12-31","name":{"da":"Forpligtende samarbejder","en":"Committing collaborations"},"words":{"da":"Formidle min. 300 forpligtende samarbejder i form af projektarbejder og ansættelser af studerende og praktikanter","en":"Broker at least 300 committing collaborations in the form of project work and the employment of students and interns"},"requires":{"identified":{"da":"forpligtende samarbejder","en":"committing collaborations"},"binding":{"da":"forpligtende samarbejder","en":"committing collaborations"},"in_period":{"da":"i projektperioden 2011-12","en":"in the project period 2011-12"},"brokered":{"da":"Formidle","en":"Broker"}}},{"id":"hires","counts":"hire","minimum":75,"due":"2012-12-31","name":{"da":"Ansættelser af højtuddannede","en":"Hires of highly educated"},"words":{"da":"Formidle min. 50 ansættelser af højtuddannede","en":"Broker at least 50 hires of highly educated"},"requires":{"identified":{"da":"ansættelser af højtuddannede","en":"hires of highly educated"},"binding":{"da":"ansættelser","en":"hires"},"in_period":{"da":"i projektperioden 2011-12","en":"in the project period 2011-12"},"brokered":{"da":"Formidle","en":"Broker"},"highly_educated":{"da":"højtuddannede","en":"highly educated"},"paid":{"da":"ansættelser","en":"hires"},"participating":{"da":"virksomheder i de deltagende kommuner ansætter højtuddannede medarbejdere","en":"enterprises in the participating municipalities hire highly educated staff"},"sme":{"da":"flere små og mellemstore virksomheder (…) ansætter højtuddannede medarbejdere","en":"more small and medium-sized enterprises (…) hire highly educated staff"}}},{"id":"project-management","counts":"deliverable","logged_every_days":92,"name":{"da":"Projektledelse","en":"Project management"},"words":{"da":"Etablere og drifte projektledelse","en":"Set up and run the project management"}},{"id":"continuation-model","counts":"deliverable","due":"2011-06-30","name":{"da":"Model for videreførelse","en":"Continuation model"},"words":{"da":"Der foreligger en model for videreførelse inden 1.7.2011","en":"A model for the continuation is at hand before 1 July 2011"},"point":[{"id":"co-financing","name":{"da":"Større kommunal medfinansiering i 2012","en":"Larger municipal co-financing in 2012"},"words":{"da":"en større kommunal medfinansiering af initiativet allerede i 2012","en":"a larger municipal co-financing of the initiative already in 2012"}},{"id":"resources","instead_of":"co-financing","name":{"da":"Ressourcetilpasning","en":"Adaptation of resources"},"words":{"da":"eller alternativt hertil en ressourcetilpasning af initiativet","en":"or alternatively an adaptation of the initiative''s resources"}},{"id":"anchoring","name":{"da":"Modeller for permanent forankring","en":"Models for a permanent anchoring"},"words":{"da":"mulige modeller for en permanent forankring af kontaktmægleropgaverne hos kommunerne/ i erhvervsservicesystemet efter projektperioden","en":"possible models for a permanent anchoring of the contact broker tasks with the municipalities/ in the business service system after the project period"}},{"id":"with-municipalities","name":{"da":"Med de deltagende kommuner","en":"With the participating municipalities"},"words":{"da":"i tæt samarbejde med de deltagende kommuner","en":"in close cooperation with the participating municipalities"}},{"id":"with-institutions","name":{"da":"Med uddannelsesinstitutionerne","en":"With the institutions of higher education"},"words":{"da":"i tæt samarbejde med (…) videregående uddannelsesinstitutioner","en":"in close cooperation with (…) institutions of higher education"}},{"id":"with-business-service","name":{"da":"Med erhvervsservicesystemet","en":"With the business service system"},"words":{"da":"i tæt samarbejde med (…) erhvervsservicesystemet","en":"in close cooperation with (…) the business service system"}}]},{"id":"methods","counts":"method","name":{"da":"Metoder og værktøjer","en":"Methods and tools"},"words":{"da":"en opsamling, vurdering og formidling af initiativets metoder og værktøjer","en":"a collection, assessment and dissemination of the initiative''s methods and tools"}},{"id":"growth","counts":"survey","name":{"da":"Flere højtuddannede","en":"Growth in highly educated"},"words":{"da":"en markant stigning i antallet af højtuddannede i virksomhederne i de deltagende kommuner","en":"a marked rise in the number of highly educated in the enterprises of the participating municipalities"}}]}');
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
INSERT INTO "delivery" VALUES('dxgwdwqv0r0','2011-06-30T02:37:19.939584Z',NULL,'project-management','log','2011-06-30','styregruppemøde',NULL,NULL,NULL,'JH');
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
INSERT INTO "dissemination" VALUES('fzeb0096gcj','2011-06-30T02:37:19.287806Z',NULL,'maj8q38t7zz','2011-06-30','companies','møde',NULL,'JH');
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
INSERT INTO "entry" VALUES(1,1,'contract','contract','add','{"participation":[{"municipality":"791"},{"municipality":"740"}],"format":1,"id":"kontaktmaegler-2011-12","name":{"da":"Udstationering af kontaktmæglere ved lokale erhvervsråd","en":"Contact brokers stationed at local business councils"},"parties":{"region":"Region Midtjylland, Regional Udvikling, Skottenborg 26, 8800 Viborg","operator":""},"period":{"first_day":"2011-01-01","last_day":"2012-12-31"},"counting":{"channels":["visit","meeting","phone","online"],"highly_educated":["master","phd"],"paid_terms":["ordinary","subsidised"]},"sme":{"employees_below":250,"turnover_at_most":50.0,"balance_at_most":43.0},"target":[{"id":"new-contacts","counts":"contact","select":{"history":"first"},"minimum":1000,"due":"2012-12-31","name":{"da":"Nye kontakter","en":"New contacts"},"words":{"da":"Gennemføre min. 1000 nye kontakter til små og mellemstore virksomheder i de deltagende kommuner","en":"Carry out at least 1000 new contacts to small and medium-sized enterprises in the participating municipalities"},"requires":{"identified":{"da":"nye kontakter til (…) virksomheder","en":"new contacts to (…) enterprises"},"in_period":{"da":"i projektperioden 2011-12","en":"in the project period 2011-12"},"countable_channel":{"da":"Gennemføre (…) kontakter","en":"Carry out (…) contacts"},"one_per_day":{"da":"nye kontakter","en":"new contacts"},"participating":{"da":"i de deltagende kommuner","en":"in the participating municipalities"},"sme":{"da":"små og mellemstore virksomheder","en":"small and medium-sized enterprises"}}},{"id":"follow-ups","counts":"contact","select":{"history":"later"},"minimum":500,"due":"2012-12-31","name":{"da":"Opfølgende kontakter","en":"Follow-up contacts"},"words":{"da":"Gennemføre min. 500 opfølgende kontakter til tidligere besøgte virksomheder","en":"Carry out at least 500 follow-up contacts to previously visited enterprises"},"requires":{"identified":{"da":"til tidligere besøgte virksomheder","en":"to previously visited enterprises"},"in_period":{"da":"i projektperioden 2011-12","en":"in the project period 2011-12"},"countable_channel":{"da":"Gennemføre (…) opfølgende kontakter","en":"Carry out (…) follow-up contacts"},"one_per_day":{"da":"opfølgende kontakter","en":"follow-up contacts"}}},{"id":"collaborations","counts":"collaboration","minimum":300,"due":"2012-12-31","name":{"da":"Forpligtende samarbejder","en":"Committing collaborations"},"words":{"da":"Formidle min. 300 forpligtende samarbejder i form af projektarbejder og ansættelser af studerende og praktikanter","en":"Broker at least 300 committing collaborations in the form of project work and the employment of students and interns"},"requires":{"identified":{"da":"forpligtende samarbejder","en":"committing collaborations"},"binding":{"da":"forpligtende samarbejder","en":"committing collaborations"},"in_period":{"da":"i projektperioden 2011-12","en":"in the project period 2011-12"},"brokered":{"da":"Formidle","en":"Broker"}}},{"id":"hires","counts":"hire","minimum":50,"due":"2012-12-31","name":{"da":"Ansættelser af højtuddannede","en":"Hires of highly educated"},"words":{"da":"Formidle min. 50 ansættelser af højtuddannede","en":"Broker at least 50 hires of highly educated"},"requires":{"identified":{"da":"ansættelser af højtuddannede","en":"hires of highly educated"},"binding":{"da":"ansættelser","en":"hires"},"in_period":{"da":"i projektperioden 2011-12","en":"in the project period 2011-12"},"brokered":{"da":"Formidle","en":"Broker"},"highly_educated":{"da":"højtuddannede","en":"highly educated"},"paid":{"da":"ansættelser","en":"hires"},"participating":{"da":"virksomheder i de deltagende kommuner ansætter højtuddannede medarbejdere","en":"enterprises in the participating municipalities hire highly educated staff"},"sme":{"da":"flere små og mellemstore virksomheder (…) ansætter højtuddannede medarbejdere","en":"more small and medium-sized enterprises (…) hire highly educated staff"}}},{"id":"project-management","counts":"deliverable","logged_every_days":92,"name":{"da":"Projektledelse","en":"Project management"},"words":{"da":"Etablere og drifte projektledelse","en":"Set up and run the project management"}},{"id":"continuation-model","counts":"deliverable","due":"2011-06-30","name":{"da":"Model for videreførelse","en":"Continuation model"},"words":{"da":"Der foreligger en model for videreførelse inden 1.7.2011","en":"A model for the continuation is at hand before 1 July 2011"},"point":[{"id":"co-financing","name":{"da":"Større kommunal medfinansiering i 2012","en":"Larger municipal co-financing in 2012"},"words":{"da":"en større kommunal medfinansiering af initiativet allerede i 2012","en":"a larger municipal co-financing of the initiative already in 2012"}},{"id":"resources","instead_of":"co-financing","name":{"da":"Ressourcetilpasning","en":"Adaptation of resources"},"words":{"da":"eller alternativt hertil en ressourcetilpasning af initiativet","en":"or alternatively an adaptation of the initiative''s resources"}},{"id":"anchoring","name":{"da":"Modeller for permanent forankring","en":"Models for a permanent anchoring"},"words":{"da":"mulige modeller for en permanent forankring af kontaktmægleropgaverne hos kommunerne/ i erhvervsservicesystemet efter projektperioden","en":"possible models for a permanent anchoring of the contact broker tasks with the municipalities/ in the business service system after the project period"}},{"id":"with-municipalities","name":{"da":"Med de deltagende kommuner","en":"With the participating municipalities"},"words":{"da":"i tæt samarbejde med de deltagende kommuner","en":"in close cooperation with the participating municipalities"}},{"id":"with-institutions","name":{"da":"Med uddannelsesinstitutionerne","en":"With the institutions of higher education"},"words":{"da":"i tæt samarbejde med (…) videregående uddannelsesinstitutioner","en":"in close cooperation with (…) institutions of higher education"}},{"id":"with-business-service","name":{"da":"Med erhvervsservicesystemet","en":"With the business service system"},"words":{"da":"i tæt samarbejde med (…) erhvervsservicesystemet","en":"in close cooperation with (…) the business service system"}}]},{"id":"methods","counts":"method","name":{"da":"Metoder og værktøjer","en":"Methods and tools"},"words":{"da":"en opsamling, vurdering og formidling af initiativets metoder og værktøjer","en":"a collection, assessment and dissemination of the initiative''s methods and tools"}},{"id":"growth","counts":"survey","name":{"da":"Flere højtuddannede","en":"Growth in highly educated"},"words":{"da":"en markant stigning i antallet af højtuddannede i virksomhederne i de deltagende kommuner","en":"a marked rise in the number of highly educated in the enterprises of the participating municipalities"}}]}',NULL,'268b55ef8b406cc781c755e35caebeb82f00cd6db2c29a0c0876e5e074361d72');
INSERT INTO "entry" VALUES(2,1,'broker','JH','add','{"initials":"JH","council":"Viborg Erhvervsråd"}','7b7c1f98b0b3d030aebe67c778322a52','660a26a60e694285149fc1a0103fe8c38fda872a42ed8d7c9b07faa31d2ffe3a');
INSERT INTO "entry" VALUES(3,2,'company','cnf94f96p2q','add','{"name":"Hedelunds Maskinfabrik ApS","cvr":"13748136","municipality":"791","employees":"40","kind":"company"}','5868298450ef4e094ea5d8b38eee0e90','b7e6d3cdaf45a2dc53fabf94a721d38594cb4580dcc1d45687a710215ed00291');
INSERT INTO "entry" VALUES(4,3,'company','cdbp2pg8jfk','add','{"name":"Mols Bogtryk","municipality":"740","kind":"company"}','5a1b01b4edbdb28a7bf4d065a2e1ab81','817b8865d6c750af3b4c9ede99d23e14ab0857d9ec02665fe1418af134a90f5d');
INSERT INTO "entry" VALUES(5,4,'person','p80qy9dray4','add','{"company_id":"cnf94f96p2q","name":"d8557dc0d6d630152897d497e9e8f70f04bfdaec104ec41b93f58ff5fe9a907f"}','c4d597f5007aee4bd35ee7303491d1f2','968379fd308c3ab7fa2a92742bc668328764904d4f72af4a1ccf525014a0f595');
INSERT INTO "entry" VALUES(6,4,'contact','k9610hf6rzp','add','{"company_id":"cnf94f96p2q","date":"2011-03-02","channel":"visit","broker":"JH","person_id":"p80qy9dray4","note":"talte om praktik","next":"2011-09-01"}','1cd11ddf3e40dce27ac4f2b2c8951aab','1971e4403a294d10e94a793fadc521d12c47323f3692d5eecfd14195e94dc76b');
INSERT INTO "entry" VALUES(7,5,'contact','ks9495cx23m','add','{"company_id":"cnf94f96p2q","date":"2011-05-01","channel":"visit","broker":"JH","others":"KP"}',NULL,'c4c7d5674cc62c0e6914bd8820902f2fc68b0569123ba8e3ffc3f75acaa55198');
INSERT INTO "entry" VALUES(8,6,'contact','k0ysyfv1ng4','add','{"company_id":"cdbp2pg8jfk","date":"2011-05-02","channel":"visit","broker":"JH"}',NULL,'e94d7f130c3f0a245733c27403faaa7736e800fddee3d8cb57edea07d32094a2');
INSERT INTO "entry" VALUES(9,7,'company','cnf94f96p2q','edit','{"from":"2011-06-01","employees":"60"}',NULL,'753bdf4ac2a69bae26c955ce6ab94aeee3e59eec494f516c84b034b770ff70f2');
INSERT INTO "entry" VALUES(10,8,'collaboration','svf7ygfpsr1','add','{"company_id":"cnf94f96p2q","agreed":"2011-05-10","institution":"VIA University College","broker":"JH","kind":"internship"}','2be595ad4d96c48493cdcaad0b019a96','521dea0f3123ec8c7792f0a87753f41fd80c22ad486f6a2e5b37189096b896f7');
INSERT INTO "entry" VALUES(11,9,'hire','hd9nn8505pc','add','{"company_id":"cnf94f96p2q","agreed":"2011-06-01","broker":"JH","level":"master","terms":"ordinary"}',NULL,'da32929de6dec51068a0612c8c2fcd8437f6a0a0002e13eec32097305bf358b3');
INSERT INTO "entry" VALUES(12,10,'broker','KP','add','{"initials":"KP","council":"Silkeborg Erhverv"}','9206927dd4e95d4b430cd1ca8ea2b0dd','09ffdbde396299a41f878fa2132ce037bd395213b0b712253a12d44d7acc5f45');
INSERT INTO "entry" VALUES(13,11,'contact','km06ma7m5be','add','{"company_id":"cdbp2pg8jfk","date":"2011-06-02","channel":"visit","broker":"KP"}',NULL,'9153c447fb05a16fdf293e991243eb49467b0a47bb7a5dca296518ddc4941a11');
INSERT INTO "entry" VALUES(14,12,'method','maj8q38t7zz','add','{"name":"Besøg","kind":"method","audience":"both","date":"2011-06-30","broker":"JH"}','6ae18e1e65496ae0827b60c48751a006','0596086dae5a66db8f6b78bce89f50c5877205041972a6d7c7a8581a94b4392d');
INSERT INTO "entry" VALUES(15,13,'assessment','vkn2e2701gj','add','{"method_id":"maj8q38t7zz","date":"2011-06-30","verdict":"keep","text":"god","broker":"JH"}','edaa70f69c738b23ff21f84674a99aab','e4065b044f599cfc767b5db6a258c3397571af05e9b7db913f9be96a478573f4');
INSERT INTO "entry" VALUES(16,14,'dissemination','fzeb0096gcj','add','{"method_id":"maj8q38t7zz","date":"2011-06-30","audience":"companies","how":"møde","broker":"JH"}','6223c128b49c143ae01f2ca8baa76196','76f35fb83059e91a5c62b0e215ed70114c4cf9e6a964d07cc3e48ab3ea11a1da');
INSERT INTO "entry" VALUES(17,15,'contact','khkg09ack5f','add','{"company_id":"cnf94f96p2q","date":"2011-06-20","channel":"visit","broker":"JH"}',NULL,'5b364cd7c5c634de74a8abd2e64d6264e648c8d58f8b2173d627d5bb883f923a');
INSERT INTO "entry" VALUES(18,15,'usage','b41s0twxwwy','add','{"method_id":"maj8q38t7zz","contact_id":"khkg09ack5f"}',NULL,'c8f0083580c744b2413a1b158addf30efc6e4ef7ed73ec072acaede49d9599eb');
INSERT INTO "entry" VALUES(19,16,'delivery','dxgwdwqv0r0','add','{"target":"project-management","step":"log","date":"2011-06-30","text":"styregruppemøde","broker":"JH"}','cb996dfcb6f0b3e76a55c96dadd51da1','8c272db93b8ce2fa0925eb806ca0970bc140e1ab30e7d05a118d51abb10c8b9c');
INSERT INTO "entry" VALUES(20,17,'survey','q3v6k7v3279','add','{"questionnaire":"kontaktmaegler-2011-12/1","asks":"company","wave":"before","date":"2011-06-30","hire_id":"hd9nn8505pc","answers":"{\"employees\": 9, \"highly-educated\": 0}","broker":"JH","company_id":"cnf94f96p2q"}','2737fb07b12fd876a3793e2ac07fdde0','df6602ffc65aaef25d8d3e6cf0f4de4682abdc184c9ed0c26b25c20619cbf894');
INSERT INTO "entry" VALUES(21,18,'contract','contract','edit','{"minimums":{"hires":75}}',NULL,'a4f473e070c2283293349f003c44901fcf190f21c905654808ca9c24f122ff34');
INSERT INTO "entry" VALUES(22,19,'contact','k0ysyfv1ng4','withdraw','{"reason":"dobbelt"}','bc6c3246218c9fb93b3e44eb354b2646','b8ffc9338e20dfd88258c3c1783b75bd9e8311eebf31ccb1cd228e4ca205bc8c');
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
	municipality VARCHAR, 
	level VARCHAR, 
	field VARCHAR, 
	terms VARCHAR NOT NULL, 
	hours FLOAT, 
	permanent BOOLEAN, 
	company_id VARCHAR NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT agreed_is_a_day CHECK (agreed IS date(agreed, '+0 days')), 
	CONSTRAINT start_is_a_day CHECK (start IS date(start, '+0 days')), 
	CONSTRAINT end_is_a_day CHECK (end IS date(end, '+0 days')), 
	FOREIGN KEY(company_id) REFERENCES company (id)
);
INSERT INTO "hire" VALUES('hd9nn8505pc','2011-06-30T02:37:17.706837Z',NULL,'2011-06-01',NULL,NULL,NULL,'JH',NULL,NULL,'master',NULL,'ordinary',NULL,NULL,'cnf94f96p2q');
CREATE TABLE imported_row (
	record_id VARCHAR NOT NULL, 
	place VARCHAR NOT NULL, 
	PRIMARY KEY (record_id)
)
 WITHOUT ROWID

;
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
INSERT INTO "method" VALUES('maj8q38t7zz','2011-06-30T02:37:18.735655Z',NULL,'Besøg','method','both','2011-06-30',NULL,'JH');
CREATE TABLE name_word (
	word VARCHAR NOT NULL, 
	company_id VARCHAR NOT NULL, 
	PRIMARY KEY (word, company_id)
)
 WITHOUT ROWID

;
INSERT INTO "name_word" VALUES('=bogtryk mol','cdbp2pg8jfk');
INSERT INTO "name_word" VALUES('=hedelund maskinfabrik','cnf94f96p2q');
INSERT INTO "name_word" VALUES('bogtryk','cdbp2pg8jfk');
INSERT INTO "name_word" VALUES('hedelund','cnf94f96p2q');
INSERT INTO "name_word" VALUES('maskinfabrik','cnf94f96p2q');
INSERT INTO "name_word" VALUES('mol','cdbp2pg8jfk');
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
INSERT INTO "person" VALUES('p80qy9dray4','2011-06-30T02:37:16.407300Z',NULL,'cnf94f96p2q','Ane Berg','9fe3ec42f1d58f25eeb6d19b79921d87a7aae65ebca60d4daf16205c4107d9e8');
CREATE TABLE setting (
	name VARCHAR NOT NULL, 
	value VARCHAR NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "setting" VALUES('broker','JH');
CREATE TABLE succession (
	id VARCHAR NOT NULL, 
	recorded_at VARCHAR NOT NULL, 
	withdrawn VARCHAR, 
	successor_id VARCHAR NOT NULL, 
	since DATE NOT NULL, 
	company_id VARCHAR NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT since_is_a_day CHECK (since IS date(since, '+0 days')), 
	FOREIGN KEY(successor_id) REFERENCES company (id), 
	FOREIGN KEY(company_id) REFERENCES company (id)
);
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
INSERT INTO "survey" VALUES('q3v6k7v3279','2011-06-30T02:37:20.305162Z',NULL,'kontaktmaegler-2011-12/1','company','before','2011-06-30',NULL,'{"employees": 9, "highly-educated": 0}','JH','cnf94f96p2q','hd9nn8505pc');
CREATE TABLE tally (
	target VARCHAR NOT NULL, 
	outcome VARCHAR NOT NULL, 
	day VARCHAR NOT NULL, 
	number INTEGER NOT NULL, 
	PRIMARY KEY (target, outcome, day)
)
 WITHOUT ROWID

;
INSERT INTO "tally" VALUES('collaborations','counted','2011-05-10',1);
INSERT INTO "tally" VALUES('follow-ups','counted','2011-05-01',1);
INSERT INTO "tally" VALUES('follow-ups','counted','2011-06-20',1);
INSERT INTO "tally" VALUES('hires','counted','2011-06-01',1);
INSERT INTO "tally" VALUES('new-contacts','counted','2011-03-02',1);
INSERT INTO "tally" VALUES('new-contacts','waiting','2011-06-02',1);
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
INSERT INTO "usage" VALUES('b41s0twxwwy','2011-06-30T02:37:19.626879Z',NULL,'maj8q38t7zz','khkg09ack5f');
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
INSERT INTO "verdict" VALUES('cdbp2pg8jfk','km06ma7m5be','new-contacts','contact','2011-06-02','waiting','[["identified","no_cvr"],["sme","no_headcount"]]','740','KP');
INSERT INTO "verdict" VALUES('cnf94f96p2q','hd9nn8505pc','hires','hire','2011-06-01','counted','[]','791','JH');
INSERT INTO "verdict" VALUES('cnf94f96p2q','k9610hf6rzp','new-contacts','contact','2011-03-02','counted','[]','791','JH');
INSERT INTO "verdict" VALUES('cnf94f96p2q','khkg09ack5f','follow-ups','contact','2011-06-20','counted','[]','791','JH');
INSERT INTO "verdict" VALUES('cnf94f96p2q','ks9495cx23m','follow-ups','contact','2011-05-01','counted','[]','791','JH KP');
INSERT INTO "verdict" VALUES('cnf94f96p2q','svf7ygfpsr1','collaborations','collaboration','2011-05-10','counted','[]','791','JH');
CREATE INDEX command_recorded_at ON command (recorded_at);
CREATE INDEX command_recorded_by ON command (recorded_by, number);
CREATE UNIQUE INDEX company_cvr ON company (cvr) WHERE withdrawn IS NULL;
CREATE INDEX company_name_key ON company (name_key);
CREATE INDEX company_part_of ON company (part_of) WHERE part_of IS NOT NULL;
CREATE INDEX ix_assessment_method_id ON assessment (method_id);
CREATE INDEX collaboration_end ON collaboration ("end");
CREATE INDEX collaboration_withdrawn ON collaboration (withdrawn) WHERE withdrawn IS NOT NULL;
CREATE INDEX ix_collaboration_company_id ON collaboration (company_id);
CREATE INDEX ix_dissemination_method_id ON dissemination (method_id);
CREATE INDEX ix_entry_command ON entry (command);
CREATE INDEX ix_entry_record_id ON entry (record_id);
CREATE INDEX hire_end ON hire ("end");
CREATE INDEX hire_withdrawn ON hire (withdrawn) WHERE withdrawn IS NOT NULL;
CREATE INDEX ix_hire_company_id ON hire (company_id);
CREATE INDEX ix_person_company_id ON person (company_id);
CREATE INDEX ix_succession_company_id ON succession (company_id);
CREATE INDEX ix_succession_successor_id ON succession (successor_id);
CREATE INDEX verdict_hired ON verdict (company_id, day) WHERE noun = 'hire' AND outcome = 'counted';
CREATE INDEX verdict_waiting ON verdict (day) WHERE outcome = 'waiting';
CREATE INDEX contact_date ON contact (date);
CREATE INDEX contact_next ON contact (next) WHERE next IS NOT NULL AND withdrawn IS NULL;
CREATE INDEX contact_withdrawn ON contact (withdrawn) WHERE withdrawn IS NOT NULL;
CREATE INDEX ix_contact_company_id ON contact (company_id);
CREATE INDEX ix_survey_company_id ON survey (company_id);
CREATE INDEX ix_usage_method_id ON usage (method_id);
CREATE VIEW readable_municipality AS SELECT column1 AS code, column2 AS name FROM (VALUES ('101', 'København'), ('147', 'Frederiksberg'), ('151', 'Ballerup'), ('153', 'Brøndby'), ('155', 'Dragør'), ('157', 'Gentofte'), ('159', 'Gladsaxe'), ('161', 'Glostrup'), ('163', 'Herlev'), ('165', 'Albertslund'), ('167', 'Hvidovre'), ('169', 'Høje-Taastrup'), ('173', 'Lyngby-Taarbæk'), ('175', 'Rødovre'), ('183', 'Ishøj'), ('185', 'Tårnby'), ('187', 'Vallensbæk'), ('190', 'Furesø'), ('201', 'Allerød'), ('210', 'Fredensborg'), ('217', 'Helsingør'), ('219', 'Hillerød'), ('223', 'Hørsholm'), ('230', 'Rudersdal'), ('240', 'Egedal'), ('250', 'Frederikssund'), ('253', 'Greve'), ('259', 'Køge'), ('260', 'Halsnæs'), ('265', 'Roskilde'), ('269', 'Solrød'), ('270', 'Gribskov'), ('306', 'Odsherred'), ('316', 'Holbæk'), ('320', 'Faxe'), ('326', 'Kalundborg'), ('329', 'Ringsted'), ('330', 'Slagelse'), ('336', 'Stevns'), ('340', 'Sorø'), ('350', 'Lejre'), ('360', 'Lolland'), ('370', 'Næstved'), ('376', 'Guldborgsund'), ('390', 'Vordingborg'), ('400', 'Bornholm'), ('410', 'Middelfart'), ('420', 'Assens'), ('430', 'Faaborg-Midtfyn'), ('440', 'Kerteminde'), ('450', 'Nyborg'), ('461', 'Odense'), ('479', 'Svendborg'), ('480', 'Nordfyns'), ('482', 'Langeland'), ('492', 'Ærø'), ('510', 'Haderslev'), ('530', 'Billund'), ('540', 'Sønderborg'), ('550', 'Tønder'), ('561', 'Esbjerg'), ('563', 'Fanø'), ('573', 'Varde'), ('575', 'Vejen'), ('580', 'Aabenraa'), ('607', 'Fredericia'), ('615', 'Horsens'), ('621', 'Kolding'), ('630', 'Vejle'), ('657', 'Herning'), ('661', 'Holstebro'), ('665', 'Lemvig'), ('671', 'Struer'), ('706', 'Syddjurs'), ('707', 'Norddjurs'), ('710', 'Favrskov'), ('727', 'Odder'), ('730', 'Randers'), ('740', 'Silkeborg'), ('741', 'Samsø'), ('746', 'Skanderborg'), ('751', 'Aarhus'), ('756', 'Ikast-Brande'), ('760', 'Ringkøbing-Skjern'), ('766', 'Hedensted'), ('773', 'Morsø'), ('779', 'Skive'), ('787', 'Thisted'), ('791', 'Viborg'), ('810', 'Brønderslev'), ('813', 'Frederikshavn'), ('820', 'Vesthimmerlands'), ('825', 'Læsø'), ('840', 'Rebild'), ('846', 'Mariagerfjord'), ('849', 'Jammerbugt'), ('851', 'Aalborg'), ('860', 'Hjørring')) AS list;
CREATE VIEW readable_company AS SELECT company.id, company."name" AS "name", company."cvr" AS "cvr", town.name AS municipality, CASE WHEN EXISTS (SELECT 1 FROM json_each(company.later) AS days, json_each(days.value) AS fact WHERE fact.key = 'employees') THEN (SELECT fact.value FROM json_each(company.later) AS days, json_each(days.value) AS fact WHERE fact.key = 'employees' ORDER BY days.key DESC LIMIT 1) ELSE company."employees" END AS "employees", CASE WHEN EXISTS (SELECT 1 FROM json_each(company.later) AS days, json_each(days.value) AS fact WHERE fact.key = 'turnover') THEN (SELECT fact.value FROM json_each(company.later) AS days, json_each(days.value) AS fact WHERE fact.key = 'turnover' ORDER BY days.key DESC LIMIT 1) ELSE company."turnover" END AS "turnover", CASE WHEN EXISTS (SELECT 1 FROM json_each(company.later) AS days, json_each(days.value) AS fact WHERE fact.key = 'balance') THEN (SELECT fact.value FROM json_each(company.later) AS days, json_each(days.value) AS fact WHERE fact.key = 'balance' ORDER BY days.key DESC LIMIT 1) ELSE company."balance" END AS "balance", CASE WHEN EXISTS (SELECT 1 FROM json_each(company.later) AS days, json_each(days.value) AS fact WHERE fact.key = 'sme') THEN (SELECT fact.value FROM json_each(company.later) AS days, json_each(days.value) AS fact WHERE fact.key = 'sme' ORDER BY days.key DESC LIMIT 1) ELSE company."sme" END AS "sme", CASE WHEN EXISTS (SELECT 1 FROM json_each(company.later) AS days, json_each(days.value) AS fact WHERE fact.key = 'basis') THEN (SELECT fact.value FROM json_each(company.later) AS days, json_each(days.value) AS fact WHERE fact.key = 'basis' ORDER BY days.key DESC LIMIT 1) ELSE company."basis" END AS "basis", CASE WHEN EXISTS (SELECT 1 FROM json_each(company.later) AS days, json_each(days.value) AS fact WHERE fact.key = 'kind') THEN (SELECT fact.value FROM json_each(company.later) AS days, json_each(days.value) AS fact WHERE fact.key = 'kind' ORDER BY days.key DESC LIMIT 1) ELSE company."kind" END AS "kind", company."visited_before" AS "visited_before", company.recorded_at FROM company LEFT JOIN readable_municipality AS town ON town.code = CASE WHEN EXISTS (SELECT 1 FROM json_each(company.later) AS days, json_each(days.value) AS fact WHERE fact.key = 'municipality') THEN (SELECT fact.value FROM json_each(company.later) AS days, json_each(days.value) AS fact WHERE fact.key = 'municipality' ORDER BY days.key DESC LIMIT 1) ELSE company."municipality" END WHERE company.withdrawn IS NULL;
CREATE VIEW readable_succession AS SELECT succession.id, company.id AS company_id, company.name AS company, company.cvr, successor.name AS successor, succession."since" AS "since", succession.recorded_at FROM succession LEFT JOIN company AS stated_company ON stated_company.id = succession.company_id LEFT JOIN company AS company ON company.id = COALESCE(stated_company.part_of, stated_company.id) LEFT JOIN company AS stated_successor ON stated_successor.id = succession.successor_id LEFT JOIN company AS successor ON successor.id = COALESCE(stated_successor.part_of, stated_successor.id) WHERE succession.withdrawn IS NULL;
CREATE VIEW readable_contact AS SELECT contact.id, company.id AS company_id, company.name AS company, company.cvr, contact."date" AS "date", contact."channel" AS "channel", contact."broker" AS "broker", contact."others" AS "others", contact."note" AS "note", contact."next" AS "next", town.name AS municipality, contact.recorded_at FROM contact LEFT JOIN company AS stated_company ON stated_company.id = contact.company_id LEFT JOIN company AS company ON company.id = COALESCE(stated_company.part_of, stated_company.id) LEFT JOIN readable_municipality AS town ON town.code = contact."municipality" WHERE contact.withdrawn IS NULL;
CREATE VIEW readable_collaboration AS SELECT collaboration.id, company.id AS company_id, company.name AS company, company.cvr, collaboration."agreed" AS "agreed", collaboration."start" AS "start", collaboration."end" AS "end", collaboration."institution" AS "institution", collaboration."broker" AS "broker", collaboration."note" AS "note", town.name AS municipality, collaboration."kind" AS "kind", collaboration."title" AS "title", collaboration."students" AS "students", collaboration.recorded_at FROM collaboration LEFT JOIN company AS stated_company ON stated_company.id = collaboration.company_id LEFT JOIN company AS company ON company.id = COALESCE(stated_company.part_of, stated_company.id) LEFT JOIN readable_municipality AS town ON town.code = collaboration."municipality" WHERE collaboration.withdrawn IS NULL;
CREATE VIEW readable_hire AS SELECT hire.id, company.id AS company_id, company.name AS company, company.cvr, hire."agreed" AS "agreed", hire."start" AS "start", hire."end" AS "end", hire."institution" AS "institution", hire."broker" AS "broker", hire."note" AS "note", town.name AS municipality, hire."level" AS "level", hire."field" AS "field", hire."terms" AS "terms", hire."hours" AS "hours", hire."permanent" AS "permanent", hire.recorded_at FROM hire LEFT JOIN company AS stated_company ON stated_company.id = hire.company_id LEFT JOIN company AS company ON company.id = COALESCE(stated_company.part_of, stated_company.id) LEFT JOIN readable_municipality AS town ON town.code = hire."municipality" WHERE hire.withdrawn IS NULL;
CREATE VIEW readable_method AS SELECT method.id, method."name" AS "name", method."kind" AS "kind", method."audience" AS "audience", method."date" AS "date", method."description" AS "description", method."broker" AS "broker", method.recorded_at FROM method  WHERE method.withdrawn IS NULL;
CREATE VIEW readable_assessment AS SELECT assessment.id, method.name AS method, assessment."date" AS "date", assessment."verdict" AS "verdict", assessment."text" AS "text", assessment."broker" AS "broker", assessment.recorded_at FROM assessment JOIN method ON method.id = assessment.method_id WHERE assessment.withdrawn IS NULL;
CREATE VIEW readable_dissemination AS SELECT dissemination.id, method.name AS method, dissemination."date" AS "date", dissemination."audience" AS "audience", dissemination."how" AS "how", dissemination."institution" AS "institution", dissemination."broker" AS "broker", dissemination.recorded_at FROM dissemination JOIN method ON method.id = dissemination.method_id WHERE dissemination.withdrawn IS NULL;
CREATE VIEW readable_usage AS SELECT usage.id, method.name AS method, usage."contact_id" AS "contact_id", usage.recorded_at FROM usage JOIN method ON method.id = usage.method_id WHERE usage.withdrawn IS NULL;
CREATE VIEW readable_delivery AS SELECT delivery.id, delivery."target" AS "target", delivery."step" AS "step", delivery."date" AS "date", delivery."text" AS "text", delivery."point" AS "point", delivery."file" AS "file", delivery."digest" AS "digest", delivery."broker" AS "broker", delivery.recorded_at FROM delivery  WHERE delivery.withdrawn IS NULL;
CREATE VIEW readable_survey AS SELECT survey.id, company.id AS company_id, company.name AS company, company.cvr, survey."questionnaire" AS "questionnaire", survey."asks" AS "asks", survey."wave" AS "wave", survey."date" AS "date", town.name AS municipality, survey."hire_id" AS "hire_id", survey."answers" AS "answers", survey."broker" AS "broker", survey.recorded_at FROM survey LEFT JOIN company AS stated_company ON stated_company.id = survey.company_id LEFT JOIN company AS company ON company.id = COALESCE(stated_company.part_of, stated_company.id) LEFT JOIN readable_municipality AS town ON town.code = survey."municipality" WHERE survey.withdrawn IS NULL;
CREATE VIEW readable_broker AS SELECT broker.id, broker."initials" AS "initials", broker."council" AS "council", broker.recorded_at FROM broker  WHERE broker.withdrawn IS NULL;
CREATE VIEW readable_verdict AS 
    SELECT verdict.target, verdict.outcome, verdict.noun, verdict.record_id, verdict.day,
        verdict.company_id, company.name AS company, company.cvr,
        town.name AS municipality, verdict.brokers, verdict.reasons
    FROM verdict JOIN company ON company.id = verdict.company_id
        LEFT JOIN readable_municipality AS town ON town.code = verdict.municipality;
CREATE VIEW about AS SELECT column1 AS name, column2 AS text FROM (VALUES ('about', 'What each table and view is.'), ('assessment', 'Records of the noun assessment, withdrawn ones included; read readable_assessment instead.'), ('broker', 'Records of the noun broker, withdrawn ones included; read readable_broker instead.'), ('collaboration', 'Records of the noun collaboration, withdrawn ones included; read readable_collaboration instead.'), ('command', 'Every command that changed the ledger: when (UTC), by whom, which, and why.'), ('company', 'Records of the noun company, withdrawn ones included; read readable_company instead.'), ('contact', 'Records of the noun contact, withdrawn ones included; read readable_contact instead.'), ('contract', 'The result contract, as JSON.'), ('delivery', 'Records of the noun delivery, withdrawn ones included; read readable_delivery instead.'), ('dissemination', 'Records of the noun dissemination, withdrawn ones included; read readable_dissemination instead.'), ('entry', 'The append-only ledger: what each command stated of which record, as JSON.'), ('hire', 'Records of the noun hire, withdrawn ones included; read readable_hire instead.'), ('imported_row', 'Where a record was last read from, as a keyed digest.'), ('method', 'Records of the noun method, withdrawn ones included; read readable_method instead.'), ('name_word', 'Folded words of the names of companies, to look them up by.'), ('person', 'Contact persons: the only table with personal data.'), ('readable_assessment', 'Assessments of methods.'), ('readable_broker', 'Brokers and their business councils.'), ('readable_collaboration', 'Collaborations, with the company.'), ('readable_company', 'Companies as they are today, without duplicates.'), ('readable_contact', 'Contacts, with the company and the municipality that the contact itself states.'), ('readable_delivery', 'Steps towards deliverables.'), ('readable_dissemination', 'Whom methods were disseminated to.'), ('readable_hire', 'Hires, with the company.'), ('readable_method', 'Concepts, methods and tools.'), ('readable_municipality', 'Danish municipalities by code.'), ('readable_succession', 'Takeovers: which company took over which, from which day.'), ('readable_survey', 'Questionnaires that were answered; answers are JSON, and confidential.'), ('readable_usage', 'Which method was used at which contact.'), ('readable_verdict', 'Verdicts, with the company and the municipality that decided.'), ('setting', 'Settings of this copy of the ledger.'), ('succession', 'Records of the noun succession, withdrawn ones included; read readable_succession instead.'), ('survey', 'Records of the noun survey, withdrawn ones included; read readable_survey instead.'), ('tally', 'Verdicts added up: how many of each target, outcome and day.'), ('usage', 'Records of the noun usage, withdrawn ones included; read readable_usage instead.'), ('verdict', 'How each record is judged for each target, with the reasons as JSON.')) AS list;
COMMIT;
