"""Who you are: Strava's sign-in, and where its tokens are kept."""
