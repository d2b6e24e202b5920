"""Singer mappers between Teamleader Focus and Exact Online: pure functions, no I/O."""

from teamleader_exactonline_mappers.light import import_sdk

import_sdk()
