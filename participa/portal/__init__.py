"""The pages that show several features together: home, a process, one's own words, the desk."""
