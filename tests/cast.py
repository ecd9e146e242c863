"""The users of the tests, with their rows and their time.

Anna is an agent, Bo is her colleague in the same group, Sten is an agent of another group,
Rita may only read, and Ada administers. Kari is a customer of Fjord AS. These five users
settle every question of permissions.
"""

from collections.abc import Callable
from datetime import UTC, datetime

from skranke.core.base_locale import base_locale
from skranke.core.context import CurrentUser, Permission, RequestContext
from skranke.core.settings import Settings

# `context_of(ANNA)`: a request of hers at NOW; keywords replace any field of it
ContextOf = Callable[..., RequestContext]

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)  # a Monday morning
BASE_LOCALE = base_locale(Settings())  # of a user who requests no other

READER_PERMISSIONS = frozenset({Permission.ANYONE, Permission.SIGNED_IN, Permission.READ})
AGENT_PERMISSIONS = READER_PERMISSIONS | {Permission.WRITE}
ADA = CurrentUser(
    associate_id=2,
    ej_user_id=2,
    role_id=1,
    name="ada",
    full_name="Ada Admin",
    permissions=frozenset(Permission),
    group_ids=frozenset({1}),
)
ANNA = CurrentUser(
    associate_id=3,
    ej_user_id=3,
    role_id=2,
    name="anna",
    full_name="Anna Agent",
    permissions=AGENT_PERMISSIONS,
    group_ids=frozenset({1}),
)
BO = CurrentUser(
    associate_id=4,
    ej_user_id=4,
    role_id=2,
    name="bo",
    full_name="Bo Berg",
    permissions=AGENT_PERMISSIONS,
    group_ids=frozenset({1}),
)
STEN = CurrentUser(
    associate_id=5,
    ej_user_id=5,
    role_id=2,
    name="sten",
    full_name="Sten Strange",
    permissions=AGENT_PERMISSIONS,
    group_ids=frozenset({2}),
)
RITA = CurrentUser(
    associate_id=6,
    ej_user_id=6,
    role_id=3,
    name="rita",
    full_name="Rita Reads",
    permissions=READER_PERMISSIONS,
    group_ids=frozenset({1}),
)

CAST_SQL = """
INSERT INTO usergroup (usergroup_id, name) VALUES
    (1, 'First line'), (2, 'Back office');
INSERT INTO contact (contact_id, name) VALUES (1, 'Skranke'), (2, 'Fjord AS');
INSERT INTO person (person_id, contact_id, firstname, lastname) VALUES
    (2, 1, 'Ada', 'Admin'), (3, 1, 'Anna', 'Agent'), (4, 1, 'Bo', 'Berg'),
    (5, 1, 'Sten', 'Strange'), (6, 1, 'Rita', 'Reads'), (7, 2, 'Kari', 'Kunde'),
    (8, 2, 'Ola', 'Kunde');
INSERT INTO email (person_id, email_address) VALUES (7, 'kari@fjord.example');
INSERT INTO associate (associate_id, name, person_id, group_idx, role_id) VALUES
    (2, 'ada', 2, 1, 1), (3, 'anna', 3, 1, 2), (4, 'bo', 4, 1, 2),
    (5, 'sten', 5, 2, 2), (6, 'rita', 6, 1, 3);
INSERT INTO ejuser (id, associate_id) VALUES (2, 2), (3, 3), (4, 4), (5, 5), (6, 6);
INSERT INTO category_membership (category_id, user_id) VALUES (1, 3), (1, 4);
INSERT INTO ej_category (id, name, fullname, external_name, flags) VALUES
    (2, 'Payroll', 'Payroll', 'Payroll', 128);
INSERT INTO category_membership (category_id, user_id) VALUES (2, 3), (2, 4);
SELECT setval(pg_get_serial_sequence('person', 'person_id'), 100),
       setval(pg_get_serial_sequence('associate', 'associate_id'), 100),
       setval(pg_get_serial_sequence('contact', 'contact_id'), 100),
       setval(pg_get_serial_sequence('ejuser', 'id'), 100),
       setval(pg_get_serial_sequence('ej_category', 'id'), 100);
"""
