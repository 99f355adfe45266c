"""The report as one HTML page, which needs nothing but itself."""

from tfod_weights.report.page.page import html_page

__all__ = ["html_page"]
