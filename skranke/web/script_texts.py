"""The texts that scripts show; a page carries their translations."""

SCRIPT_TEXTS = (
    "Draft saved {clock}",
    "Not saved yet",
    "Saving…",
    "Kept in this browser; the server can't be reached",
    "The connection is lost. What you write is kept; the page goes on by itself.",
    "Undo",
    "{n} selected",
    "{n} new tickets",
    "1 new ticket",
    "{name} is looking",
    "{name} is writing",
    "{name} wrote again after you began. Read it before you send.",
    "Send anyway",
    "The file is too large",
    "Something went wrong; nothing was saved",
    "Delete {n} tickets?",
    "Add a recipient first",
    "That is not an address",
    "Link address",
)
