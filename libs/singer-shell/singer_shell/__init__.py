"""What each plugin of this project does around the Singer SDK, once."""
