"""Singer tap for Teamleader Focus."""

import singer_shell as singer_shell  # first: it imports the SDK without what no plugin uses
