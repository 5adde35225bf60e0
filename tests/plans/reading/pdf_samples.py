"""PDF files written by hand in the test: objects put one after another, with a cross-reference table."""

import zlib

HELVETICA = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
A4 = b"[0 0 595 842]"


def pdf(objects: dict[int, bytes], *, trailer: bytes = b"/Root 1 0 R") -> bytes:
    """Return a PDF with these objects; number 1 is the catalogue."""
    out = bytearray(b"%PDF-1.7\n")
    places: dict[int, int] = {}
    for number, content in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    last = max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % last
    for number in range(1, last):
        out += b"%010d 00000 %s \n" % (places.get(number, 0), b"n" if number in places else b"f")
    out += b"trailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (last, trailer, start)
    return bytes(out)


def stream(content: bytes, entries: bytes = b"", *, packed: bool = True) -> bytes:
    """Return a stream object."""
    if packed:
        content, entries = zlib.compress(content, 9), entries + b" /Filter /FlateDecode"
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), entries, content)


def page(contents: bytes, *, more: bytes = b"", catalog: bytes = b"", extra: dict[int, bytes] | None = None) -> bytes:
    """Return a PDF with one page that draws `contents` with the font /F; `more` goes into the page."""
    return pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog,
            2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            3: b"<< /Type /Page /Parent 2 0 R /MediaBox %s /Contents 4 0 R "
            b"/Resources << /Font << /F 5 0 R >> /XObject << /I 6 0 R >> >> %s >>" % (A4, more),
            4: stream(contents),
            5: HELVETICA,
            6: stream(b"\xff", b"/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray "
                      b"/BitsPerComponent 8"),
            **(extra or {}),
        }
    )  # fmt: skip


def pages(contents: list[bytes], sizes: bytes = A4) -> bytes:
    """Return a PDF with one page for each of `contents`."""
    objects = {1: b"<< /Type /Catalog /Pages 2 0 R >>", 3: HELVETICA}
    kids = []
    for index, content in enumerate(contents):
        number = 4 + 2 * index
        kids.append(b"%d 0 R" % number)
        objects[number] = (
            b"<< /Type /Page /Parent 2 0 R /MediaBox %s /Contents %d 0 R /Resources << /Font << /F 3 0 R >> >> >>"
            % (sizes, number + 1)
        )
        objects[number + 1] = stream(content)
    objects[2] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    return pdf(dict(sorted(objects.items())))


def words(*placed: tuple[float, float, str], size: float = 12) -> bytes:
    """Return drawing instructions for texts at x and y."""
    shown = (b"BT /F %g Tf 1 0 0 1 %g %g Tm (%s) Tj ET" % (size, x, y, text.encode("ascii")) for x, y, text in placed)
    return b"\n".join(shown)


def rows(*texts: str, x: float = 72, y: float = 760, step: float = 16, size: float = 12) -> bytes:
    """Return drawing instructions for texts below one another."""
    return words(*((x, y - step * index, text) for index, text in enumerate(texts)), size=size)


PICTURE = b"q 500 0 0 700 40 60 cm /I Do Q"
