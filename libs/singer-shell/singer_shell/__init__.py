"""What each plugin of this project does around the Singer SDK, once."""

from singer_shell.light import import_sdk

import_sdk()
