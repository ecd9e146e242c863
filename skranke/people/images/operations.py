"""Pictures of persons, as the Person agent has them: small PNG and JPEG files.

They are kept in the database, beside the person, and go with it.
"""

from skranke.core.context import Permission, RequestContext
from skranke.core.errors import BadValue, NotFound
from skranke.core.schema import Int32
from skranke.db.database import execute
from skranke.http.operation import operation
from skranke.people.persons.carriers import PersonImage

MAX_IMAGE_BYTES = 1024 * 1024
SIGNATURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
MAX_IMAGES = 100


@operation("Person", permission=Permission.READ, transaction=False)
async def create_default_person_image(context: RequestContext) -> PersonImage:
    """A blank image; nothing is saved."""
    return PersonImage()


@operation("Person", permission=Permission.READ, transaction=False)
async def get_person_image(context: RequestContext, person_id: Int32) -> bytes:
    """The picture of a person as it was stored; empty without one."""
    found = await _images(context, [person_id])
    return found.get(person_id, b"")


@operation("Person", permission=Permission.READ, transaction=False, lacks="images are not scaled")
async def get_person_images(
    context: RequestContext, person_ids: list[Int32], scaled_width: Int32, scaled_height: Int32
) -> list[PersonImage]:
    """The pictures of these persons as they were stored; those without one are left out."""
    if len(person_ids) > MAX_IMAGES:
        raise BadValue("PersonIds", f"has more than {MAX_IMAGES} ids")
    found = await _images(context, person_ids)
    return [PersonImage(person_id=i, image_data=found[i]) for i in person_ids if i in found]


@operation("Person", permission=Permission.WRITE)
async def set_person_image(context: RequestContext, person_id: Int32, image: bytes) -> None:
    """Store the picture of a person, PNG or JPEG of at most 1 MiB; an empty one removes it."""
    known = await context.db.fetchval(
        "SELECT true FROM person WHERE person_id = $1 AND deleted_date IS NULL FOR UPDATE",
        person_id,
    )
    if not known:
        raise NotFound(f"PersonEntity id {person_id} not found")
    if not image:
        await execute(context.db, "DELETE FROM person_image WHERE person_id = $1", person_id)
        return
    if len(image) > MAX_IMAGE_BYTES:
        raise BadValue("Image", f"is larger than {MAX_IMAGE_BYTES} bytes")
    if not any(image.startswith(signature) for signature in SIGNATURES):
        raise BadValue("Image", "is neither PNG nor JPEG")
    await execute(
        context.db,
        """
        INSERT INTO person_image (person_id, image) VALUES ($1, $2)
        ON CONFLICT (person_id) DO UPDATE SET image = excluded.image
        """,
        person_id,
        image,
    )


async def _images(context: RequestContext, person_ids: list[int]) -> dict[int, bytes]:
    found = await context.db.fetch(
        """
        SELECT person_id, image FROM person_image JOIN person USING (person_id)
        WHERE person_id = ANY ($1) AND deleted_date IS NULL
        """,
        person_ids,
    )
    return {record["person_id"]: record["image"] for record in found}
