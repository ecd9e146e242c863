-- The demo desk's lists: what an administrator would have set up before the first
-- ticket came. Ids are fixed, so that examples can name them. The company is Lunvarm
-- AS, which sells and looks after heat pumps; contact and person rows are there already.

INSERT INTO usergroup (usergroup_id, name, tooltip, rank) VALUES
    (1, 'Customer service', 'Answers customers first', 1),
    (2, 'Technical support', 'Heat pumps, portal, API and our own IT', 2);

-- Associate 8 sells and is no Service user. A Service user's id is never that of the
-- associate: whoever mixes them up finds out here.
INSERT INTO associate
    (associate_id, name, person_id, group_idx, role_id, rank, tooltip) VALUES
    (1, 'tje0', 1, 1, 1, 1, 'Head of service'),
    (2, 'anna0', 2, 1, 2, 2, 'Orders and invoices'),
    (3, 'bo0', 3, 1, 2, 3, 'Customer service'),
    (4, 'mette0', 4, 2, 2, 4, 'Heat pumps'),
    (5, 'jonas0', 5, 2, 1, 5, 'Portal, API and our own IT'),
    (6, 'sofie0', 6, 1, 3, 6, 'Quality, reads along'),
    (7, 'ulla0', 7, 2, 2, 7, 'On leave'),
    (8, 'ingrid0', 8, 1, 2, 8, 'Sales');
INSERT INTO user_group_link (associate_id, usergroup_id) VALUES (1, 2), (3, 2);

-- Sofie may only read (status 4), Ulla is away (2) and gets nothing assigned.
INSERT INTO ejuser
    (id, associate_id, status, default_category, use_last_category, default_user,
     default_status_new_ticket, request_signature) VALUES
    (2, 1, 1, 1, false, 1, NULL, 'Tjerand Engen, Lunvarm'),
    (3, 2, 1, 5, false, 3, NULL, 'Anna Lindqvist, Lunvarm'),
    (4, 3, 1, 1, true, 1, NULL, 'Bo Kragh, Lunvarm'),
    (5, 4, 1, 2, false, 3, NULL, 'Mette Solheim, Lunvarm'),
    (6, 5, 1, 3, false, 2, NULL, 'Jonas Weber, Lunvarm'),
    (7, 6, 4, 1, false, 2, NULL, ''),
    (8, 7, 2, 2, false, 1, NULL, 'Ulla Brandt, Lunvarm');

INSERT INTO ticket_status
    (id, name, status, time_counter, used_in_queue, ts_rank) VALUES
    (7, 'Waiting for customer', 1, 2, false, 7),
    (8, 'In queue', 1, 3, true, 8);

-- Escalation: Low has none, Medium and High count office hours (flag 4), Urgent counts
-- every hour.
UPDATE ticket_priority SET
    ticket_read = -1, changed_owner = 1, ticket_newinfo = 1, ticket_closed = 0,
    ticket_changed_priority = 1, ticket_new = 2,
    non_dates = '01/01,01/05,17/05,24/12,25/12,26/12,31/12,26/03/2027',
    flags = CASE id WHEN 1 THEN 1 WHEN 2 THEN 7 ELSE 5 END,
    deadline = CASE id WHEN 1 THEN 4800 WHEN 2 THEN 1440 ELSE 480 END;
INSERT INTO ticket_priority
    (id, name, flags, sort_order, deadline, ticket_read, changed_owner, ticket_newinfo,
     ticket_closed, ticket_changed_priority, ticket_new, mon_start, mon_stop, tue_start,
     tue_stop, wed_start, wed_stop, thu_start, thu_stop, fri_start, fri_stop,
     sat_start, sat_stop, non_dates) VALUES
    (4, 'Urgent', 0, 4, 120, 0, 2, 1, 0, 2, 2,
     '07:00', '21:00', '07:00', '21:00', '07:00', '21:00', '07:00', '21:00',
     '07:00', '21:00', '09:00', '15:00', '25/12');
INSERT INTO ticket_alert
    (id, priority_id, alert_level, alert_timeout, action, delegate_to, email_to) VALUES
    (1, 2, 1, 960, 16, 0, ''),
    (2, 3, 1, 240, 16, 0, ''),
    (3, 3, 2, 240, 32, 0, ''),
    (4, 4, 1, 30, 16, 0, ''),
    (5, 4, 2, 30, 33, 6, ''),
    (6, 4, 3, 60, 4, 0, 'duty@lunvarm.example');

INSERT INTO ticket_type
    (ticket_type_id, name, rank, tooltip, icon, default_ticket_status,
     default_ticket_priority, is_external_visible, external_as_default) VALUES
    (2, 'Incident', 2, 'Something that worked does not', 'incident', 1, 3, true, true),
    (3, 'Change', 3, 'A planned change to an installation', 'change', NULL, NULL, false,
     false);
INSERT INTO ticket_type_status (ticket_type_id, ticket_status_id) VALUES
    (2, 1), (2, 2), (2, 3), (2, 7), (2, 8);
INSERT INTO ticket_type_priority (ticket_type_id, ticket_priority_id) VALUES
    (2, 2), (2, 3), (2, 4);
INSERT INTO ticket_type_group_link (ticket_type_id, usergroup_id) VALUES (3, 1), (3, 2);

-- flags: Internal 1, OnlyLoggedInUsers 2, DefaultToCategoryMaster 4, ListInMain 8,
-- RedelegateNewMsg 16, DelegateToOurContact 32, MembersOnly 128, NotifyMembers 256,
-- AcceptWhenReplying 512; delegate_method: Even 1, Weighted 2, Unfair 3, Not 4
UPDATE ej_category SET category_master = 2, flags = 8 WHERE id = 1;
INSERT INTO ej_category
    (id, parent_id, name, fullname, external_name, category_master, flags,
     delegate_method, closing_status, msg_closing_status, assignment_lag,
     notification_email) VALUES
    (2, 1, 'Heating', 'Support/Heating', 'Heat pumps', 5, 24, 2, NULL, 7, -1, ''),
    (3, 1, 'Portal', 'Support/Portal', 'Portal and sign-in', 6, 256, 3, NULL, NULL, -1,
     ''),
    (4, 1, 'Integrations', 'Support/Integrations', 'API and integrations', 6, 32, 3,
     NULL, NULL, 1440, ''),
    (5, -1, 'Orders', 'Orders', 'Orders and delivery', 3, 520, 1, 8, NULL, -1,
     'orders@lunvarm.example'),
    (6, 5, 'Invoices', 'Orders/Invoices', 'Invoices', 3, 6, 2, NULL, NULL, -1, ''),
    (7, -1, 'Internal IT', 'Internal IT', '', 6, 1, 4, NULL, NULL, -1, ''),
    (8, 7, 'Personnel', 'Internal IT/Personnel', '', 2, 129, 1, NULL, NULL, -1, '');
INSERT INTO ej_category_delegation (category_id, delegate_counter) VALUES
    (2, 41), (3, 27), (4, 19), (5, 33), (6, 24), (7, 0), (8, 6);
INSERT INTO category_membership (category_id, user_id, weight) VALUES
    (1, 2, 1), (1, 3, 1), (1, 4, 1), (1, 7, 0),
    (2, 4, 1), (2, 5, 3), (2, 6, 1), (2, 8, 5),
    (3, 3, 1), (3, 5, 0), (3, 6, 1),
    (4, 5, 1), (4, 6, 2),
    (5, 3, 1), (5, 4, 1),
    (6, 2, 1), (6, 3, 5), (6, 4, 2),
    (8, 2, 1), (8, 6, 1);
INSERT INTO ej_category_group_link (category_id, usergroup_id) VALUES (7, 2);

INSERT INTO tags (tags_id, name, tooltip, rank) VALUES
    (120, 'warranty', 'Covered by the warranty', 1),
    (121, 'service visit', 'A technician drives out', 2),
    (122, 'spare part', 'Something was sent or replaced', 3),
    (123, 'noise', 'Sound or vibration', 4),
    (124, 'hot water', 'Tap water rather than heating', 5),
    (125, 'password', 'Signing in to the portal', 6),
    (126, 'measurements', 'Readings and graphs', 7),
    (127, 'webhook', 'Events that we deliver', 8),
    (128, 'delivery', 'On its way, late or lost', 9),
    (129, 'refund', 'Money goes back', 10),
    (130, 'complaint', 'The customer is unhappy with us', 11),
    (131, 'follow up', 'Call the customer when it is done', 12),
    (132, 'documentation', 'A page or manual must change', 13),
    (133, 'VIP', 'Large or important customer', 14);

INSERT INTO extra_fields (id, field_name, name, type, size, default_value) VALUES
    (1, 'x_serial_number', 'Serial number', 'string', 40, ''),
    (2, 'x_units', 'Number of units', 'int', 0, '1'),
    (3, 'x_on_site', 'Visit needed', 'bool', 0, '0'),
    (4, 'x_quoted_price', 'Quoted price', 'decimal', 0, '0'),
    (5, 'x_installed', 'Installed', 'date', 0, ''),
    (6, 'x_measured', 'Last reading', 'datetime', 0, ''),
    (7, 'x_call_after', 'Call not before', 'time', 0, ''),
    (8, 'x_travel', 'Travel time', 'timespan', 0, '0');

-- languages: Norwegian 1, English 2; a customer without one gets the default
INSERT INTO registry (name, value) VALUES ('companyName', 'Lunvarm AS');
INSERT INTO reply_template_folder (id, parent_id, name) VALUES (1, -1, 'Answers');
INSERT INTO reply_template
    (id, folder_id, name, description, default_language, owned_by) VALUES
    (1, 1, 'Received', 'Thanks for a new request', 2, 2),
    (2, 1, 'Change', 'How an answer about a planned change begins', 2, 2);
INSERT INTO reply_template_body
    (id, reply_template_id, language_id, subject, plain, html, sms) VALUES
    (1, 1, 1, 'Vi har mottatt sak [[ticket.id]]',
     'Hei[[IF:customer.firstName!=""]] [[customer.firstName]][[ENDIF]]! Vi har mottatt «[[ticket.title]]» og svarer så snart vi kan. [[config.companyName]]',
     '<p>Hei[[IF:customer.firstName!=""]] [[customer.firstName]][[ENDIF]]!</p><p>Vi har mottatt «[[ticket.title]]» og svarer så snart vi kan.</p><p>[[config.companyName]]</p>',
     'Vi har mottatt sak [[ticket.id]].'),
    (2, 1, 2, 'We have received request [[ticket.id]]',
     'Hello[[IF:customer.firstName!=""]] [[customer.firstName]][[ENDIF]], we have received "[[ticket.title]]" and answer as soon as we can. [[config.companyName]]',
     '<p>Hello[[IF:customer.firstName!=""]] [[customer.firstName]][[ENDIF]],</p><p>we have received "[[ticket.title]]" and answer as soon as we can.</p><p>[[config.companyName]]</p>',
     'We have received request [[ticket.id]].'),
    (3, 2, 2, 'Your planned change', '',
     '<p>Hello[[IF:customer.firstName!=""]] [[customer.firstName]][[ENDIF]],</p><p>about the change of <b>[[ticket.title]]</b>:</p>',
     '');
UPDATE ticket_type SET reply_template = 2 WHERE ticket_type_id = 3;
