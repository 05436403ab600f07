"""What runs inside MkDocs: our large blocks pass it by, the data files join the site. Never imports torch or timm."""
