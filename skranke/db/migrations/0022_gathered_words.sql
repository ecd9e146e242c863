-- The words of many documents go into the index together, by whoever writes them and
-- right after (finding.indexing): one by one they cost three times as much. So nothing
-- is pending for long, and no search has much of it to read.
ALTER INDEX search_document_words SET (fastupdate = on);
