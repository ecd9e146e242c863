"""The sales and projects that tickets of the demo desk refer to."""

from datetime import datetime

from skranke.db.database import Db, execute


async def add_business(db: Db, now: datetime) -> None:
    """Write them, all begun before `now`."""
    await execute(db, PROJECTS, now)
    await execute(db, SALES, now)


PROJECTS = """
INSERT INTO project
    (project_id, name, description, project_number, type_idx, type, status_idx, status,
     associate_id, registered, updated, start_date, completed)
SELECT id, name, description, number, type_id, type, status_id, status, associate_id,
       $1::timestamptz - days * interval '24 hours',
       $1::timestamptz - days / 4 * interval '24 hours',
       $1::timestamptz - days / 2 * interval '24 hours',
       status_id = 3
FROM (VALUES
    (1, 'New outdoor units for Fjellheim', 'All units older than ten years',
     'P-1001', 1, 'Installation', 2, 'In progress', 4, 210),
    (2, 'Portal 3', 'Graphs, roles and alarms in one place',
     'P-1002', 2, 'Development', 2, 'In progress', 5, 330),
    (3, 'Quiet nights', 'Less noise from outdoor units in housing',
     'P-1003', 1, 'Installation', 1, 'Planned', 4, 60),
    (4, 'API version 2', 'Webhooks and a token page for integrators',
     'P-1004', 2, 'Development', 3, 'Completed', 5, 400),
    (5, 'Hot water for schools', 'Larger tanks at four schools',
     'P-1005', 1, 'Installation', 2, 'In progress', 8, 120)
) AS planned (id, name, description, number, type_id, type, status_id, status,
              associate_id, days)
"""

SALES = """
INSERT INTO sale
    (sale_id, heading, number1, description, contact_id, person_id, project_id,
     associate_id, amount, currency, probability, earning, earning_percent, saletype_id,
     saletype, status, done, saledate, registered)
SELECT id, heading, 'S-' || 2000 + id, description, contact_id, person_id, project_id,
       8, amount, currency, CASE status WHEN 2 THEN 100 WHEN 3 THEN 0 ELSE 40 END,
       amount * 0.22, 22, 1 + (project_id IS NOT NULL)::int,
       CASE WHEN project_id IS NULL THEN 'Single order' ELSE 'Installation' END,
       status, CASE status WHEN 1 THEN 2 WHEN 4 THEN 1 ELSE 3 END,
       $1::timestamptz - days / 3 * interval '24 hours',
       $1::timestamptz - days * interval '24 hours'
FROM (VALUES
    (1, 'Twelve outdoor units', 'With mounting', 3, 24, 1,
     840000, 'NOK', 2, 200),
    (2, 'Tanks for four schools', '500 litres each', 4, 35, 5,
     310000, 'SEK', 1, 90),
    (3, 'Thermostats for the east wing', 'Lunstyr 2, forty pieces', 2, 17, NULL,
     6400, 'GBP', 2, 150),
    (4, 'Service agreement, five buildings', 'Three years', 6, 51, NULL,
     27500, 'EUR', 1, 45),
    (5, 'Heat recovery for the dairy', 'Feasibility first', 5, 41, NULL,
     1200000, 'DKK', 4, 260),
    (6, 'Pump for the new bakery', 'Lun 16 Pro', 8, 65, NULL,
     18900, 'EUR', 1, 30),
    (7, 'Filters for a year', 'Quarterly delivery', 7, 60, NULL,
     2300, 'EUR', 2, 75),
    (8, 'Demo unit for integrators', 'On loan', 10, 74, 4,
     0, 'EUR', 3, 120)
) AS sold (id, heading, description, contact_id, person_id, project_id, amount,
           currency, status, days)
"""
