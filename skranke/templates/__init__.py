"""Reply templates, quick replies and signatures: text that is ready before it is needed."""
