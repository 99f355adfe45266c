"""Do class weights help? Real trainings on two imbalanced data sets, repeated by one command.

arms and datasets say what is compared; bccd and digits (which scenes draws) make the records;
configs writes the config of a run, run trains and evaluates one, run_all all of them;
run_results keeps what they found, summary compares, tables writes docs/results.md.
"""
