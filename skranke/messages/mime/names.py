"""What a mail's files are called, where they say so and where they don't."""

from skranke.messages.attachments.safety import file_name

EXTENSIONS = {
    "application/ms-tnef": ".dat",
    "application/pdf": ".pdf",
    "application/pgp-encrypted": ".asc",
    "application/pgp-signature": ".asc",
    "application/pkcs7-mime": ".p7m",
    "application/zip": ".zip",
    "image/bmp": ".bmp",
    "image/gif": ".gif",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/tiff": ".tif",
    "image/webp": ".webp",
    "message/delivery-status": ".txt",
    "message/disposition-notification": ".txt",
    "message/rfc822": ".eml",
    "text/calendar": ".ics",
    "text/csv": ".csv",
    "text/html": ".html",
    "text/plain": ".txt",
    "text/rfc822-headers": ".txt",
    "text/vcard": ".vcf",
    "text/x-vcard": ".vcf",
}


def part_name(name: str, content_type: str, place: int) -> str:
    """A safe name for a file; `part-2.png` for the second file where none was said."""
    safe = file_name(" ".join(name.split()))
    return safe if safe.strip(". ") else f"part-{place + 1}{EXTENSIONS.get(content_type, '')}"
