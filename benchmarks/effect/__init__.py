"""Do class weights help? Real trainings on two imbalanced data sets, repeated by one command.

arms and datasets say what is compared, bccd and digits (which scenes draws) make the records,
configs writes the config of a run, run is one of the runs, queue runs them all.
"""
