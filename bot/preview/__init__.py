"""A local page that speaks the same commands and shows the same replies as Discord would. Knows no corpus."""
