"""What is wrong with a query's arguments, all of it at once, before anything is sent."""
