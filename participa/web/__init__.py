"""What every page needs: templates, forms, refusals, paging, static files, error pages."""
