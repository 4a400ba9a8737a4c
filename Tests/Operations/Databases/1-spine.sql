BEGIN TRANSACTION;
CREATE TABLE channel (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
INSERT INTO "channel" VALUES(1,'letter');
INSERT INTO "channel" VALUES(2,'sms');
INSERT INTO "channel" VALUES(3,'email');
INSERT INTO "channel" VALUES(4,'call_reminder');
CREATE TABLE contact (
    id INTEGER PRIMARY KEY,
    public_id TEXT NOT NULL UNIQUE,
    fields TEXT NOT NULL,
    suppressed_all INTEGER NOT NULL DEFAULT 0,
    suppressed_channels TEXT,
    last_signal INTEGER NOT NULL DEFAULT 0,
    erased INTEGER NOT NULL DEFAULT 0
);
INSERT INTO "contact" VALUES(1,'ann','{"first_name":"Ann","phone":"+12125550317","email":"ann@example.com"}',0,NULL,0,0);
INSERT INTO "contact" VALUES(2,'ben','{"first_name":"Ben","phone":"+12125550309","email":"ben@example.com"}',0,NULL,0,0);
INSERT INTO "contact" VALUES(3,'cid','{"first_name":"Cid","phone":"+12125550304","email":"cid@example.com"}',0,NULL,1,0);
INSERT INTO "contact" VALUES(4,'dee','{"first_name":"Dee","phone":"+12125550302","email":"dee@example.com"}',0,NULL,0,0);
INSERT INTO "contact" VALUES(5,'eve','{"first_name":"Eve","phone":"+12125550320","email":"eve@example.com"}',0,NULL,0,0);
INSERT INTO "contact" VALUES(6,'kept','{"first_name":"Kept"}',0,NULL,0,0);
INSERT INTO "contact" VALUES(7,'fay','{"first_name":"Fay","phone":"+12125550320","email":"fay@example.com"}',0,NULL,0,0);
INSERT INTO "contact" VALUES(8,'hal','{"first_name":"Hal","phone":"+12125550309","email":"hal@example.com"}',0,NULL,0,0);
INSERT INTO "contact" VALUES(9,'ida','{"first_name":"Ida","phone":"+12125550302","email":"ida@example.com","time_zone":"Asia/Tokyo"}',0,NULL,0,0);
INSERT INTO "contact" VALUES(10,'gil','{"first_name":"Gil","phone":"+12125550316","email":"gil@example.com"}',0,NULL,0,0);
CREATE TABLE enrollment (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    workflow_id INTEGER NOT NULL,
    version_id INTEGER NOT NULL,
    contact_id INTEGER NOT NULL,
    record_id INTEGER NOT NULL,
    status INTEGER NOT NULL,
    phase INTEGER NOT NULL,
    node INTEGER NOT NULL,
    enrolled INTEGER NOT NULL,
    reached INTEGER NOT NULL,
    due INTEGER,
    lane INTEGER,
    variant INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    hold INTEGER,
    trail BLOB NOT NULL,
    exit TEXT,
    signal_floor INTEGER NOT NULL,
    ended INTEGER,
    source TEXT
);
INSERT INTO "enrollment" VALUES(1,1,1,1,1,0,2,3,1772463600000,1772550000000,1772722800000,0,0,0,NULL,X'000001000280F0B2520300',NULL,0,NULL,NULL);
INSERT INTO "enrollment" VALUES(2,1,1,2,2,0,2,3,1772463600000,1772550000000,1772722800000,0,0,0,NULL,X'000001000280F0B2520300',NULL,0,NULL,NULL);
INSERT INTO "enrollment" VALUES(3,1,1,3,3,2,2,3,1772463600000,1772550000000,NULL,NULL,0,0,NULL,X'000001000280F0B2520300','booked',0,1772553600000,NULL);
INSERT INTO "enrollment" VALUES(4,1,2,4,0,0,1,1,1772553600000,1772553600000,1772640000000,0,0,0,NULL,X'00000100',NULL,0,NULL,NULL);
INSERT INTO "enrollment" VALUES(5,1,2,5,0,0,1,1,1772596800000,1772632819000,1772719219000,0,0,0,NULL,X'000001F0ECAC22',NULL,0,NULL,NULL);
INSERT INTO "enrollment" VALUES(6,2,3,7,0,0,5,0,1772636400000,1772636400000,NULL,NULL,0,1,NULL,X'0000',NULL,0,NULL,NULL);
INSERT INTO "enrollment" VALUES(7,4,5,8,0,0,1,0,1772636460000,1772636460000,1772640060000,0,0,0,NULL,X'0000',NULL,0,NULL,NULL);
INSERT INTO "enrollment" VALUES(8,1,2,9,0,0,3,0,1772636460000,1772668976000,1772668976000,0,0,0,1,X'0000',NULL,0,NULL,NULL);
INSERT INTO "enrollment" VALUES(9,3,4,10,0,0,4,0,1772636460000,1772636460000,NULL,NULL,0,1,NULL,X'0000',NULL,0,NULL,NULL);
CREATE TABLE family (name TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO "family" VALUES('enrollment',37);
INSERT INTO "family" VALUES('message',36);
INSERT INTO "family" VALUES('settings',1);
INSERT INTO "family" VALUES('signal',17);
INSERT INTO "family" VALUES('step',13);
INSERT INTO "family" VALUES('template',4);
INSERT INTO "family" VALUES('workflow',34);
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO "grdb_migrations" VALUES('1-spine');
CREATE TABLE history (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    prev INTEGER NOT NULL,
    type TEXT NOT NULL,
    at INTEGER NOT NULL,
    version_id INTEGER,
    contact_id INTEGER,
    record_id INTEGER,
    enrollment_id INTEGER,
    body TEXT NOT NULL
);
INSERT INTO "history" VALUES(1,0,'settings.updated',1772463600000,NULL,NULL,NULL,NULL,'{}');
INSERT INTO "history" VALUES(2,0,'workflow.created',1772463600000,1,NULL,NULL,NULL,'{"rev":1}');
INSERT INTO "history" VALUES(3,2,'workflow.state_changed',1772463600000,1,NULL,NULL,NULL,'{"from":"draft","to":"active"}');
INSERT INTO "history" VALUES(4,0,'template.created',1772463600000,NULL,NULL,NULL,NULL,'{"template":"mine"}');
INSERT INTO "history" VALUES(5,0,'enrollment.created',1772463600000,1,1,1,1,'{}');
INSERT INTO "history" VALUES(6,0,'message.sent',1772463600000,1,1,1,1,'{"step":"hello","kind":"message","channel":"sms","attempt":1,"key":"w2ds6ysjgj-1-0-0","to":"+12125550317","content":{"text":"Hello, Ann"},"planned":"2026-03-02T15:00:00Z","defaults_used":[]}');
INSERT INTO "history" VALUES(7,5,'enrollment.created',1772463600000,1,2,2,2,'{}');
INSERT INTO "history" VALUES(8,6,'message.sent',1772463600000,1,2,2,2,'{"step":"hello","kind":"message","channel":"sms","attempt":1,"key":"w2ds6ysjgj-2-0-0","to":"+12125550309","content":{"text":"Hello, Ben"},"planned":"2026-03-02T15:00:00Z","defaults_used":[]}');
INSERT INTO "history" VALUES(9,7,'enrollment.created',1772463600000,1,3,3,3,'{}');
INSERT INTO "history" VALUES(10,8,'message.sent',1772463600000,1,3,3,3,'{"step":"hello","kind":"message","channel":"sms","attempt":1,"key":"w2ds6ysjgj-3-0-0","to":"+12125550304","content":{"text":"Hello, Cid"},"planned":"2026-03-02T15:00:00Z","defaults_used":[]}');
INSERT INTO "history" VALUES(11,0,'step.executed',1772550000000,1,1,1,1,'{"step":"day","kind":"delay"}');
INSERT INTO "history" VALUES(12,11,'step.executed',1772550000000,1,2,2,2,'{"step":"day","kind":"delay"}');
INSERT INTO "history" VALUES(13,12,'step.executed',1772550000000,1,3,3,3,'{"step":"day","kind":"delay"}');
INSERT INTO "history" VALUES(14,10,'message.sent',1772550000000,1,1,1,1,'{"step":"mail","kind":"message","channel":"email","attempt":1,"key":"w2ds6ysjgj-1-2-0","to":"ann@example.com","content":{"subject":"Your request","text":"About roof"},"planned":"2026-03-03T15:00:00Z","defaults_used":[]}');
INSERT INTO "history" VALUES(15,14,'message.sent',1772550000000,1,2,2,2,'{"step":"mail","kind":"message","channel":"email","attempt":1,"key":"w2ds6ysjgj-2-2-0","to":"ben@example.com","content":{"subject":"Your request","text":"About roof"},"planned":"2026-03-03T15:00:00Z","defaults_used":[]}');
INSERT INTO "history" VALUES(16,15,'message.sent',1772550000000,1,3,3,3,'{"step":"mail","kind":"message","channel":"email","attempt":1,"key":"w2ds6ysjgj-3-2-0","to":"cid@example.com","content":{"subject":"Your request","text":"About roof"},"planned":"2026-03-03T15:00:00Z","defaults_used":[]}');
INSERT INTO "history" VALUES(17,0,'signal.received',1772553600000,NULL,3,NULL,NULL,'{"signal":"job.booked"}');
INSERT INTO "history" VALUES(18,9,'enrollment.exited',1772553600000,1,3,3,3,'{"exit":"booked","step":"asked"}');
INSERT INTO "history" VALUES(19,3,'workflow.updated',1772553600000,2,NULL,NULL,NULL,'{"rev":3}');
INSERT INTO "history" VALUES(20,18,'enrollment.created',1772553600000,2,4,NULL,4,'{}');
INSERT INTO "history" VALUES(21,16,'message.sent',1772553600000,2,4,NULL,4,'{"step":"hello","kind":"message","channel":"sms","attempt":1,"key":"w2ds6ysjgj-4-0-0","to":"+12125550302","content":{"text":"Good day, Dee"},"planned":"2026-03-03T16:00:00Z","defaults_used":[]}');
INSERT INTO "history" VALUES(22,20,'enrollment.created',1772596800000,2,5,NULL,5,'{}');
INSERT INTO "history" VALUES(23,21,'message.held',1772596800000,2,5,NULL,5,'{"step":"hello","kind":"message","channel":"sms","reason":"quiet_hours","until":"2026-03-04T14:00:19Z"}');
INSERT INTO "history" VALUES(24,19,'workflow.created',1772596800000,3,NULL,NULL,NULL,'{"rev":1}');
INSERT INTO "history" VALUES(25,24,'workflow.state_changed',1772596800000,3,NULL,NULL,NULL,'{"from":"draft","to":"active"}');
INSERT INTO "history" VALUES(26,25,'workflow.created',1772596800000,4,NULL,NULL,NULL,'{"rev":1}');
INSERT INTO "history" VALUES(27,26,'workflow.state_changed',1772596800000,4,NULL,NULL,NULL,'{"from":"draft","to":"active"}');
INSERT INTO "history" VALUES(28,23,'message.sent',1772632819000,2,5,NULL,5,'{"step":"hello","kind":"message","channel":"sms","attempt":1,"key":"w2ds6ysjgj-5-0-0","to":"+12125550320","content":{"text":"Good day, Eve"},"planned":"2026-03-04T04:00:00Z","defaults_used":[]}');
INSERT INTO "history" VALUES(29,22,'enrollment.created',1772636400000,3,7,NULL,6,'{}');
INSERT INTO "history" VALUES(30,28,'message.unknown',1772636400000,3,7,NULL,6,'{"step":"letter","kind":"message","channel":"letter","attempt":1,"key":"w2ds6ysjgj-6-0-0","to":"fay@example.com","content":{"text":"In doubt"},"planned":"2026-03-04T15:00:00Z","defaults_used":[],"reason":"The letter box was full."}');
INSERT INTO "history" VALUES(31,27,'workflow.created',1772636460000,5,NULL,NULL,NULL,'{"rev":1}');
INSERT INTO "history" VALUES(32,31,'workflow.state_changed',1772636460000,5,NULL,NULL,NULL,'{"from":"draft","to":"active"}');
INSERT INTO "history" VALUES(33,29,'enrollment.created',1772636460000,5,8,NULL,7,'{}');
INSERT INTO "history" VALUES(34,32,'workflow.state_changed',1772636460000,5,NULL,NULL,NULL,'{"from":"active","to":"halted"}');
INSERT INTO "history" VALUES(35,33,'enrollment.created',1772636460000,2,9,NULL,8,'{}');
INSERT INTO "history" VALUES(36,30,'message.held',1772636460000,2,9,NULL,8,'{"step":"hello","kind":"message","channel":"sms","reason":"quiet_hours","until":"2026-03-05T00:02:56Z"}');
INSERT INTO "history" VALUES(37,35,'enrollment.created',1772636460000,4,10,NULL,9,'{}');
CREATE TABLE idempotency (
    key TEXT PRIMARY KEY,
    command TEXT NOT NULL,
    reply TEXT NOT NULL,
    at INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO "idempotency" VALUES('kept-1','120fc9b73382be3ccee002087ba042b8','{"result":{"id":"kept","fields":{"first_name":"Kept"},"created":true},"seq":27}',1772596800000);
CREATE TABLE message (
    enrollment_id INTEGER NOT NULL,
    node INTEGER NOT NULL,
    variant INTEGER NOT NULL,
    state INTEGER NOT NULL,
    channel TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    request TEXT,
    seq INTEGER,
    PRIMARY KEY (enrollment_id, node, variant)
) WITHOUT ROWID;
INSERT INTO "message" VALUES(1,0,0,3,'sms',1,NULL,6);
INSERT INTO "message" VALUES(1,2,0,3,'email',1,NULL,14);
INSERT INTO "message" VALUES(2,0,0,3,'sms',1,NULL,8);
INSERT INTO "message" VALUES(2,2,0,3,'email',1,NULL,15);
INSERT INTO "message" VALUES(3,0,0,3,'sms',1,NULL,10);
INSERT INTO "message" VALUES(3,2,0,3,'email',1,NULL,16);
INSERT INTO "message" VALUES(4,0,0,3,'sms',1,NULL,21);
INSERT INTO "message" VALUES(5,0,0,3,'sms',1,NULL,28);
INSERT INTO "message" VALUES(6,0,0,1,'letter',1,'{"to":"fay@example.com","content":{"text":"In doubt"},"context":{"workflow":"doubtful","step":"letter","enrollment":"en_6","contact":"fay","planned":"2026-03-04T15:00:00Z","time_zone":"America/New_York","defaults_used":[]}}',30);
INSERT INTO "message" VALUES(9,0,0,0,'letter',1,'{"to":"gil@example.com","content":{"text":"On hold"},"context":{"workflow":"held","step":"letter","enrollment":"en_9","contact":"gil","planned":"2026-03-04T15:01:00Z","time_zone":"America/New_York","defaults_used":[]}}',NULL);
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
INSERT INTO "meta" VALUES('clock','1772636460000');
INSERT INTO "meta" VALUES('epoch','rhix4ukj5h2f');
INSERT INTO "meta" VALUES('instance','w2ds6ysjgj');
INSERT INTO "meta" VALUES('settings','{"business":{"name":"Evergreen"},"time_zone":"America/New_York","notifications":{"quiet_hours":{"start":"20:00","end":"09:00"}},"links":{"unsubscribe":"https://example.com/u/{contact}"}}');
CREATE TABLE record (
    id INTEGER PRIMARY KEY,
    type TEXT NOT NULL,
    public_id TEXT NOT NULL,
    fields TEXT NOT NULL,
    erased INTEGER NOT NULL DEFAULT 0,
    UNIQUE (type, public_id)
);
INSERT INTO "record" VALUES(1,'job','j-ann','{"service":"roof"}',0);
INSERT INTO "record" VALUES(2,'job','j-ben','{"service":"roof"}',0);
INSERT INTO "record" VALUES(3,'job','j-cid','{"service":"roof"}',0);
CREATE TABLE signal (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    contact_id INTEGER NOT NULL,
    record_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    at INTEGER NOT NULL,
    data TEXT NOT NULL,
    enrollment_id INTEGER
);
INSERT INTO "signal" VALUES(1,3,0,'job.booked',1772553600000,'{}',NULL);
CREATE TABLE signal_id (id TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO "signal_id" VALUES('s-1',1772553600000);
CREATE TABLE statistic (
    workflow_id INTEGER NOT NULL,
    step TEXT NOT NULL,
    metric TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (workflow_id, step, metric)
) WITHOUT ROWID;
INSERT INTO "statistic" VALUES(1,'','entered',6);
INSERT INTO "statistic" VALUES(1,'','exit:booked',1);
INSERT INTO "statistic" VALUES(1,'','exited',1);
INSERT INTO "statistic" VALUES(1,'','inside',5);
INSERT INTO "statistic" VALUES(1,'asked','inside',2);
INSERT INTO "statistic" VALUES(1,'asked','reached',3);
INSERT INTO "statistic" VALUES(1,'day','inside',2);
INSERT INTO "statistic" VALUES(1,'day','reached',5);
INSERT INTO "statistic" VALUES(1,'hello','inside',1);
INSERT INTO "statistic" VALUES(1,'hello','reached',6);
INSERT INTO "statistic" VALUES(1,'hello','sent',5);
INSERT INTO "statistic" VALUES(1,'mail','inside',0);
INSERT INTO "statistic" VALUES(1,'mail','reached',3);
INSERT INTO "statistic" VALUES(1,'mail','sent',3);
INSERT INTO "statistic" VALUES(2,'','entered',1);
INSERT INTO "statistic" VALUES(2,'','inside',1);
INSERT INTO "statistic" VALUES(2,'letter','inside',1);
INSERT INTO "statistic" VALUES(2,'letter','reached',1);
INSERT INTO "statistic" VALUES(2,'letter','unknown',1);
INSERT INTO "statistic" VALUES(3,'','entered',1);
INSERT INTO "statistic" VALUES(3,'','inside',1);
INSERT INTO "statistic" VALUES(3,'letter','inside',1);
INSERT INTO "statistic" VALUES(3,'letter','reached',1);
INSERT INTO "statistic" VALUES(4,'','entered',1);
INSERT INTO "statistic" VALUES(4,'','inside',1);
INSERT INTO "statistic" VALUES(4,'hour','inside',1);
INSERT INTO "statistic" VALUES(4,'hour','reached',1);
CREATE TABLE template (
    public_id TEXT PRIMARY KEY,
    rev INTEGER NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    definition TEXT NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO "template" VALUES('mine',1,'Follow-up','','{"name":"Follow-up","description":"","entry":{"triggers":[]},"exits":[{"name":"booked","when":{"signal":"job.booked"}}],"reentry":{"rule":"after_finish"},"steps":[{"id":"hello","kind":"message","channel":"sms","content":{"text":"Hello, {{ contact.first_name }}"},"quiet_hours":"hold","on_failure":"continue"},{"id":"day","kind":"delay","for":{"days":1}},{"id":"mail","kind":"message","channel":"email","content":{"subject":"Your request","text":"About {{ record.service | default: ''your request'' }}"},"quiet_hours":"hold","on_failure":"continue"},{"id":"asked","kind":"branch","paths":[{"name":"yes","when":{"signal":"sms.replied"},"steps":[{"id":"won","kind":"flag","flag":"won"}]}],"otherwise":{"steps":[{"id":"last","kind":"message","channel":"sms","content":{"text":"A last word"},"quiet_hours":"hold","on_failure":"continue"}]},"within":{"days":2}}]}',1772463600000,1772463600000);
INSERT INTO "template" VALUES('new-lead-follow-up',1,'New Lead Follow-Up','Answers a new lead at once and stays in touch for a week, until the lead books, replies or picks up the phone.','{"name":"New Lead Follow-Up","description":"A text at once, an email on day 1, a call by staff on day 3, a last word on day 7. Needs business.name, business.phone, business.address and the unsubscribe link; business.booking_url is used where there is one.","entry":{"triggers":[{"signal":"lead.created"}],"record":"lead"},"exits":[{"name":"booked","when":{"signal":"job.booked"}},{"name":"replied_by_text","when":{"signal":"sms.replied"}},{"name":"replied_by_email","when":{"signal":"email.replied"}},{"name":"answered_call","when":{"signal":"call.answered"}},{"name":"lead_closed","when":{"signal":"lead.closed"}}],"reentry":{"rule":"after_finish"},"steps":[{"id":"confirm","kind":"message","name":"Confirm the request","channel":"sms","content":{"text":"Hi {{ contact.first_name | default: ''there'' }}, thank you for contacting {{ business.name }}. We have your request and will be in touch soon. Reply STOP to opt out."},"fallback":{"channel":"email","content":{"html":"<p>Hi {{ contact.first_name | default: ''there'' }},</p>\n<p>Thank you for contacting {{ business.name }}. We have your request and will be in touch soon.</p>\n<p>If it is urgent, call us on {{ business.phone }}.</p>\n<p>Kind regards,<br>\n{{ business.name }}</p>\n<hr>\n<p><small>{{ business.name }}<br>\n{{ business.address }}<br>\n{{ business.phone }}<br>\n<a href=\"{{ enrollment.unsubscribe_url }}\">Unsubscribe</a></small></p>\n","subject":"We have your request","text":"Hi {{ contact.first_name | default: ''there'' }},\n\nThank you for contacting {{ business.name }}. We have your request and will be in touch soon.\n\nIf it is urgent, call us on {{ business.phone }}.\n\nKind regards,\n{{ business.name }}\n\n--\n{{ business.name }}\n{{ business.address }}\n{{ business.phone }}\nUnsubscribe: {{ enrollment.unsubscribe_url }}\n"}},"max_lateness":{"hours":16},"quiet_hours":"hold","on_failure":"continue"},{"id":"until-day-1","kind":"delay","name":"Day 1, 10:00","for":{"days":1},"at":"10:00","from":"enrolled"},{"id":"introduce","kind":"message","name":"How to book","channel":"email","content":{"html":"<p>Hi {{ contact.first_name | default: ''there'' }},</p>\n<p>Thank you for considering us. We would be glad to help.</p>\n<p>The quickest way to a time that suits you: {{ business.booking_url | default: business.phone }}</p>\n<p>If you have a question first, reply to this email. We read every message.</p>\n<p>Kind regards,<br>\n{{ business.name }}</p>\n<hr>\n<p><small>{{ business.name }}<br>\n{{ business.address }}<br>\n{{ business.phone }}<br>\n<a href=\"{{ enrollment.unsubscribe_url }}\">Unsubscribe</a></small></p>\n","subject":"Your request to {{ business.name }}","text":"Hi {{ contact.first_name | default: ''there'' }},\n\nThank you for considering us. We would be glad to help.\n\nThe quickest way to a time that suits you: {{ business.booking_url | default: business.phone }}\n\nIf you have a question first, reply to this email. We read every message.\n\nKind regards,\n{{ business.name }}\n\n--\n{{ business.name }}\n{{ business.address }}\n{{ business.phone }}\nUnsubscribe: {{ enrollment.unsubscribe_url }}\n"},"quiet_hours":"hold","on_failure":"continue"},{"id":"until-day-3","kind":"delay","name":"Day 3, 09:00, on a business day","for":{"days":3},"at":"09:00","on":["mon","tue","wed","thu","fri"],"from":"enrolled"},{"id":"call","kind":"message","name":"Staff call","channel":"call_reminder","content":{"notes":"A lead from {{ enrollment.enrolled_at }} has not answered yet.\nPhone: {{ contact.phone | default: ''not known'' }}\nEmail: {{ contact.email | default: ''not known'' }}\nService: {{ record.service | default: ''not stated'' }}\nSource: {{ record.source | default: ''not stated'' }}","title":"Call {{ contact.full_name | default: contact.first_name | default: ''the new lead'' }}"},"quiet_hours":"hold","on_failure":"continue"},{"id":"until-day-7","kind":"delay","name":"Day 7, 10:00","for":{"days":7},"at":"10:00","from":"enrolled"},{"id":"interest","kind":"branch","name":"Did the lead click a link?","paths":[{"name":"clicked","when":{"any":[{"signal":"link.clicked"},{"signal":"email.clicked"}]},"steps":[{"id":"re-engage-text","kind":"message","name":"Last word by text","channel":"sms","content":{"text":"Hi {{ contact.first_name | default: ''there'' }}, {{ business.name }} here. Do you still need help? Reply here, or book: {{ business.booking_url | default: business.phone }} Reply STOP to opt out."},"fallback":{"channel":"email","content":{"html":"<p>Hi {{ contact.first_name | default: ''there'' }},</p>\n<p>You asked us about a job. If you still need it done, book a time: {{ business.booking_url | default: business.phone }}</p>\n<p>If your plans have changed, there is nothing to do. This is our last message about it.</p>\n<p>Kind regards,<br>\n{{ business.name }}</p>\n<hr>\n<p><small>{{ business.name }}<br>\n{{ business.address }}<br>\n{{ business.phone }}<br>\n<a href=\"{{ enrollment.unsubscribe_url }}\">Unsubscribe</a></small></p>\n","subject":"Can we still help?","text":"Hi {{ contact.first_name | default: ''there'' }},\n\nYou asked us about a job. If you still need it done, book a time: {{ business.booking_url | default: business.phone }}\n\nIf your plans have changed, there is nothing to do. This is our last message about it.\n\nKind regards,\n{{ business.name }}\n\n--\n{{ business.name }}\n{{ business.address }}\n{{ business.phone }}\nUnsubscribe: {{ enrollment.unsubscribe_url }}\n"}},"quiet_hours":"hold","on_failure":"continue"}]}],"otherwise":{"steps":[{"id":"re-engage-email","kind":"message","name":"Last word by email","channel":"email","content":{"html":"<p>Hi {{ contact.first_name | default: ''there'' }},</p>\n<p>You asked us about a job and we have not heard from you since.</p>\n<p>If you still need it done, book a time: {{ business.booking_url | default: business.phone }}</p>\n<p>If your plans have changed, there is nothing to do. This is our last message about it.</p>\n<p>Kind regards,<br>\n{{ business.name }}</p>\n<hr>\n<p><small>{{ business.name }}<br>\n{{ business.address }}<br>\n{{ business.phone }}<br>\n<a href=\"{{ enrollment.unsubscribe_url }}\">Unsubscribe</a></small></p>\n","subject":"Can we still help?","text":"Hi {{ contact.first_name | default: ''there'' }},\n\nYou asked us about a job and we have not heard from you since.\n\nIf you still need it done, book a time: {{ business.booking_url | default: business.phone }}\n\nIf your plans have changed, there is nothing to do. This is our last message about it.\n\nKind regards,\n{{ business.name }}\n\n--\n{{ business.name }}\n{{ business.address }}\n{{ business.phone }}\nUnsubscribe: {{ enrollment.unsubscribe_url }}\n"},"quiet_hours":"hold","on_failure":"continue"}]}}]}',1772463600000,1772463600000);
INSERT INTO "template" VALUES('payment-overdue-escalation',1,'Payment Overdue Escalation','Reminds a customer of an unpaid invoice on day 1, 7 and 14, and flags it for collections on day 30.','{"name":"Payment Overdue Escalation","description":"Stops as soon as the invoice is paid, voided or has no balance. A message more than 3 days late is skipped, so an old invoice never gets several reminders at once. Needs record.due_date (a date), record.number, record.balance, business.name, business.phone, business.address and the unsubscribe link; record.payment_url or business.payment_url is used where there is one. Put the balance as it is to be read, such as $240.00, in record.balance_text.","entry":{"triggers":[{"signal":"invoice.overdue"}],"record":"invoice"},"exits":[{"name":"paid","when":{"signal":"invoice.paid"}},{"name":"nothing_owed","when":{"any":[{"field":"record.balance","equals":0},{"field":"record.balance","less_than":0}]}},{"name":"voided","when":{"signal":"invoice.voided"}}],"reentry":{"rule":"never"},"steps":[{"id":"until-day-1","kind":"delay","name":"Day 1, 10:00","for":{"days":1},"at":"10:00","from":"record.due_date"},{"id":"friendly","kind":"message","name":"Friendly reminder","channel":"sms","content":{"text":"Hi {{ contact.first_name | default: ''there'' }}, invoice {{ record.number }} from {{ business.name }} is past due. How to pay: {{ record.payment_url | default: business.payment_url | default: business.phone }} Reply STOP to opt out."},"fallback":{"channel":"email","content":{"html":"<p>Hi {{ contact.first_name | default: ''there'' }},</p>\n<p>Invoice {{ record.number }} was due on {{ record.due_date }} and {{ record.balance_text | default: record.balance }} is still open. Perhaps it slipped through.</p>\n<p>How to pay: {{ record.payment_url | default: business.payment_url | default: business.phone }}</p>\n<p>If you have paid in the meantime, thank you, and please ignore this message.</p>\n<p>Kind regards,<br>\n{{ business.name }}</p>\n<hr>\n<p><small>{{ business.name }}<br>\n{{ business.address }}<br>\n{{ business.phone }}<br>\n<a href=\"{{ enrollment.unsubscribe_url }}\">Unsubscribe</a></small></p>\n","subject":"A reminder: invoice {{ record.number }}","text":"Hi {{ contact.first_name | default: ''there'' }},\n\nInvoice {{ record.number }} was due on {{ record.due_date }} and {{ record.balance_text | default: record.balance }} is still open. Perhaps it slipped through.\n\nHow to pay: {{ record.payment_url | default: business.payment_url | default: business.phone }}\n\nIf you have paid in the meantime, thank you, and please ignore this message.\n\nKind regards,\n{{ business.name }}\n\n--\n{{ business.name }}\n{{ business.address }}\n{{ business.phone }}\nUnsubscribe: {{ enrollment.unsubscribe_url }}\n"}},"max_lateness":{"days":3},"quiet_hours":"hold","on_failure":"continue"},{"id":"until-day-7","kind":"delay","name":"Day 7, 10:00","for":{"days":7},"at":"10:00","from":"record.due_date"},{"id":"firm","kind":"message","name":"Firm reminder","channel":"email","content":{"html":"<p>Hi {{ contact.first_name | default: ''there'' }},</p>\n<p>Invoice {{ record.number }} was due on {{ record.due_date }}. {{ record.balance_text | default: record.balance }} is still open.</p>\n<p>Please pay it now. How to pay: {{ record.payment_url | default: business.payment_url | default: business.phone }}</p>\n<p>If something about the invoice is not right, or you need more time, reply to this email or call {{ business.phone }}.</p>\n<p>Kind regards,<br>\n{{ business.name }}</p>\n<hr>\n<p><small>{{ business.name }}<br>\n{{ business.address }}<br>\n{{ business.phone }}<br>\n<a href=\"{{ enrollment.unsubscribe_url }}\">Unsubscribe</a></small></p>\n","subject":"Invoice {{ record.number }} is overdue","text":"Hi {{ contact.first_name | default: ''there'' }},\n\nInvoice {{ record.number }} was due on {{ record.due_date }}. {{ record.balance_text | default: record.balance }} is still open.\n\nPlease pay it now. How to pay: {{ record.payment_url | default: business.payment_url | default: business.phone }}\n\nIf something about the invoice is not right, or you need more time, reply to this email or call {{ business.phone }}.\n\nKind regards,\n{{ business.name }}\n\n--\n{{ business.name }}\n{{ business.address }}\n{{ business.phone }}\nUnsubscribe: {{ enrollment.unsubscribe_url }}\n"},"max_lateness":{"days":3},"quiet_hours":"hold","on_failure":"continue"},{"id":"until-day-14","kind":"delay","name":"Day 14, 10:00","for":{"days":14},"at":"10:00","from":"record.due_date"},{"id":"final","kind":"message","name":"Final warning","channel":"email","content":{"html":"<p>Hi {{ contact.first_name | default: ''there'' }},</p>\n<p>Invoice {{ record.number }} was due on {{ record.due_date }}, and despite our reminders {{ record.balance_text | default: record.balance }} is still open.</p>\n<p>This is our final notice. If we do not receive the payment, or hear from you, we may hand the invoice over to collections 30 days after its due date.</p>\n<p>How to pay: {{ record.payment_url | default: business.payment_url | default: business.phone }}</p>\n<p>If you cannot pay the whole amount, call us on {{ business.phone }} so that we can agree on something.</p>\n<p>Kind regards,<br>\n{{ business.name }}</p>\n<hr>\n<p><small>{{ business.name }}<br>\n{{ business.address }}<br>\n{{ business.phone }}<br>\n<a href=\"{{ enrollment.unsubscribe_url }}\">Unsubscribe</a></small></p>\n","subject":"Final notice: invoice {{ record.number }}","text":"Hi {{ contact.first_name | default: ''there'' }},\n\nInvoice {{ record.number }} was due on {{ record.due_date }}, and despite our reminders {{ record.balance_text | default: record.balance }} is still open.\n\nThis is our final notice. If we do not receive the payment, or hear from you, we may hand the invoice over to collections 30 days after its due date.\n\nHow to pay: {{ record.payment_url | default: business.payment_url | default: business.phone }}\n\nIf you cannot pay the whole amount, call us on {{ business.phone }} so that we can agree on something.\n\nKind regards,\n{{ business.name }}\n\n--\n{{ business.name }}\n{{ business.address }}\n{{ business.phone }}\nUnsubscribe: {{ enrollment.unsubscribe_url }}\n"},"max_lateness":{"days":3},"quiet_hours":"hold","on_failure":"continue"},{"id":"until-day-30","kind":"delay","name":"Day 30, 10:00","for":{"days":30},"at":"10:00","from":"record.due_date"},{"id":"collections","kind":"flag","name":"Hand over to collections","flag":"collections","note":"Unpaid 30 days after the due date."}]}',1772463600000,1772463600000);
INSERT INTO "template" VALUES('post-job-review-request',1,'Post-Job Review Request','Asks every customer for a review after a job: by text, then by email, then once more. Everyone is asked alike.','{"name":"Post-Job Review Request","description":"A text 24 hours after the job, an email at 72 hours if no link was clicked, a last request on day 7. Needs record.completed_at, record.review_url or business.review_url, business.name, business.phone, business.address and the unsubscribe link. It asks everyone alike, whatever they thought of the job: do not add a branch that asks only happy customers, the rules of review sites forbid it.","entry":{"triggers":[{"signal":"job.completed"}],"record":"job"},"exits":[{"name":"reviewed","when":{"signal":"review.submitted"}},{"name":"job_reopened","when":{"signal":"job.reopened"}}],"reentry":{"rule":"after_finish"},"steps":[{"id":"until-24-hours","kind":"delay","name":"24 hours after the job","for":{"hours":24},"from":"record.completed_at"},{"id":"ask-text","kind":"message","name":"Ask by text","channel":"sms","content":{"text":"Hi {{ contact.first_name | default: ''there'' }}, thank you for choosing {{ business.name }}. How did we do? {{ record.review_url | default: business.review_url }} Reply STOP to opt out."},"quiet_hours":"hold","on_failure":"continue"},{"id":"until-72-hours","kind":"delay","name":"72 hours after the job","for":{"hours":72},"from":"record.completed_at"},{"id":"response","kind":"branch","name":"Clicked or reviewed?","paths":[{"name":"responded","when":{"any":[{"signal":"link.clicked"},{"signal":"review.submitted"}]},"steps":[]}],"otherwise":{"steps":[{"id":"ask-email","kind":"message","name":"Ask by email","channel":"email","content":{"html":"<p>Hi {{ contact.first_name | default: ''there'' }},</p>\n<p>Thank you for choosing {{ business.name }}. We would like to know how we did, good or bad.</p>\n<p>Write a review: <a href=\"{{ record.review_url | default: business.review_url }}\">{{ record.review_url | default: business.review_url }}</a></p>\n<p>It takes about a minute. If something is not right, reply to this email or call {{ business.phone }} and we will see to it.</p>\n<p>Kind regards,<br>\n{{ business.name }}</p>\n<hr>\n<p><small>{{ business.name }}<br>\n{{ business.address }}<br>\n{{ business.phone }}<br>\n<a href=\"{{ enrollment.unsubscribe_url }}\">Unsubscribe</a></small></p>\n","subject":"How did we do?","text":"Hi {{ contact.first_name | default: ''there'' }},\n\nThank you for choosing {{ business.name }}. We would like to know how we did, good or bad.\n\nWrite a review: {{ record.review_url | default: business.review_url }}\n\nIt takes about a minute. If something is not right, reply to this email or call {{ business.phone }} and we will see to it.\n\nKind regards,\n{{ business.name }}\n\n--\n{{ business.name }}\n{{ business.address }}\n{{ business.phone }}\nUnsubscribe: {{ enrollment.unsubscribe_url }}\n"},"quiet_hours":"hold","on_failure":"continue"}]}},{"id":"until-day-7","kind":"delay","name":"Day 7","for":{"days":7},"from":"record.completed_at"},{"id":"channel","kind":"branch","name":"Which channel got through?","paths":[{"name":"text","when":{"any":[{"signal":"message.delivered","where":{"step":{"equals":"ask-text"}}},{"all":[{"signal":"message.sent","where":{"step":{"equals":"ask-text"}}},{"not":{"signal":"message.failed","where":{"step":{"equals":"ask-text"}}}}]}]},"steps":[{"id":"final-text","kind":"message","name":"Last request by text","channel":"sms","content":{"text":"Hi {{ contact.first_name | default: ''there'' }}, one last request from {{ business.name }}: please review our work. {{ record.review_url | default: business.review_url }} Reply STOP to opt out."},"quiet_hours":"hold","on_failure":"continue"}]},{"name":"email","when":{"any":[{"signal":"message.delivered","where":{"step":{"equals":"ask-email"}}},{"all":[{"signal":"message.sent","where":{"step":{"equals":"ask-email"}}},{"not":{"signal":"message.failed","where":{"step":{"equals":"ask-email"}}}}]}]},"steps":[{"id":"final-email","kind":"message","name":"Last request by email","channel":"email","content":{"html":"<p>Hi {{ contact.first_name | default: ''there'' }},</p>\n<p>This is the last time we ask. A few words about our work, good or bad, help us and the people who look for a company like ours.</p>\n<p>Write a review: <a href=\"{{ record.review_url | default: business.review_url }}\">{{ record.review_url | default: business.review_url }}</a></p>\n<p>Thank you.</p>\n<p>Kind regards,<br>\n{{ business.name }}</p>\n<hr>\n<p><small>{{ business.name }}<br>\n{{ business.address }}<br>\n{{ business.phone }}<br>\n<a href=\"{{ enrollment.unsubscribe_url }}\">Unsubscribe</a></small></p>\n","subject":"A last request: your review","text":"Hi {{ contact.first_name | default: ''there'' }},\n\nThis is the last time we ask. A few words about our work, good or bad, help us and the people who look for a company like ours.\n\nWrite a review: {{ record.review_url | default: business.review_url }}\n\nThank you.\n\nKind regards,\n{{ business.name }}\n\n--\n{{ business.name }}\n{{ business.address }}\n{{ business.phone }}\nUnsubscribe: {{ enrollment.unsubscribe_url }}\n"},"quiet_hours":"hold","on_failure":"continue"}]},{"name":"not-asked-yet","when":{"not":{"signal":"message.failed"}},"steps":[{"id":"only-ask","kind":"message","name":"First and only request","channel":"sms","content":{"text":"Hi {{ contact.first_name | default: ''there'' }}, thank you for choosing {{ business.name }}. Please review our work: {{ record.review_url | default: business.review_url }} Reply STOP to opt out."},"fallback":{"channel":"email","content":{"html":"<p>Hi {{ contact.first_name | default: ''there'' }},</p>\n<p>Thank you for choosing {{ business.name }}. We would like to know how we did, good or bad.</p>\n<p>Write a review: <a href=\"{{ record.review_url | default: business.review_url }}\">{{ record.review_url | default: business.review_url }}</a></p>\n<p>It takes about a minute. Thank you.</p>\n<p>Kind regards,<br>\n{{ business.name }}</p>\n<hr>\n<p><small>{{ business.name }}<br>\n{{ business.address }}<br>\n{{ business.phone }}<br>\n<a href=\"{{ enrollment.unsubscribe_url }}\">Unsubscribe</a></small></p>\n","subject":"How did we do?","text":"Hi {{ contact.first_name | default: ''there'' }},\n\nThank you for choosing {{ business.name }}. We would like to know how we did, good or bad.\n\nWrite a review: {{ record.review_url | default: business.review_url }}\n\nIt takes about a minute. Thank you.\n\nKind regards,\n{{ business.name }}\n\n--\n{{ business.name }}\n{{ business.address }}\n{{ business.phone }}\nUnsubscribe: {{ enrollment.unsubscribe_url }}\n"}},"quiet_hours":"hold","on_failure":"continue"}]}],"otherwise":{"steps":[]}}]}',1772463600000,1772463600000);
INSERT INTO "template" VALUES('recurring-service-reminder',1,'Recurring Service Reminder','Reminds a customer of a planned visit: a month, two weeks, two days ahead and on the day, and has staff call whoever does not confirm.','{"name":"Recurring Service Reminder","description":"All steps hang on record.starts_at: where that moves, what is not yet sent moves with it. Needs record.starts_at as a moment (not a date alone), business.name, business.phone, business.address and the unsubscribe link.","entry":{"triggers":[{"signal":"visit.scheduled"}],"record":"visit"},"exits":[{"name":"cancelled","when":{"signal":"visit.cancelled"}},{"name":"completed","when":{"signal":"visit.completed"}}],"reentry":{"rule":"after_finish"},"steps":[{"id":"until-30-days-before","kind":"delay","name":"30 days before","for":{"days":-30},"from":"record.starts_at"},{"id":"notice","kind":"message","name":"Notice by email","channel":"email","content":{"html":"<p>Hi {{ contact.first_name | default: ''there'' }},</p>\n<p>Your next visit is planned for {{ record.starts_at }}.</p>\n<p>There is nothing to do now. If this time does not suit you, reply to this email or call {{ business.phone }} and we will find another.</p>\n<p>Kind regards,<br>\n{{ business.name }}</p>\n<hr>\n<p><small>{{ business.name }}<br>\n{{ business.address }}<br>\n{{ business.phone }}<br>\n<a href=\"{{ enrollment.unsubscribe_url }}\">Unsubscribe</a></small></p>\n","subject":"Your next visit from {{ business.name }}","text":"Hi {{ contact.first_name | default: ''there'' }},\n\nYour next visit is planned for {{ record.starts_at }}.\n\nThere is nothing to do now. If this time does not suit you, reply to this email or call {{ business.phone }} and we will find another.\n\nKind regards,\n{{ business.name }}\n\n--\n{{ business.name }}\n{{ business.address }}\n{{ business.phone }}\nUnsubscribe: {{ enrollment.unsubscribe_url }}\n"},"quiet_hours":"hold","on_failure":"continue"},{"id":"until-14-days-before","kind":"delay","name":"14 days before","for":{"days":-14},"from":"record.starts_at"},{"id":"confirm-text","kind":"message","name":"Ask to confirm","channel":"sms","content":{"text":"{{ business.name }}: your visit is on {{ record.starts_at }}. Reply YES to confirm or NO to change it. Reply STOP to opt out."},"quiet_hours":"hold","on_failure":"continue"},{"id":"until-3-days-before","kind":"delay","name":"3 days before","for":{"days":-3},"from":"record.starts_at"},{"id":"confirmed","kind":"branch","name":"Did the customer reply?","paths":[{"name":"replied","when":{"signal":"sms.replied","since":"confirm-text"},"steps":[]}],"otherwise":{"steps":[{"id":"call","kind":"message","name":"Staff call","channel":"call_reminder","content":{"notes":"The visit on {{ record.starts_at }} (the customer''s time) is not confirmed.\nPhone: {{ contact.phone | default: ''not known'' }}\nEmail: {{ contact.email | default: ''not known'' }}","title":"Call {{ contact.full_name | default: contact.first_name | default: ''the customer'' }} to confirm the visit"},"quiet_hours":"hold","on_failure":"continue"}]}},{"id":"until-2-days-before","kind":"delay","name":"2 days before","for":{"days":-2},"from":"record.starts_at"},{"id":"reminder","kind":"message","name":"Reminder by text","channel":"sms","content":{"text":"Hi {{ contact.first_name | default: ''there'' }}, {{ business.name }} will see you on {{ record.starts_at }}. Reply STOP to opt out."},"max_lateness":{"hours":12},"quiet_hours":"hold","on_failure":"continue"},{"id":"until-3-hours-before","kind":"delay","name":"3 hours before","for":{"hours":-3},"from":"record.starts_at"},{"id":"not-before-8","kind":"delay","name":"Not before 08:00 on the day","at":"08:00","from":"record.starts_at"},{"id":"alert","kind":"message","name":"Alert on the day","channel":"sms","content":{"text":"{{ business.name }}: we will see you on {{ record.starts_at }}. Any change? Call {{ business.phone }}. Reply STOP to opt out."},"max_lateness":{"hours":2},"not_after":"record.starts_at","quiet_hours":"hold","on_failure":"continue"}]}',1772463600000,1772463600000);
CREATE TABLE workflow (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    public_id TEXT NOT NULL,
    state TEXT NOT NULL,
    rev INTEGER NOT NULL,
    version_id INTEGER NOT NULL DEFAULT 0,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    deleted INTEGER NOT NULL DEFAULT 0
);
INSERT INTO "workflow" VALUES(1,'follow-up','active',3,2,1772463600000,1772553600000,0);
INSERT INTO "workflow" VALUES(2,'doubtful','active',2,3,1772596800000,1772596800000,0);
INSERT INTO "workflow" VALUES(3,'held','active',2,4,1772596800000,1772596800000,0);
INSERT INTO "workflow" VALUES(4,'halted','halted',3,5,1772636460000,1772636460000,0);
CREATE TABLE workflow_version (
    id INTEGER PRIMARY KEY,
    workflow_id INTEGER NOT NULL REFERENCES workflow (id),
    number INTEGER NOT NULL,
    hash TEXT NOT NULL,
    definition TEXT NOT NULL,
    created INTEGER NOT NULL,
    UNIQUE (workflow_id, number)
);
INSERT INTO "workflow_version" VALUES(1,1,1,'8430f598c872dcaa1de545dc6da5710b','{"name":"Follow-up","description":"","entry":{"triggers":[]},"exits":[{"name":"booked","when":{"signal":"job.booked"}}],"reentry":{"rule":"after_finish"},"steps":[{"id":"hello","kind":"message","channel":"sms","content":{"text":"Hello, {{ contact.first_name }}"},"quiet_hours":"hold","on_failure":"continue"},{"id":"day","kind":"delay","for":{"days":1}},{"id":"mail","kind":"message","channel":"email","content":{"subject":"Your request","text":"About {{ record.service | default: ''your request'' }}"},"quiet_hours":"hold","on_failure":"continue"},{"id":"asked","kind":"branch","paths":[{"name":"yes","when":{"signal":"sms.replied"},"steps":[{"id":"won","kind":"flag","flag":"won"}]}],"otherwise":{"steps":[{"id":"last","kind":"message","channel":"sms","content":{"text":"A last word"},"quiet_hours":"hold","on_failure":"continue"}]},"within":{"days":2}}]}',1772463600000);
INSERT INTO "workflow_version" VALUES(2,1,2,'713705f38203db409e18abac35888db8','{"name":"Follow-up","description":"","entry":{"triggers":[]},"exits":[{"name":"booked","when":{"signal":"job.booked"}}],"reentry":{"rule":"after_finish"},"steps":[{"id":"hello","kind":"message","channel":"sms","content":{"text":"Good day, {{ contact.first_name }}"},"quiet_hours":"hold","on_failure":"continue"},{"id":"day","kind":"delay","for":{"days":1}},{"id":"mail","kind":"message","channel":"email","content":{"subject":"Your request","text":"About {{ record.service | default: ''your request'' }}"},"quiet_hours":"hold","on_failure":"continue"},{"id":"asked","kind":"branch","paths":[{"name":"yes","when":{"signal":"sms.replied"},"steps":[{"id":"won","kind":"flag","flag":"won"}]}],"otherwise":{"steps":[{"id":"last","kind":"message","channel":"sms","content":{"text":"A last word"},"quiet_hours":"hold","on_failure":"continue"}]},"within":{"days":2}}]}',1772553600000);
INSERT INTO "workflow_version" VALUES(3,2,1,'2e735ed3e1fc09da2d0fa1314bb6d31d','{"name":"Letters","description":"","entry":{"triggers":[]},"exits":[],"reentry":{"rule":"after_finish"},"steps":[{"id":"letter","kind":"message","channel":"letter","content":{"text":"In doubt"},"max_lateness":{"days":30},"quiet_hours":"hold","on_failure":"continue"},{"id":"then","kind":"message","channel":"letter","content":{"text":"And then"},"max_lateness":{"days":30},"quiet_hours":"hold","on_failure":"continue"}]}',1772596800000);
INSERT INTO "workflow_version" VALUES(4,3,1,'aeb858845399780fbbb1d5d00c0e885c','{"name":"Letters","description":"","entry":{"triggers":[]},"exits":[],"reentry":{"rule":"after_finish"},"steps":[{"id":"letter","kind":"message","channel":"letter","content":{"text":"On hold"},"max_lateness":{"days":30},"quiet_hours":"hold","on_failure":"continue"},{"id":"then","kind":"message","channel":"letter","content":{"text":"And then"},"max_lateness":{"days":30},"quiet_hours":"hold","on_failure":"continue"}]}',1772596800000);
INSERT INTO "workflow_version" VALUES(5,4,1,'545bc8052891cdf9a0fcf3f7378064d8','{"name":"Letters","description":"","entry":{"triggers":[]},"exits":[],"reentry":{"rule":"after_finish"},"steps":[{"id":"hour","kind":"delay","for":{"hours":1}},{"id":"letter","kind":"message","channel":"letter","content":{"text":"At rest"},"max_lateness":{"days":30},"quiet_hours":"hold","on_failure":"continue"},{"id":"then","kind":"message","channel":"letter","content":{"text":"And then"},"max_lateness":{"days":30},"quiet_hours":"hold","on_failure":"continue"}]}',1772636460000);
CREATE UNIQUE INDEX workflow_public_id ON workflow (public_id) WHERE deleted = 0;
CREATE INDEX contact_phone ON contact (json_extract(fields, '$.phone'))
    WHERE json_extract(fields, '$.phone') IS NOT NULL;
CREATE INDEX contact_email ON contact (lower(json_extract(fields, '$.email')))
    WHERE json_extract(fields, '$.email') IS NOT NULL;
CREATE INDEX enrollment_due ON enrollment (lane, due) WHERE due IS NOT NULL;
CREATE INDEX enrollment_contact ON enrollment (contact_id, workflow_id);
CREATE INDEX enrollment_workflow ON enrollment (workflow_id, status);
CREATE INDEX enrollment_record ON enrollment (record_id) WHERE record_id > 0 AND status = 0;
CREATE INDEX signal_contact ON signal (contact_id);
CREATE INDEX signal_id_at ON signal_id (at);
CREATE INDEX message_open ON message (channel, state) WHERE state <= 1;
CREATE INDEX history_contact ON history (contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX history_version ON history (version_id) WHERE version_id IS NOT NULL;
CREATE INDEX idempotency_at ON idempotency (at);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('history',37);
INSERT INTO "sqlite_sequence" VALUES('workflow',4);
INSERT INTO "sqlite_sequence" VALUES('enrollment',9);
INSERT INTO "sqlite_sequence" VALUES('signal',1);
COMMIT;
