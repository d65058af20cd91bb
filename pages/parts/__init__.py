"""What pages share: the workspace, a page's frame, charts, live progress."""
