"""Request bodies, read within limits: bytes and forms."""

from python_multipart.multipart import parse_options_header
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from mock_server.domain.errors import EncodedBody, InvalidRequest, TooLarge
from mock_server.domain.text.charsets import check_charset
from mock_server.domain.text.parameters import Parameters, parameters_of, parse_parameters
from mock_server.domain.text.quoting import quoted
from mock_server.http.context import RequestContext

LARGEST_BODY = 1_000_000
"""In bytes."""


def encoded_body_error(context: RequestContext) -> EncodedBody | None:
    """The error for a compressed body; None for a plain one."""
    encoding = context.headers.get("content-encoding", "identity").strip()
    if encoding.casefold() == "identity":
        return None
    return EncodedBody(
        f"The body has the Content-Encoding {quoted(encoding)}, which this server does not support. Send it "
        "uncompressed, without Content-Encoding."
    )


def check_plain(context: RequestContext) -> None:
    """Check that the body is not compressed. Raises EncodedBody."""
    if (error := encoded_body_error(context)) is not None:
        raise error


async def read_body(context: RequestContext, *, largest: int = LARGEST_BODY) -> bytes:
    """The whole body. Raises TooLarge as soon as more than `largest` bytes have come, and EncodedBody."""
    check_plain(context)
    body = bytearray()
    try:
        async for chunk in context.request.stream():
            body += chunk
            if len(body) > largest:
                raise TooLarge(
                    f"The body is larger than {largest:,} bytes, more than any request here needs."
                )
    except ClientDisconnect as error:
        raise InvalidRequest("The connection ended before the whole body had come.") from error
    return bytes(body)


async def read_form(context: RequestContext, *, largest: int = LARGEST_BODY) -> Parameters:
    """The parameters of a urlencoded or multipart body; a body of any other type counts as empty."""
    media_type, options = parse_options_header(context.headers.get("content-type", ""))
    if media_type == b"application/x-www-form-urlencoded":
        return parse_parameters(await read_body(context, largest=largest))
    if media_type != b"multipart/form-data":
        return Parameters({})
    check_plain(context)
    check_charset(options.get(b"charset", b"utf-8").decode("latin-1"))
    if int(context.headers.get("content-length", 0)) > largest:
        raise TooLarge(f"The body is larger than {largest:,} bytes, more than any request here needs.")
    try:
        form = await context.request.form(max_files=0, max_fields=200, max_part_size=largest)
    except (HTTPException, ClientDisconnect) as error:
        raise InvalidRequest(
            "The multipart body cannot be read. Check its boundary and its parts."
        ) from error
    return parameters_of(
        (name, value) for name, value in form.multi_items() if not isinstance(value, UploadFile)
    )
