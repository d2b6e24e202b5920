"""JSON Schema of the streams that the mappers put out."""
