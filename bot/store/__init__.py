"""The only place with SQL. Modules here hold no business logic: what is asked comes in, rows as dataclasses go out."""
