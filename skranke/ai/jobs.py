"""Messages are understood, and the category model is trained."""

from skranke.ai import sql, training
from skranke.ai.analyze import analyze_message
from skranke.core.jobs.registry import background_task

MESSAGES = background_task("ai", order=93, due=sql.lease, next_due=sql.next_due)(analyze_message)
TRAINING = background_task("ai training", order=94, due=training.lease, next_due=training.next_due)(
    training.train
)
