"""What was told is forgotten at night. Source: the manual on notifications."""

from skranke.core.jobs.retention import purge_after

purge_after("forget notifications", order=40, table="notify", since="expires")
