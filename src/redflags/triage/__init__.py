"""What happens to alerts after a run: comparing runs, and repeating one."""
