"""From words to ranked passages and moments, and names to keys. Asks store/ for rows; knows no reply."""
