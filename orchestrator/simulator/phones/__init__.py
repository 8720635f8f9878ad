"""The phones page: three demo phones in the browser, and what just happened beside them."""
