-- Rows shaped as carriers, so that one statement can bring a ticket with everything
-- that hangs on it. Columns bear the wire's names in the wire's order.
CREATE VIEW wire_person AS
SELECT p.position AS "Position",
       p.person_id AS "PersonId",
       p.mrmrs AS "Mrmrs",
       p.firstname AS "Firstname",
       p.lastname AS "Lastname",
       p.middle_name AS "MiddleName",
       p.title AS "Title",
       p.description AS "Description",
       coalesce(e.email_address, '') AS "Email",
       concat_ws(' ', nullif(p.firstname, ''), nullif(p.middle_name, ''),
                 nullif(p.lastname, '')) AS "FullName",
       p.direct_phone AS "DirectPhone",
       concat_ws(' ', nullif(p.mrmrs, ''), nullif(p.firstname, ''),
                 nullif(p.middle_name, ''), nullif(p.lastname, '')) AS "FormalName",
       p.country_id AS "CountryId",
       coalesce(c.contact_id, 0) AS "ContactId",
       coalesce(c.name, '') AS "ContactName",
       p.retired AS "Retired",
       p.rank AS "Rank",
       0 AS "ActiveInterests",
       coalesce(c.department, '') AS "ContactDepartment",
       coalesce(c.country_id, 0) AS "ContactCountryId",
       coalesce(c.orgnr, '') AS "ContactOrgNr",
       p.fax_phone AS "FaxPhone",
       p.mobile_phone AS "MobilePhone",
       coalesce(c.phone, '') AS "ContactPhone",
       coalesce(a.name, '') AS "AssociateName",
       coalesce(a.associate_id, 0) AS "AssociateId",
       p.use_person_address AS "UsePersonAddress",
       coalesce(c.fax, '') AS "ContactFax",
       p.kanafname AS "Kanafname",
       p.kanalname AS "Kanalname",
       p.post1 AS "Post1",
       p.post2 AS "Post2",
       p.post3 AS "Post3",
       coalesce(e.description, '') AS "EmailName",
       concat_ws(', ', nullif(c.name, ''), nullif(c.department, '')) AS "ContactFullName",
       0 AS "ActiveErpLinks",
       p.ticket_priority_id AS "TicketPriorityId",
       p.support_language_id AS "SupportLanguageId",
       p.support_associate_id AS "SupportAssociateId",
       coalesce(c.category, '') AS "CategoryName",
       p.number1 AS "PersonNumber"
FROM person p
LEFT JOIN contact c USING (contact_id)
LEFT JOIN associate a USING (person_id)
LEFT JOIN LATERAL (SELECT email_address, description FROM email
                   WHERE email.person_id = p.person_id
                   ORDER BY rank, email_id LIMIT 1) e ON true;

CREATE VIEW wire_sale AS
SELECT coalesce(c.name, '') AS "ContactName",
       s.saledate AS "SaleDate",
       s.sale_id AS "SaleId",
       s.probability AS "Probability",
       s.heading AS "Title",
       s.amount AS "Amount",
       s.currency AS "Currency",
       coalesce(j.name, '') AS "ProjectName",
       coalesce(concat_ws(' ', nullif(o.firstname, ''), nullif(o.middle_name, ''),
                          nullif(o.lastname, '')), '') AS "AssociateFullName",
       s.description AS "Description",
       CASE s.status WHEN 1 THEN 'Open' WHEN 2 THEN 'Sold' WHEN 3 THEN 'Lost'
                     WHEN 4 THEN 'Stalled' ELSE 'Unknown' END AS "Status",
       s.amount * s.probability / 100 AS "WeightedAmount",
       coalesce(s.project_id, 0) AS "ProjectId",
       s.earning_percent AS "EarningPercent",
       s.earning AS "Earning",
       coalesce(s.contact_id, 0) AS "ContactId",
       coalesce(s.associate_id, 0) AS "AssociateId",
       coalesce(s.person_id, 0) AS "PersonId",
       s.saletype_id AS "SaleTypeId",
       s.saletype AS "SaleTypeName",
       coalesce(concat_ws(' ', nullif(p.firstname, ''), nullif(p.middle_name, ''),
                          nullif(p.lastname, '')), '') AS "PersonFullName",
       CASE s.done WHEN 1 THEN 'NotStarted' WHEN 2 THEN 'Started'
                   WHEN 3 THEN 'Completed' ELSE 'Unknown' END AS "Completed",
       0 AS "ActiveErpLinks",
       s.next_due_date AS "NextDueDate",
       s.number1 AS "Number"
FROM sale s
LEFT JOIN contact c USING (contact_id)
LEFT JOIN project j USING (project_id)
LEFT JOIN associate a ON a.associate_id = s.associate_id
LEFT JOIN person o ON o.person_id = a.person_id
LEFT JOIN person p ON p.person_id = s.person_id;

CREATE VIEW wire_project AS
SELECT j.project_id AS "ProjectId",
       j.name AS "Name",
       j.description AS "Description",
       j.url AS "URL",
       j.type AS "Type",
       coalesce(j.associate_id, 0) AS "AssociateId",
       coalesce(concat_ws(' ', nullif(o.firstname, ''), nullif(o.middle_name, ''),
                          nullif(o.lastname, '')), '') AS "AssociateFullName",
       j.type_idx AS "TypeId",
       j.updated AS "Updated",
       j.status_idx AS "StatusId",
       j.status AS "Status",
       0 AS "TextId",
       j.publish_to AS "PublishTo",
       j.publish_from AS "PublishFrom",
       j.is_published AS "IsPublished",
       j.url_name AS "URLName",
       j.project_number AS "ProjectNumber",
       0 AS "ActiveErpLinks",
       0 AS "EventId",
       j.start_date AS "StartDate"
FROM project j
LEFT JOIN associate a USING (associate_id)
LEFT JOIN person o USING (person_id);

-- ticket_id stands apart from the carrier: it is how a ticket finds its messages
CREATE VIEW wire_message AS
SELECT m.ticket_id, m.id, m.created_at, json_build_object(
       'TicketMessageId', m.id,
       'CreatedAt', m.created_at,
       'Slevel', CASE m.slevel WHEN 1 THEN 'Internal' WHEN 2 THEN 'External'
                               ELSE 'Unknown' END,
       'Important', m.important,
       'Author', m.author,
       'PersonId', coalesce(m.customer_id, 0),
       'PersonFullName', coalesce(
           concat_ws(' ', nullif(p.firstname, ''), nullif(p.middle_name, ''),
                     nullif(p.lastname, '')), ''),
       'ContactId', coalesce(c.contact_id, 0),
       'ContactName', coalesce(c.name, ''),
       'ContactDepartment', coalesce(c.department, ''),
       'NumAttachments', (SELECT count(*) FROM ticket_attachment a
                          WHERE a.message_id = m.id),
       'EmailHeader', m.email_header,
       'MessageHeaders', coalesce(
           (SELECT json_agg(json_build_object(
                       'Id', h.id, 'Name', h.name, 'Value', h.value,
                       'StdItem', h.std_item::text, 'StdItemCol', h.std_item_col::text)
                   ORDER BY h.id)
            FROM message_header h WHERE h.message_id = m.id), '[]'::json),
       'Language', m.language,
       'Sentiment', m.sentiment,
       'SentimentConfidence', m.sentiment_confidence,
       'CreatedBy', m.created_by,
       'ChangedAt', m.changed_at,
       'Badge', CASE m.badge WHEN 1 THEN 'Reply' WHEN 2 THEN 'Forward'
                             WHEN 3 THEN 'Comment' WHEN 4 THEN 'Incoming'
                             WHEN 5 THEN 'Outgoing' ELSE 'Unknown' END) AS carrier
FROM ej_message m
LEFT JOIN person p ON p.person_id = m.customer_id
LEFT JOIN contact c USING (contact_id);
