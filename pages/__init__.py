"""What people see: one thin file a page, ``shell.py`` around them, ``parts`` that they share."""
