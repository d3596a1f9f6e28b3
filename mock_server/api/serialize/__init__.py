"""Records in, objects of the JSON API out: one file per object. Knows no request; decides nothing."""
