"""What users do with whole tickets: merge, split, delete, relate, bulk changes, saved views."""
