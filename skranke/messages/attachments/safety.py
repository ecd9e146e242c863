"""Which files are safe to open, and how a file goes out so that no browser runs it."""

import mimetypes
import re

# what shows or stores something and runs nothing when it is opened
SAFE_EXTENSIONS = frozenset(
    {
        "avi",
        "bmp",
        "csv",
        "doc",
        "docx",
        "dot",
        "dotx",
        "eml",
        "gif",
        "heic",
        "heif",
        "ics",
        "jpeg",
        "jpg",
        "json",
        "log",
        "m4a",
        "md",
        "mov",
        "mp3",
        "mp4",
        "mpeg",
        "mpg",
        "msg",
        "odp",
        "ods",
        "odt",
        "ogg",
        "pdf",
        "png",
        "ppt",
        "pptx",
        "rtf",
        "tif",
        "tiff",
        "txt",
        "vcf",
        "wav",
        "webm",
        "webp",
        "wma",
        "wmv",
        "xls",
        "xlsx",
        "xml",
        "yaml",
        "yml",
        "zip",
    }
)
# what a browser may show by itself without running anything of it
DISPLAYABLE_TYPES = re.compile(
    r"image/(?:png|jpeg|gif|webp|bmp|tiff)|application/pdf|text/plain"
    r"|(?:audio|video)/[\w.+-]+"
)
CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
MAX_NAME_BYTES = 255
BINARY_TYPE = "application/octet-stream"


def is_safe(name: str) -> bool:
    """Whether a file of this name only shows something; without an extension it isn't.

    Source: IsSafeFileExtension of AttachmentEntity; the list is ours.
    """
    stem, dot, extension = name.rpartition(".")
    return bool(stem and dot) and extension.strip().lower() in SAFE_EXTENSIONS


def file_name(name: str) -> str:
    """A name without directories and control characters, of 255 characters at most."""
    bare = CONTROL_CHARACTERS.sub("", name).replace("\\", "/").rpartition("/")[2].strip()
    if len(bare) <= MAX_NAME_BYTES:
        return bare
    stem, dot, extension = bare.rpartition(".")
    keep = MAX_NAME_BYTES - len(dot) - len(extension)
    return stem[:keep] + dot + extension if keep > 0 else bare[:MAX_NAME_BYTES]


def guess_type(name: str) -> str:
    """The content type that a file's name suggests."""
    return mimetypes.guess_type(name)[0] or BINARY_TYPE


def safe_type(content_type: str) -> str:
    """The type to send a file as: its own where no browser runs it, else bytes."""
    bare = content_type.partition(";")[0].strip().lower()
    return bare if DISPLAYABLE_TYPES.fullmatch(bare) else BINARY_TYPE
