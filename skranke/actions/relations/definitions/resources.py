"""`/api/v1/TicketRelationDefinition`: the rules for relations over REST."""

from skranke.actions.relations.carriers import TicketRelationDefinitionEntity
from skranke.actions.relations.definitions import operations
from skranke.core.context import Permission
from skranke.http.entity_resource import publish_entity

publish_entity(
    "TicketRelationDefinition",
    TicketRelationDefinitionEntity,
    "ticket_relation_def_id",
    load=operations.get_ticket_relation_definition_entity,
    create_default=operations.create_default_ticket_relation_definition_entity,
    save=operations.save_ticket_relation_definition_entity,
    delete=operations.delete_ticket_relation_definition_entity,
    permission=Permission.ADMINISTER,
)
