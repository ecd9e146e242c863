"""`/api/v1/TicketRelation`: relations between tickets over REST."""

from skranke.actions.relations import operations
from skranke.actions.relations.carriers import TicketRelationEntity
from skranke.core.context import Permission
from skranke.http.entity_resource import publish_entity

publish_entity(
    "TicketRelation",
    TicketRelationEntity,
    "ticket_relation_id",
    load=operations.get_ticket_relation_entity,
    create_default=operations.create_default_ticket_relation_entity,
    save=operations.save_ticket_relation_entity,
    delete=operations.delete_ticket_relation_entity,
    permission=Permission.WRITE,
)
