"""English words, but the dates of the office: dd/mm/yyyy. Only the signs in numbers differ from Vietnamese."""

from doantracker.formats.vi.formats import *  # noqa: F403  # a formats module is a list of names

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
