"""Singer tap for Exact Online."""

import singer_shell as singer_shell  # first: it imports the SDK without what no plugin uses
