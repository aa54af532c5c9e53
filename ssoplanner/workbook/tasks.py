"""What workers do for imports: forget what was kept too long. No message asks for it, only their clock."""

from ssoplanner.recompute.timers import Timer
from ssoplanner.workbook.agencies.upload import remove_expired

EVERY_SECONDS = 600.0
timer = Timer("old imports", EVERY_SECONDS, remove_expired).with_worker()
