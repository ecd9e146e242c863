"""Why a ticket's deadline and times are what they are."""
