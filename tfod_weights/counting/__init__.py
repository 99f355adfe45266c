"""Counting: TFRecord framing → Example wire walk → ClassCounts. Never imports TensorFlow."""
