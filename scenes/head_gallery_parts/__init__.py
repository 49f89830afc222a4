"""What only the clip `HeadGallery` needs."""
