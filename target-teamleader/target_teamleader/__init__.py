"""Singer target that registers in Teamleader Focus what was settled in Exact."""

import singer_shell as singer_shell  # first: it imports the SDK without what no plugin uses
