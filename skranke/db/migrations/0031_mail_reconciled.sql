-- how many of the mails that the server holds are in the ledger, at the last comparison
ALTER TABLE mailbox_progress ADD COLUMN ledger_count integer;
