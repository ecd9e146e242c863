-- A customer's and a company's tickets, in the order in which lists have them: the busiest
-- ones have thousands, which were sorted for every page. (Saves look for a customer's
-- newest, by ticket_customer.)
CREATE INDEX ticket_customer_changed ON ticket
    (cust_id, coalesce(last_changed, '-infinity') DESC, id DESC);
DROP INDEX ticket_contact;
CREATE INDEX ticket_contact ON ticket
    (contact_id, coalesce(last_changed, '-infinity') DESC, id DESC);
