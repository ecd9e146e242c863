"""Text that is ready before it is needed: templates, quick replies, signatures."""
