"""The older query calls: segmentation, event and property counts, retention, frequency, activity."""
