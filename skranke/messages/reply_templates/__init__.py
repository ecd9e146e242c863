"""Texts that are ready, as agents fetch them: parsed templates and quick replies."""
