"""Write facts to disk and read them back. Build, commands and MkDocs come in; it imports facts and errors."""
