"""pipeline.config templates, one file each."""
