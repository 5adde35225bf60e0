"""What happens to events, for the apps above that own them."""

from django.dispatch import Signal

#: An event is about to get another day, or to be called off. Sent inside the transaction with `event`, the locked
#: row, and `day`, the new one, None when it is called off; a receiver that must not let it happen raises
#: `ActionRefused`.
event_moving = Signal()
