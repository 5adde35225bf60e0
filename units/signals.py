"""What happened to units, for the apps above that keep copies."""

from django.dispatch import Signal

#: A unit stands elsewhere in the tree now. Sent inside the transaction, with `unit`, `old_path` and `new_path`;
#: receivers rewrite their copies of the path, set-based, for the unit and everything below it.
unit_moved = Signal()
