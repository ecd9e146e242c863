"""`/api/v1/Archive`: every archive provider over REST."""

import re

from msgspec import to_builtins

from skranke.archive.carriers import ArchiveOptions, ArchiveRows, Row
from skranke.archive.metadata import metadata
from skranke.archive.odata import archive_rows
from skranke.archive.providers import PROVIDERS, Provider, columns_of, provider_of
from skranke.core.context import Permission, RequestContext
from skranke.core.errors import NotFound
from skranke.http.formats.scalars import shorten
from skranke.http.operation import resource

METADATA = "$metadata"
METADATA_SUFFIX = re.compile(r"\$metadata$", re.IGNORECASE)


@resource("GET", "/api/v1/Archive", permission=Permission.READ, name="GetProviderNames")
async def get_archive(context: RequestContext) -> ArchiveRows:
    """The names of the providers, and where each is found."""
    base = f"{context.base_url}/api/v1/Archive"
    names = sorted(provider.name for provider in PROVIDERS.values())
    return ArchiveRows(
        metadata=f"{base}/{METADATA}",
        value=[{"name": name, "url": f"{base}/{name}"} for name in names],
    )


@resource("GET", "/api/v1/Archive/$metadata", permission=Permission.READ, name="GetListMetadata")
async def get_archive_list_metadata(context: RequestContext) -> ArchiveRows:
    """The names of the providers, where the list of them says that its metadata is."""
    return await get_archive(context)


@resource("GET", "/api/v1/Archive/{provider_name}", permission=Permission.READ, name="GetArchive")
async def get_archive_rows(
    context: RequestContext, provider_name: str, options: ArchiveOptions
) -> Row:
    """Rows of a provider; its columns with `$metadata`, also at the name's end.

    NotFound names an unknown provider, BadValue the place of a wrong filter.
    """
    name = METADATA_SUFFIX.sub("", provider_name)
    return await _rows_or_metadata(context, name, options, described=name != provider_name)


@resource(
    "GET", "/api/v1/Archive/{provider_name}/{part}", permission=Permission.READ, name="GetMetadata"
)
async def get_archive_metadata(context: RequestContext, provider_name: str, part: str) -> Row:
    """The columns of a provider, under `$metadata`; NotFound for any other part."""
    if part.lower() != METADATA:
        raise NotFound(f"There is no {shorten(part)!r} of a provider.")
    return await _rows_or_metadata(context, provider_name, ArchiveOptions(), described=True)


@resource(
    "POST",
    "/api/v1/Archive/{provider_name}",
    permission=Permission.READ,
    bare=True,
    name="PostArchive",
)
async def post_archive(context: RequestContext, provider_name: str, options: ArchiveOptions) -> Row:
    """Rows of a provider, asked for in a form, which is as long as it must be."""
    return await _rows_or_metadata(context, provider_name, options, described=False)


async def _rows_or_metadata(
    context: RequestContext, name: str, options: ArchiveOptions, *, described: bool
) -> Row:
    provider = provider_of(name)
    if described or options.metadata:
        return metadata(await columns_of(context, provider))
    return to_builtins(await archive_rows(context, provider, address(provider), options))


def address(provider: Provider) -> str:
    """Where a provider is found."""
    return f"/api/v1/Archive/{provider.name}"
