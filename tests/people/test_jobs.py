"""Sessions and secrets that have run out leave the database by themselves."""

from datetime import timedelta

from skranke.db.database import Db
from skranke.people import jobs
from skranke.people.auth.sessions import open_session
from skranke.people.auth.tokens import issue_token
from tests.cast import ADA, ANNA, NOW, ContextOf

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LIVES = 2 * HOUR  # inactivityHours of a fresh desk


async def how_many(db: Db) -> tuple[int, int]:
    return (
        await db.fetchval("SELECT count(*) FROM login"),
        await db.fetchval("SELECT count(*) FROM credentials WHERE type <> 'password'"),
    )


async def test_an_idle_session_is_due_when_it_has_lived(db: Db, context_of: ContextOf):
    await open_session(db, ANNA.associate_id, NOW)
    assert await jobs.idle_sweep(db, NOW + LIVES - timedelta(seconds=1), 20, []) == []
    assert await jobs.idle_sweep(db, NOW + LIVES, 20, []) == [jobs.SWEEP_ID]
    assert await jobs.idle_sweep(db, NOW + LIVES, 20, [jobs.SWEEP_ID]) == []
    assert await jobs.next_idle_session(db, NOW) == NOW + LIVES
    assert await jobs.next_idle_session(db, NOW + LIVES) is None


async def test_idle_users_are_signed_out_and_the_others_stay(db: Db, context_of: ContextOf):
    await open_session(db, ANNA.associate_id, NOW)
    await open_session(db, ADA.associate_id, NOW + HOUR)
    await jobs.end_idle_sessions(context_of(ADA, now=NOW + LIVES), jobs.SWEEP_ID)
    assert await db.fetchval("SELECT associate_id FROM login") == ADA.associate_id


async def test_expired_secrets_go_and_lasting_ones_stay(db: Db, context_of: ContextOf):
    await issue_token(db, ANNA.associate_id, "token", NOW, days=1)
    await issue_token(db, ADA.associate_id, "token", NOW, days=None)
    await issue_token(db, ADA.associate_id, "ticket", NOW, days=2)
    before = await how_many(db)
    assert await jobs.expired_sweep(db, NOW + DAY / 2, 20, []) == []
    assert await jobs.next_expiry(db, NOW) == NOW + DAY
    assert await jobs.expired_sweep(db, NOW + DAY, 20, []) == [jobs.SWEEP_ID]
    await jobs.delete_expired_secrets(context_of(ADA, now=NOW + DAY), jobs.SWEEP_ID)
    assert await how_many(db) == (before[0], before[1] - 1)
    assert await jobs.next_expiry(db, NOW + DAY) == NOW + 2 * DAY
