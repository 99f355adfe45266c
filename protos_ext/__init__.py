"""The schema extension: class_weights.proto and its compiled descriptor."""
