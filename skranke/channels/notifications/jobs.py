"""What was told is forgotten at night. Source: the manual on notifications."""

from skranke.core.jobs.retention import forget

forget("forget notifications", order=40, table="notify", since="expires")
