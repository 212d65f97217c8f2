"""A local page that speaks the same commands and shows the same replies as Discord would, and the corpus as read."""
