"""The page of every finding of `tfod-weights check`, one file each."""
